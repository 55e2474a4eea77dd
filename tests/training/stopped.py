"""Train in a process of its own that kills itself at a given moment: `python stopped.py SETTINGS RUN MOMENT`."""

import json
import os
import signal
import sys
from pathlib import Path

import glimt.training.fit as loop
from glimt.training.read_config import parse
from glimt.training.train import train


def kill(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)


def main(settings, root, moment):
    count = iter(range(1, 10_000))

    def watch(step):
        if moment.isdigit() and next(count) == int(moment):
            kill()

    if moment == "before state":
        loop.write_state = kill
    train(parse(json.loads(Path(settings).read_text())), Path(root), watch=watch)


main(*sys.argv[1:])
