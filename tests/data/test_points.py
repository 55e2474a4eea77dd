import cv2
import numpy as np
import pytest
from data.tree import SHAPE, coco, dump, labelme, png, spot, text

from glimt.core.errors import DataError, OptionError
from glimt.core.frames import read_mask
from glimt.core.targets import label
from glimt.data.dataset import open_dataset
from glimt.data.points import (
    POINT_KINDS,
    one_pixel_mask,
    points_from_mask,
    points_inside,
    read_points,
    shifted,
    write_points,
)

A = {"id": 1, "file_name": "a.png", "height": 12, "width": 20}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def drawn(*rows):
    return np.array([[pixel == "#" for pixel in row] for row in rows])


L_AND_BAR = drawn(
    "......##",
    "#.......",
    "#.......",
    "##......",
)


def test_centroids_are_rounded_and_in_raster_order(rng):
    """By hand: the bar's mean is (0, 6.5), halves go to the even 6; the L's is (2.25, 0.25)."""
    assert points_from_mask(L_AND_BAR, "centroid", rng).tolist() == [[0, 6], [2, 0]]


def test_floor_truncates_as_lesps_does(rng):
    assert points_from_mask(drawn("....", ".##.", ".##."), "centroid", rng).tolist() == [[2, 2]]  # mean (1.5, 1.5)
    assert points_from_mask(drawn("....", ".##.", ".##."), "floor", rng).tolist() == [[1, 1]]


@pytest.mark.parametrize("kind", ["coarse", "interior", "boundary"])
def test_random_clicks_lie_in_their_own_target(kind, rng):
    labels, count = label(L_AND_BAR)
    for _ in range(50):
        rows, cols = points_from_mask(L_AND_BAR, kind, rng).astype(int).T
        assert labels[rows, cols].tolist() == list(range(1, count + 1))


def test_interior_clicks_are_uniform(rng):
    """Oracle: 4000 draws over the L's four pixels give 1000 each, with a spread of sqrt(4000 * 1/4 * 3/4) = 27."""
    places = [tuple(points_from_mask(L_AND_BAR, "interior", rng)[1]) for _ in range(4000)]
    counts = [places.count(place) for place in ((1, 0), (2, 0), (3, 0), (3, 1))]
    assert sum(counts) == 4000
    assert np.abs(np.array(counts) - 1000).max() < 4 * 27


