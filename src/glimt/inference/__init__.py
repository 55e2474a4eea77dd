"""Apply what draws or detects to frames: label them from points, compare labelers."""
