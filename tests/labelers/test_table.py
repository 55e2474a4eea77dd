import csv
import io

import numpy as np

from glimt.core.clutter import boundary_ratio, clutter
from glimt.labelers.labeler import Drawing
from glimt.labelers.table import LabelRow, review_list, rows_of, to_csv


def one_square():
    """A 3x3 square of 0.8 around (10, 12), one corner at 0.5, on a checkerboard of 0.2 and 0.3."""
    rows, cols = np.indices((30, 30))
    image = np.where((rows + cols) % 2, 0.2, 0.3)
    image[9:12, 11:14] = 0.8
    image[9, 11] = 0.5
    instances = np.zeros((30, 30), np.int32)
    instances[9:12, 11:14] = 1
    return image.astype(np.float32), instances


def test_a_row_holds_what_can_be_worked_by_hand():
    """Area 9, centroid (10, 12), radius sqrt(9 / pi). Mean inside (8 * 0.8 + 0.5) / 9 = 0.7667; around it 0.25 +- 0.05
    on a board with as many of each (but for one pixel in 891): SCR = 0.5167 / 0.05 = 10.33.
    """
    image, instances = one_square()
    (row,) = rows_of("a", image, np.array([[10.0, 12.0]]), Drawing(instances, np.array([0.5]), np.array([1])))
    assert (row.image, row.target, row.area, row.row, row.col, row.polarity) == ("a", 1, 9, 10.0, 12.0, 1)
    assert row.radius == np.sqrt(9 / np.pi)
    assert abs(row.scr - 10.333) < 0.02
    assert row.rho == boundary_ratio(clutter(image, instances, 1))[0]


def test_csv_has_one_line_a_point_and_reads_back():
    image, instances = one_square()
    rows = rows_of("a,b", image, np.array([[10.0, 12.0]]), Drawing(instances, np.array([0.5]), np.array([1])))
    lines = list(csv.DictReader(io.StringIO(to_csv(rows))))
    assert len(lines) == 1
    assert lines[0]["image"] == "a,b"
    assert float(lines[0]["quality"]) == 0.5
    assert tuple(lines[0]) == LabelRow._fields


def test_review_lists_the_most_doubtful_masks_first():
    def row(name, **values):
        fields = {"area": 9, "rho": 3.0, "quality": 0.9} | values
        return LabelRow(name, 1, 0.0, 0.0, fields["area"], 0.0, 0.0, 1.7, 5.0, fields["rho"], 1, fields["quality"])

    rows = [
        row("sure"),
        row("torn", quality=0.3),
        row("speck", area=1),
        row("faint", rho=0.4),
        row("unknown", quality=np.nan),
    ]
    assert [r.image for r in review_list(rows, 4)] == ["speck", "unknown", "torn", "faint"]
