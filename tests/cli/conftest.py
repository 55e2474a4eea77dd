import sys
from types import SimpleNamespace

import numpy as np
import pytest

from glimt.core.files import write_png, write_text


@pytest.fixture
def glimt(monkeypatch, capsys):
    """Run the command line in this process: `glimt("label", ...)` gives code, out and err."""

    def run(*arguments):
        from glimt.cli.main import main

        monkeypatch.setattr(sys, "argv", ["glimt", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code
        seen = capsys.readouterr()
        return SimpleNamespace(code=code, out=seen.out, err=seen.err)

    return run


@pytest.fixture
def small(tmp_path):
    """A dataset of three frames with one disk each, in the BasicIRSTD layout, and its points.csv."""
    root, lines = tmp_path / "small", ["image,row,col"]
    rows, cols = np.indices((40, 50))
    for i, (row, col) in enumerate([(12, 14), (25, 30), (20, 40)]):
        disk = (rows - row) ** 2 + (cols - col) ** 2 <= 6
        noise = np.random.default_rng(i).normal(0, 300, rows.shape)
        write_png(root / "images" / f"f{i}.png", (20000 + noise + 9000 * disk).astype(np.uint16))
        write_png(root / "masks" / f"f{i}.png", np.where(disk, np.uint8(255), np.uint8(0)))
        lines.append(f"f{i},{row},{col}")
    write_text(root / "img_idx" / "train_small.txt", "f0\nf1\n")
    write_text(root / "img_idx" / "test_small.txt", "f2\n")
    write_text(root / "points.csv", "\n".join(lines) + "\n")
    return root
