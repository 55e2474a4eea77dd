"""Augmentations, by name: whole pipelines as the papers (or their code) describe them. To add one: a line here.

A step is a frozen dataclass called with a sample and a random generator; it gives the changed sample. A pipeline is a
tuple of steps. Frame, label and points change together; values stay those of the frame, in [0, 1], before any
normalisation.
"""

AUGMENTATIONS = {
    "basicirstd": "glimt.data.augment.presets:basicirstd",
    "centre": "glimt.data.augment.presets:centre",
    "glimt": "glimt.data.augment.presets:glimt",
    "lesps": "glimt.data.augment.presets:lesps",
    "mshnet": "glimt.data.augment.presets:mshnet",
    "none": "glimt.data.augment.presets:none",
    "sctransnet": "glimt.data.augment.presets:sctransnet",
    "tda": "glimt.data.augment.presets:tda",
}
