"""Put together again a zip whose end was lost: only its list of members stands there, the members are whole."""

import struct
import zipfile
import zlib


def whole(source, target):
    """Write the members of `source` to `target`; each stands uncompressed and is held against its own checksum."""
    data = source.read_bytes()
    at = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        while data[at : at + 4] == b"PK\3\4":
            name_size, extra_size = struct.unpack("<HH", data[at + 26 : at + 30])
            start = at + 30 + name_size + extra_size
            end = end_of(data, start)
            out.writestr(data[at + 30 : at + 30 + name_size].decode(), data[start:end])
            at = end + 16
    return target


def end_of(data, start):
    """Where the checksum and the size behind a member are those of the member."""
    end = data.index(b"PK\7\10", start)
    while struct.unpack("<III", data[end + 4 : end + 16]) != (zlib.crc32(data[start:end]), end - start, end - start):
        end = data.index(b"PK\7\10", end + 1)
    return end
