"""Train a network: one loop for every task and recipe. Here the optimizers and the schedules, by name."""

OPTIMIZERS = {
    "adagrad": "glimt.training.optimizers:Adagrad",
    "adam": "glimt.training.optimizers:Adam",
    "adamw": "glimt.training.optimizers:AdamW",
    "sgd": "glimt.training.optimizers:Sgd",
}

SCHEDULES = {
    "constant": "glimt.training.schedules:Constant",
    "cosine": "glimt.training.schedules:Cosine",
    "multistep": "glimt.training.schedules:MultiStep",
    "poly": "glimt.training.schedules:Poly",
}
