"""The forms of `glimt evaluate`: two folders, a model on a dataset, a classical detector on a dataset."""

from collections.abc import Mapping
from typing import Any

GOES_WITH = {  # option -> the forms of the command that it belongs to
    "--frames": ("TRUE",),
    "--strict": ("TRUE",),
    **dict.fromkeys(("--network", "--tta", "--tile", "--pad", "--points", "--seed"), ("--checkpoint",)),
    **dict.fromkeys(("--masks", "--support"), ("--checkpoint",)),
    **dict.fromkeys(("--split", "--layout"), ("--checkpoint", "--detector")),
    "--set": ("--detector",),
}


def refuse_mixed(forms: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Raise OptionError unless one form is meant, and every option that was given belongs to it.

    `forms` are TRUE, --checkpoint and --detector, None where not given.
    """
    from glimt.core.errors import OptionError

    chosen = [name for name, value in forms.items() if value is not None]
    if not chosen:
        raise OptionError(
            "nothing to score against: give FOUND and TRUE, or DATASET with --checkpoint RUN or --detector NAME"
        )
    if len(chosen) > 1:
        first = chosen[0] if forms["TRUE"] is None else forms["TRUE"]
        why = "both find" if forms["TRUE"] is None else f"{chosen[1]} scores a dataset by its own masks"
        raise OptionError(f"{why}; leave {first} out, or {chosen[1]}")
    for name, value in asked.items():
        if value is not None and value is not False and chosen[0] not in GOES_WITH[name]:
            only = " or ".join(GOES_WITH[name])
            kind = f"does not go with {chosen[0]}" if only == "TRUE" else f"only goes with {only}"
            raise OptionError(f"{name} {kind}; leave it out")
