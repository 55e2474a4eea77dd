"""Losses on logits, by name. To add one: write a file, add its line here.

A loss is a frozen dataclass of its constants. Called with the logits (B, 1, H, W), the target (B, 1 or 2, H, W) and the
progress of the training in [0, 1], it gives a number. The target's first channel is the label in [0, 1]. The second is
the frame in [0, 1]; it is there for a loss that says `needs_frame = True`.
"""

LOSSES = {
    "bce": "glimt.losses.bce:Bce",
    "dice": "glimt.losses.dice:Dice",
    "focal": "glimt.losses.focal:Focal",
    "focal_cornernet": "glimt.losses.focal:FocalCornernet",
    "sls": "glimt.losses.sls:Sls",
    "soft_iou": "glimt.losses.soft_iou:SoftIou",
    "tda": "glimt.losses.tda:Tda",
    "tversky": "glimt.losses.tversky:Tversky",
}
