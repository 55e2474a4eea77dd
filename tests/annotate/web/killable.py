"""A server that is there to be killed: it prints its port, then forks a fresh one for each line it reads.

The socket is the parent's, so a killed server's successor answers at the same address. Loading once keeps fifty cheap.
"""

import os
import sys
from pathlib import Path

from glimt.annotate.project import open_project
from glimt.annotate.web.desk import Desk
from glimt.annotate.web.generators import offered
from glimt.annotate.web.serve import open_door, serve


def main(folder):
    door = open_door(port=0, token="secret")
    say(f"port {door.rules.port}")
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            project = open_project(folder)
            serve(Desk(project, offered(project.labelers), "ann"), door, lambda: None)
            os._exit(0)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("killed")


def say(line):
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
