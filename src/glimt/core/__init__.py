"""The words every other part speaks: types, errors, catalogs, frames, targets, clutter."""
