"""One rank of a training: `torchrun ... ranked.py SETTINGS RUN`."""

import json
import sys
from pathlib import Path

import torch

from glimt.training.read_config import parse
from glimt.training.train import train


def main(settings, root):
    torch.set_num_threads(1)
    train(parse(json.loads(Path(settings).read_text())), Path(root))
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


main(*sys.argv[1:])