def test_boundary_clicks_are_the_pixels_an_erosion_takes_away(rng):
    """Oracle: the mask less its erosion with a cross, outside counting as background."""
    mask = np.zeros((9, 9), bool)
    mask[0:6, 2:8] = True
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    eroded = cv2.erode(mask.astype(np.uint8), cross, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    rim = {tuple(place) for place in np.argwhere(mask & (eroded == 0)).tolist()}
    assert {tuple(points_from_mask(mask, "boundary", rng)[0].astype(int).tolist()) for _ in range(600)} == rim


def test_coarse_clicks_spread_by_an_eighth_of_the_box(rng):
    """A box of 40 x 80: sigma is 5 rows and 10 cols (LESPS); flooring takes half a pixel off the mean."""
    mask = np.zeros((100, 140), bool)
    mask[30:70, 30:110] = True
    clicks = np.concatenate([points_from_mask(mask, "coarse", rng) for _ in range(3000)])
    assert clicks.mean(axis=0) == pytest.approx([49.5 - 0.5, 69.5 - 0.5], abs=0.6)
    assert clicks.std(axis=0) == pytest.approx([5, 10], rel=0.05)


def test_coarse_clicks_of_a_single_pixel_are_that_pixel(rng):
    assert points_from_mask(drawn("...", "..#"), "coarse", rng).tolist() == [[1, 2]]


def test_coarse_clicks_of_a_huge_ring_still_end(rng):
    rows, cols = np.ogrid[:201, :201]
    mask = np.abs(np.hypot(rows - 100, cols - 100) - 99) < 0.8
    ((row, col),) = points_from_mask(mask, "coarse", rng).astype(int)
    assert mask[row, col]


def test_coarse_clicks_near_the_rim_are_clipped_to_the_frame(rng):
    """A one-row target at the top: half of the draws fall above the frame, and are clipped to row 0."""
    mask = np.zeros((6, 30), bool)
    mask[0, 5:25] = True
    clicks = np.concatenate([points_from_mask(mask, "coarse", rng) for _ in range(500)])
    assert (clicks[:, 0] == 0).all()
    assert clicks[:, 1].std() == pytest.approx(20 / 8, rel=0.1)


def test_a_click_may_lie_so_many_pixels_off_and_stays_in_the_frame(rng):
    mask = np.zeros((40, 40), bool)
    mask[20, 20] = mask[0, 39] = True
    drawn = np.array([points_from_mask(mask, "offset-4", rng) for _ in range(50)])
    distances = np.linalg.norm(drawn[:, 1] - [20, 20], axis=1)
    assert np.abs(distances - 4).max() <= np.sqrt(0.5)  # what rounding to a pixel may add
    assert len(np.unique(drawn[:, 1], axis=0)) > 5
    assert drawn[:, 0].min() >= 0
    assert drawn[:, 0].max() <= 39
    assert points_from_mask(mask, "offset-0", rng).tolist() == points_from_mask(mask, "centroid", rng).tolist()
    with pytest.raises(OptionError, match=r"known: .*offset-PX"):
        points_from_mask(mask, "offset", rng)


@pytest.mark.parametrize("kind", POINT_KINDS)
def test_no_target_gives_no_point(kind, rng):
    assert points_from_mask(np.zeros((4, 5), bool), kind, rng).shape == (0, 2)


@pytest.mark.parametrize("kind", POINT_KINDS)
def test_a_seed_gives_the_same_clicks_again(kind):
    masks = [np.random.default_rng(i).random((40, 50)) < 0.05 for i in range(3)]
    both = [
        [points_from_mask(mask, kind, rng).tolist() for mask in masks] for rng in map(np.random.default_rng, (7, 7))
    ]
    assert both[0] == both[1]


def test_an_unknown_kind_is_suggested(rng):
    with pytest.raises(OptionError, match="did you mean 'boundary'"):
        points_from_mask(L_AND_BAR, "boundry", rng)
    with pytest.raises(OptionError, match=r"no point kind 'center'.*known: centroid, floor, coarse"):
        points_from_mask(L_AND_BAR, "center", rng)


def test_shifted_points_are_about_that_far_away_and_stay_inside(rng):
    points = np.tile([50.0, 60.0], (500, 1))
    moved = shifted(points, 6, rng)
    assert np.abs(np.linalg.norm(moved - points, axis=1) - 6).max() <= 2**0.5 / 2  # rounded to a pixel
    assert np.abs((moved - points).mean(axis=0)).max() < 1
    assert (shifted(np.zeros((500, 2)), 6, rng, (4, 5)).max(axis=0) == [3, 4]).all()
    assert np.array_equal(shifted(points, 0, rng), points)


def test_points_are_written_and_read_back_exactly(tmp_path):
    points = {
        "Misc_1": np.array([[12.0, 40.0], [0.1 + 0.2, 1e-7]]),
        "44/1(814)": np.array([[3.25, 7.0]]),
        'a, "b"': np.array([[1.0, 2.0]]),
    }
    write_points(tmp_path / "points.csv", points)
    found = read_points(tmp_path / "points.csv")
    assert list(found) == list(points)
    assert all(np.array_equal(found[id], points[id]) for id in points)
    assert (tmp_path / "points.csv").read_text().splitlines()[:2] == ["image,row,col", "Misc_1,12,40"]


def test_a_csv_by_other_hands_is_read(tmp_path):
    path = text(tmp_path / "p.csv", "\ufeffcol, row ,note,image\r\n7, 3 ,x,Misc_1.png\r\n\r\n8,4,,sub\\b.bmp\r\n")
    found = read_points(path)
    assert {id: places.tolist() for id, places in found.items()} == {"Misc_1": [[3, 7]], "sub/b": [[4, 8]]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("image,x,y\na,1,2\n", "line 1: no column row, col; the header is image,x,y"),
        ("", "line 1: no column image, row, col; the header is nothing"),
        ("image,row,col\n", "holds no point"),
        ("image,row,col\na,1,2\na,x,2\n", "line 3: row 'x' is no number"),
        ("image,row,col\na,1\n", "line 2: col None is no number"),
        ("image,row,col\na,1,-2\n", "line 2: col -2 is no place; rows and cols count from 0"),
        ("image,row,col\na,nan,2\n", "line 2: row nan is no place"),
        ("image,row,col\na,1,inf\n", "line 2: col inf is no place"),
        ("image,row,col\n,1,2\n", "line 2: no image is named"),
        ("image,row,col\na,1,2\nb,1,2\na,1.0,2\n", r"lines 2 and 4: a has the point \(row 1, col 2\) twice"),
        ("image,row,col\n/,1,2\n", "line 2: no image is named"),
        ("image,row,col\na,1,2\n" + "b" * 200_000 + ",1,2\n", "line 3: field larger than field limit"),
        (b"\xff\xfe\x00", "it is no text in UTF-8"),
    ],
)
def test_bad_csv_names_the_line(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read_points(text(tmp_path / "points.csv", content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"cannot read the points .*none\.csv: No such file"):
        read_points(tmp_path / "none.csv")


def test_one_pixel_masks_are_points(tmp_path):
    png(tmp_path / "Misc_1.png", one_pixel_mask(np.array([[3.0, 7], [9, 2]]), SHAPE, "x").astype(np.uint8) * 255)
    png(tmp_path / "sub/b.png", np.zeros(SHAPE, np.uint8))
    found = read_points(tmp_path)
    assert found["Misc_1"].tolist() == [[3, 7], [9, 2]]
    assert found["sub/b"].shape == (0, 2)


def test_clicks_side_by_side_stay_two(tmp_path):
    png(tmp_path / "a.png", spot(3, 5, 1, 2))
    assert read_points(tmp_path)["a"].tolist() == [[3, 5], [3, 6]]


def test_whole_masks_are_no_points(tmp_path):
    png(tmp_path / "a.png", spot())
    with pytest.raises(DataError, match=r"a\.png is no one-pixel mask: a blob has 6 pixels; draw clicks"):
        read_points(tmp_path)


def test_a_folder_without_points_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no points"):
        read_points(tmp_path)


def test_coco_keypoints_come_before_boxes(tmp_path):
    """A keypoint (x, y) = (6, 4) is pixel (4, 6); a box from x 5 to 8, y 3 to 5 has its middle at pixel (3.5, 6)."""
    both = {"id": 1, "image_id": 1, "bbox": [5, 3, 3, 2]}
    path = coco(tmp_path, [A], [both])
    assert read_points(path)["a"].tolist() == [[3.5, 6]]
    coco(tmp_path, [A], [both | {"keypoints": [6, 4, 2, 0, 0, 0]}])
    assert read_points(path)["a"].tolist() == [[4, 6]]
    coco(tmp_path, [A], [{"id": 1, "image_id": 1}])
    with pytest.raises(DataError, match="holds no point, no box and no region"):
        read_points(path)


def test_labelme_points_are_half_a_pixel_off_the_canvas(tmp_path):
    png(tmp_path / "a.png")
    path = dump(tmp_path / "a.json", labelme(("point", [[6.5, 4.5]]), ("point", [[1.0, 1.0]])))
    assert read_points(path)["a"].tolist() == [[4, 6], [0.5, 0.5]]
    assert read_points(tmp_path)["a"].tolist() == [[4, 6], [0.5, 0.5]]


def test_coco_regions_without_boxes_give_their_centroids(tmp_path):
    """By hand: runs go down the columns: pixels (5, 0), (6, 0), (7, 0) and (0, 1), which average (4.5, 0.25)."""
    run_lengths = {"size": [12, 20], "counts": [5, 3, 4, 1, 227]}
    path = coco(tmp_path, [A], [{"id": 1, "image_id": 1, "segmentation": run_lengths}])
    assert read_points(path)["a"].tolist() == [[4, 0]]
    coco(tmp_path, [A], [{"id": 1, "image_id": 1, "segmentation": {"size": [12, 20], "counts": [240]}}])
    with pytest.raises(DataError, match=r"a has the point \(row nan, col nan\), which is no place"):
        read_points(path)


@pytest.mark.parametrize(
    ("keypoints", "message"),
    [
        ([[-3, 2, 2]], r"instances\.json: a has the point \(row 2, col -3\), which is no place; rows and cols count"),
        ([[3, float("nan"), 2]], "row nan, col 3.*is no place"),
        ([[3, float("inf"), 2]], "row inf, col 3.*is no place"),
        ([[3, 2, 2], [4, 2, 2], [3, 2, 1]], r"a has the point \(row 2, col 3\) twice"),
    ],
)
def test_annotated_points_are_checked_like_those_of_a_csv(tmp_path, keypoints, message):
    annotations = [{"id": i, "image_id": 1, "keypoints": one} for i, one in enumerate(keypoints)]
    with pytest.raises(DataError, match=message):
        read_points(coco(tmp_path, [A], annotations))


def test_a_target_without_its_point_is_not_lost_in_silence(tmp_path):
    png(tmp_path / "a.png")
    shapes = ("point", [[6.5, 4.5]]), ("rectangle", [[5, 3], [8, 5]]), ("rectangle", [[1, 1], [3, 3]])
    with pytest.raises(DataError, match=r"a has 2 targets and 1 points; give each target a point, or none at all"):
        read_points(dump(tmp_path / "a.json", labelme(*shapes)))


def test_a_strange_json_is_refused(tmp_path):
    with pytest.raises(DataError, match="neither COCO"):
        read_points(dump(tmp_path / "a.json", {"clicks": []}))


@pytest.mark.parametrize(
    ("content", "message"),
    [('{"images": [', r"Expecting value: line 1 column 13"), ("[1, 2]", "this one holds a list")],
)
def test_a_damaged_json_names_what_is_wrong(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read_points(text(tmp_path / "a.json", content))


def test_a_missing_json_is_named(tmp_path):
    with pytest.raises(DataError, match=r"cannot read the annotations .*none\.json"):
        read_points(tmp_path / "none.json")


@pytest.mark.parametrize(("row", "col"), [(-0.6, 3), (3, 20), (11.6, 0), (0, np.nan)])
def test_a_point_outside_names_the_frame(row, col):
    points_inside(np.array([[11.4, 19.4], [-0.4, 0]]), SHAPE, "a")
    with pytest.raises(DataError, match=r"a: point .* is outside the frame of 12 rows x 20 cols"):
        points_inside(np.array([[1.0, 1], [row, col]]), SHAPE, "a")


def test_two_points_on_one_pixel_make_no_mask():
    with pytest.raises(DataError, match="two of its 2 points lie on one pixel"):
        one_pixel_mask(np.array([[1.0, 1.0], [1.2, 0.9]]), SHAPE, "a")


@pytest.mark.real
def test_clicks_lie_in_the_targets_they_were_drawn_from(sirst, rng):
    """All 533 targets of SIRST. Only truncation may leave a target: three of them bend around their centroid."""
    missed = dict.fromkeys(POINT_KINDS, 0)
    total = 0
    for record in open_dataset(sirst).records(None):
        mask = read_mask(record.mask)
        labels, count = label(mask)
        total += count
        for kind in POINT_KINDS:
            rows, cols = points_from_mask(mask, kind, rng).astype(int).T
            missed[kind] += int((labels[rows, cols] != np.arange(1, count + 1)).sum())
    assert total == 533
    assert missed == {"centroid": 0, "floor": 3, "coarse": 0, "interior": 0, "boundary": 0}
