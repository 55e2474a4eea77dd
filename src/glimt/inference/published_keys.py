"""How the published files name the parts of our networks."""

import re
from functools import cache

LESPS = {
    "stem.1": "stem.1.0",
    "stem.2": "stem.1.1",
    "stem.4": "stem.2.0",
    "stem.5": "stem.2.1",
    "stem.7": "stem.3.0",
    "stem.8": "stem.3.1",
    "layer1": "down.0",
    "layer2": "down.1",
    "layer3": "down.2",
    "conv1": "body.0.0",
    "bn1": "body.0.1",
    "conv2": "body.1.0",
    "bn2": "body.1.1",
    "downsample": "past",
    "deconv2": "larger.0",
    "deconv1": "larger.1",
    "topdown.1": "down.0.0",
    "topdown.2": "down.0.1",
    "topdown.4": "down.1.0",
    "topdown.5": "down.1.1",
    "bottomup.0": "up.0.0",
    "bottomup.1": "up.0.1",
    "bottomup.3": "up.1.0",
    "bottomup.4": "up.1.1",
    "post": "after",
    "head.block.0": "before_head.0.0",
    "head.block.1": "before_head.0.1",
    "head.block.4": "head",
}

KEYS = {
    "acm": LESPS | {"fuse2": "fuse.0", "fuse1": "fuse.1", "uplayer2": "up.0", "uplayer1": "up.1"},
    "alcnet_lesps": LESPS
    | {
        "fuse23": "fuse.0",
        "fuse12": "fuse.1",
        "uplayer2": "unused.0",
        "uplayer1": "unused.1",
        "deconv0": "enlarge",
    },
}


def ours(key: str, network: str) -> str:
    """A published key as our network spells it."""
    return words(network).sub(lambda found: KEYS[network][found[0]], key)


@cache
def words(network: str) -> re.Pattern[str]:
    """Every published part that is spelled otherwise, as whole words between dots."""
    return re.compile(rf"(?<![^.])(?:{'|'.join(map(re.escape, KEYS[network]))})(?![^.])")
