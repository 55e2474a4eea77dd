"""`glimt annotate` as a person starts it: a process of its own, and the address that it prints."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A server that runs, what it said before the address, and the address with the token."""

    process: subprocess.Popen
    said: str
    address: str

    @property
    def base(self):
        return self.address.partition("/?token=")[0]

    @property
    def port(self):
        return int(self.base.rpartition(":")[2])

    def resident(self, field="VmRSS"):
        """Bytes of memory that it holds now."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(field))

    def most_resident(self):
        """Bytes of memory that it held at most."""
        return self.resident("VmHWM")

    def stop(self):
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=60)[1]
        assert self.process.returncode == 0, said
        return said

    def kill(self):
        """No time for a last word."""
        self.process.kill()
        self.process.communicate()


def start(*arguments, port=0):
    command = [sys.executable, "-m", "glimt", "annotate", *map(str, arguments), "--port", str(port), "--no-browser"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    lines = []
    for line in process.stderr:
        lines.append(line)
        if found := re.search(r"http://\S+", line):
            return Served(process, "".join(lines), found[0])
    process.communicate()
    raise AssertionError("".join(lines))


def asked(address, path, method="GET", body=None, **headers):
    """An answer of the API, as the page asks for it."""
    data = None if body is None else json.dumps(body).encode()
    return json.loads(fetched(address, path, method, data, **headers))


def fetched(address, path, method="GET", data=None, **headers):
    """The same in bytes."""
    base, token = address.split("/?token=")
    headers = {"cookie": f"glimt-{base.rpartition(':')[2]}={token}", "content-type": "application/json"} | headers
    request = urllib.request.Request(f"{base}/api/v1{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()
