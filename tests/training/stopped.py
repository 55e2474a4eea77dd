"""Train in a process of its own that kills itself at a given moment: `python stopped.py SETTINGS RUN MOMENT`.

The moment is a number of training steps, "label N", "before state" or "settling".
"""

import json
import os
import signal
import sys
from pathlib import Path

import glimt.training.fit as loop
from glimt.data.labels import LabelFolder
from glimt.data.staged import StagedLabels
from glimt.training.read_config import parse
from glimt.training.train import train


def kill(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)


def kill_after(method, count, beside=""):
    """The method, which kills after its `count`-th call; only calls on a folder of that name count."""
    left = iter(range(1, 10_000))

    def act(self, *arguments):
        answer = method(self, *arguments)
        if beside in str(self.root) and next(left) == count:
            kill()
        return answer

    return act


def main(settings, root, moment):
    count = iter(range(1, 10_000))

    def watch(step):
        if moment.isdigit() and next(count) == int(moment):
            kill()

    if moment == "before state":
        loop.write_state = kill
    elif moment == "settling":
        settle = StagedLabels.settle

        def half(self):
            if any(self.beside):
                replace, moved = Path.replace, iter(range(10_000))
                Path.replace = lambda *arguments: kill() if next(moved) == 3 else replace(*arguments)
            settle(self)

        StagedLabels.settle = half
    elif moment.startswith("label"):
        LabelFolder.__setitem__ = kill_after(LabelFolder.__setitem__, int(moment.split()[1]), "labels-after")
    train(parse(json.loads(Path(settings).read_text())), Path(root), watch=watch)


main(*sys.argv[1:])
