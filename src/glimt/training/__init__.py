"""Train a network: one loop for every task and recipe, its runs, checkpoints and configs."""
