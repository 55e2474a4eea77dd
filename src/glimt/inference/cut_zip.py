"""Read a file of torch that lost its end in a transfer: a zip's list of members stands there, the members may be whole.

Nothing is guessed: every member is held against its own checksum, and the list must have begun, so none is missing.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

MEMBER, AFTER, LIST = b"PK\3\4", b"PK\7\x08", b"PK\1\2"  # what begins a member, what follows it, what begins the list
HEAD, TAIL = 30, 16  # bytes of the fixed part before a member's name, and of the checksum and sizes behind it


def rebuilt(path: Path) -> io.BytesIO | None:
    """The same members under a new list, in memory; None where the file is no cut zip or a member is not whole."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path) or not data.startswith(MEMBER):
        return None
    out, at = io.BytesIO(), 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
        while data.startswith(MEMBER, at):
            member = read_member(data, at)
            if member is None:
                return None
            name, content, at = member
            copy.writestr(name, content)
    out.seek(0)
    return out if data.startswith(LIST, at) else None


def read_member(data: bytes, at: int) -> tuple[str, bytes, int] | None:
    """Name and content of the member at `at`, and where the next one begins; None where it is not whole."""
    if len(data) < at + HEAD:
        return None
    name, extra = struct.unpack_from("<HH", data, at + 26)
    start = at + HEAD + name + extra
    end = data.find(AFTER, start)
    while end >= 0 and not whole(data, start, end):
        end = data.find(AFTER, end + 1)
    if end < 0:
        return None
    return data[at + HEAD : at + HEAD + name].decode("utf-8", "replace"), data[start:end], end + TAIL


def whole(data: bytes, start: int, end: int) -> bool:
    """Whether the checksum and the sizes behind a member, stored as it is, are its own."""
    if len(data) < end + TAIL:
        return False
    checksum, *sizes = struct.unpack_from("<III", data, end + 4)
    return sizes == [end - start] * 2 and checksum == zlib.crc32(data[start:end])
