import base64

import cv2
import numpy as np
import pytest
from data.tree import SHAPE, coco, dump, labelme, png, spot, text, voc
from pycocotools import mask as coco_mask

from glimt.core.errors import DataError
from glimt.data.dataset import open_dataset
from glimt.data.regions import from_counts, mask_of, region_of, run_lengths
from glimt.data.samples import true_mask

A = {"id": 1, "file_name": "a.png", "height": 12, "width": 20}


def only(root, layout=None):
    (record,) = open_dataset(root, layout).records()
    return record


def annotation(**more):
    return {"id": 1, "image_id": 1, "category_id": 1, **more}


def test_coco_polygons_cover_the_pixels_they_surround(tmp_path):
    png(tmp_path / "a.png")
    coco(tmp_path, [A], [annotation(segmentation=[[5, 3, 8, 3, 8, 5, 5, 5]], bbox=[5, 3, 3, 2])])
    record = only(tmp_path)
    assert np.array_equal(true_mask(record, SHAPE), spot() > 0)
    assert record.boxes == ((3, 5, 5, 8),)


@pytest.mark.parametrize("compressed", [True, False])
def test_coco_run_lengths_are_exact(tmp_path, compressed):
    mask = np.random.default_rng(0).random(SHAPE) < 0.3
    code = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    runs = run_lengths(code["counts"])
    counts = code["counts"].decode() if compressed else runs
    png(tmp_path / "a.png")
    coco(tmp_path, [A], [annotation(segmentation={"size": [12, 20], "counts": counts}, bbox=[0, 0, 20, 12])])
    assert np.array_equal(true_mask(only(tmp_path), SHAPE), mask)


def test_run_lengths_agree_with_a_slow_count():
    """Oracle: the lengths of equal pixels, column by column, beginning with the background."""
    rng = np.random.default_rng(1)
    for share in (0.02, 0.5, 0.98):
        mask = rng.random((40, 300)) < share
        flat = mask.T.ravel()
        slow, value = [0], False
        for pixel in flat:
            if pixel != value:
                slow.append(0)
                value = pixel
            slow[-1] += 1
        assert run_lengths(region_of(mask).counts) == slow


@pytest.mark.parametrize("counts", ["g0280", "", "zzzzzz", "\x01", [3, 4], [300, -60]])
def test_run_lengths_that_do_not_fit_are_refused(counts):
    with pytest.raises(ValueError, match=r"run lengths"):
        from_counts(counts, (12, 20))


@pytest.mark.parametrize("empty", [[], [[]], None])
def test_coco_boxes_without_segmentation_are_boxes(tmp_path, empty):
    png(tmp_path / "a.png")
    coco(tmp_path, [A], [annotation(segmentation=empty, bbox=[96.0, 77.0, 8, 8])])
    record = only(tmp_path)
    assert (record.boxes, record.regions) == (((77, 96, 85, 104),), ())
    assert true_mask(record, SHAPE) is None


def test_a_frame_without_annotations_holds_no_target(tmp_path):
    for name in "ab":
        png(tmp_path / f"{name}.png")
    coco(tmp_path, [A, {**A, "id": 2, "file_name": "b.png"}], [annotation(bbox=[1, 1, 2, 2])])
    assert [record.empty for record in open_dataset(tmp_path).records()] == [False, True]


def test_a_file_without_any_annotation_says_nothing(tmp_path):
    png(tmp_path / "a.png")
    coco(tmp_path, [A], [])
    assert true_mask(only(tmp_path), SHAPE) is None


def test_keys_of_hit_uav_are_read(tmp_path):
    png(tmp_path / "images/0_60_30_0_01.png")
    image = {"id": 0, "filename": "0_60_30_0_01.png", "height": 12, "width": 20}
    dump(
        tmp_path / "train.json",
        {
            "images": [image],
            "annotation": [{"bbox": [4, 9, 10, 2], "image_id": 0, "category_id": 0, "segmentation": []}],
        },
    )
    record = only(tmp_path)
    assert (record.id, record.boxes, record.image.is_file()) == ("0_60_30_0_01", ((9, 4, 11, 14),), True)


def test_each_coco_file_is_a_split_and_shared_frames_are_one(tmp_path):
    for name in "ab":
        png(tmp_path / f"images/{name}.png")
    b = {**A, "id": 2, "file_name": "b.png"}
    coco(tmp_path, [A], [annotation(bbox=[1, 1, 2, 2])], "annotations/train.json")
    coco(tmp_path, [A, b], [annotation(bbox=[1, 1, 2, 2])], "annotations/trainval.json")
    dataset = open_dataset(tmp_path)
    assert dataset.splits() == ("train", "trainval")
    assert [len(dataset.records(name)) for name in (None, "train", "trainval")] == [2, 1, 2]
    coco(tmp_path, [A], [annotation(bbox=[3, 3, 2, 2])], "annotations/train.json")
    with pytest.raises(DataError, match="other annotations for a"):
        dataset.records()


def test_frames_are_found_by_path_and_by_bare_name(tmp_path):
    png(tmp_path / "images/test/data6/0.bmp")
    png(tmp_path / "deep/below/a.png")
    names = ["images/test/data6/0.bmp", "C:\\work\\a.png"]
    coco(tmp_path, [{**A, "id": i, "file_name": name} for i, name in enumerate(names)], [])
    found = {record.id: record.image for record in open_dataset(tmp_path, "coco").records()}
    assert found["images/test/data6/0"] == tmp_path / "images/test/data6/0.bmp"
    assert found["C:/work/a"] == tmp_path / "deep/below/a.png"


def test_a_single_coco_file_is_a_dataset(tmp_path):
    png(tmp_path / "images/a.png")
    path = coco(tmp_path, [A], [annotation(bbox=[1, 1, 2, 2])], "annotations/train.json")
    dataset = open_dataset(path)
    assert (dataset.layout, dataset.records()[0].image.is_file()) == ("coco", True)


def test_partly_drawn_frames_have_boxes_and_no_mask(tmp_path):
    png(tmp_path / "a.png")
    drawn = annotation(segmentation=[[5, 3, 8, 3, 8, 5, 5, 5]], bbox=[5, 3, 3, 2])
    coco(tmp_path, [A], [drawn, annotation(bbox=[10, 8, 2, 2])])
    record = only(tmp_path)
    assert (len(record.boxes), true_mask(record, SHAPE)) == (2, None)


@pytest.mark.parametrize(
    ("images", "annotations", "message"),
    [
        ([A], [{"id": 1, "bbox": [1, 1, 2, 2]}], "no 'image_id'"),
        ([A], [annotation(image_id=9)], "1 image ids have annotations and no image, e.g. 9"),
        ([A, A], [], "two images are called 'a'"),
        ([{"id": 1}], [], "no 'filename'"),
        ([A], [annotation(bbox=[1, 2, 3])], "not enough values"),
        ([A], [annotation(bbox=[1, "x", 3, 4])], "could not convert"),
        ([A], [annotation(segmentation=[[1, 2, 3, 4]])], "a polygon of 4 numbers"),
        ([A], [annotation(segmentation={"size": [12, 20], "counts": "abc"})], "run lengths"),
        ([A], [annotation(segmentation={"counts": "abc"})], "no 'size'"),
        (
            [A],
            [annotation(segmentation={"size": [5, 5], "counts": [25]})],
            r"a frame of \[5, 5\], the image is \[12, 20\]",
        ),
        ([A], [annotation(segmentation=[[1, 1, 1e9, 1, 1, 5]])], "a corner far outside the frame of 12 rows x 20 cols"),
        ([A], [annotation(segmentation=[[1, 1, float("nan"), 1, 1, 5]])], "a corner far outside"),
    ],
)
def test_malformed_coco_says_what_is_wrong(tmp_path, images, annotations, message):
    coco(tmp_path, images, annotations)
    with pytest.raises(DataError, match=message):
        open_dataset(tmp_path, "coco").records()


def test_yolo_boxes_become_whole_pixels(tmp_path):
    png(tmp_path / "images/a.png")
    text(tmp_path / "labels/a.txt", f"0 {6.5 / 20:.6f} {4 / 12:.6f} {3 / 20:.6f} {2 / 12:.6f}\n\n")
    assert only(tmp_path).boxes == ((3, 5, 5, 8),)


def test_yolo_boxes_have_a_pixel_and_stay_in_the_frame(tmp_path):
    png(tmp_path / "images/a.png")
    text(tmp_path / "labels/a.txt", "0 1 1 0.01 0.01\n0 0 0 0.1 0.2\n")
    assert only(tmp_path).boxes == ((11, 19, 12, 20), (0, 0, 1, 1))


def test_yolo_polygons_become_masks(tmp_path):
    png(tmp_path / "images/a.png")
    corners = [(5, 3), (8, 3), (8, 5), (5, 5)]
    text(tmp_path / "labels/a.txt", "0 " + " ".join(f"{x / 20} {y / 12}" for x, y in corners))
    assert np.array_equal(true_mask(only(tmp_path), SHAPE), spot() > 0)


def test_yolo_tells_empty_from_unlabelled(tmp_path):
    for name in "abc":
        png(tmp_path / f"images/{name}.png")
    text(tmp_path / "labels/a.txt", "")
    text(tmp_path / "labels/b.txt", "0 0.5 0.5 0.1 0.1")
    assert [(record.empty, len(record.boxes)) for record in open_dataset(tmp_path).records()] == [
        (True, 0),
        (False, 1),
        (False, 0),
    ]


def test_yolo_folders_of_splits_may_come_first(tmp_path):
    for part in ("train", "val"):
        png(tmp_path / part / "images/a.png")
        text(tmp_path / part / "labels/a.txt", "0 0.5 0.5 0.1 0.1")
    dataset = open_dataset(tmp_path)
    assert (dataset.layout, dataset.splits()) == ("yolo", ("train", "val"))
    assert [record.id for record in dataset.records("val")] == ["val/a"]


def test_ist_a_lies_side_by_side_with_tabs(tmp_path):
    png(tmp_path / "000003.png")
    text(tmp_path / "000003.txt", "1\t0.56901\t0.74826\t0.15625\t0.20833\r\n")
    text(tmp_path / "classes.txt", "target\n")
    dataset = open_dataset(tmp_path)
    (record,) = dataset.records()
    assert (dataset.layout, record.id, record.boxes) == ("yolo", "000003", ((8, 10, 10, 13),))
    assert dataset.splits() == ()


def test_notes_beside_frames_are_no_labels(tmp_path):
    png(tmp_path / "a.png")
    text(tmp_path / "a.txt", "taken at noon\n")
    assert open_dataset(tmp_path).layout == "folder"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("0 0.5 0.5 0.1", "line 2: 4 numbers"),
        ("0 0.5 0.5 0.1 x", "line 2: could not convert"),
        ("0 12 14 3 3", "line 2: .*leaves the frame"),
        ("0 nan 0.5 0.1 0.1", "line 2: .*leaves the frame"),
    ],
)
def test_malformed_yolo_names_the_line(tmp_path, line, message):
    png(tmp_path / "images/a.png")
    text(tmp_path / "labels/a.txt", f"0 0.5 0.5 0.1 0.1\n{line}\n")
    with pytest.raises(DataError, match=message):
        open_dataset(tmp_path).records()


def test_voc_boxes_count_from_one_and_hold_their_last_pixel(tmp_path):
    png(tmp_path / "JPEGImages/a.png")
    text(tmp_path / "Annotations/a.xml", voc((1, 1, 1, 1), (6.0, 4, 8, 5), (0, 0, 2, 2)))
    assert only(tmp_path).boxes == ((0, 0, 1, 1), (3, 5, 5, 8), (0, 0, 2, 2))


def test_voc_may_lie_side_by_side_and_say_background(tmp_path):
    for name in "abc":
        png(tmp_path / f"{name}.png")
    text(tmp_path / "a.xml", voc((6, 4, 8, 5)))
    text(tmp_path / "b.xml", voc(objects="<object><name>Background</name></object>"))
    dataset = open_dataset(tmp_path)
    assert (dataset.layout, [record.empty for record in dataset.records()]) == ("voc", [False, True, False])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<annotation><object>", "cannot read the annotations .*a.xml"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "must not declare a document type"),
        (voc(("x", 1, 2, 3)), "needs the numbers xmin, ymin, xmax, ymax; it has xmin 'x'"),
        ("<a><bndbox><xmin>1</xmin></bndbox></a>", "it has xmin '1', ymin None"),
        (voc(("nan", 1, 2, 3)), "it has xmin 'nan'"),
    ],
)
def test_malformed_voc_names_the_file(tmp_path, content, message):
    png(tmp_path / "images/a.png")
    text(tmp_path / "annotations/a.xml", content)
    with pytest.raises(DataError, match=message):
        open_dataset(tmp_path).records()


def test_labelme_shapes_of_every_kind_are_read(tmp_path):
    png(tmp_path / "a.png")
    dump(tmp_path / "a.json", labelme(("polygon", [[5, 3], [8, 3], [8, 5], [5, 5]]), ("point", [[6.5, 4.5]])))
    record = only(tmp_path)
    assert np.array_equal(true_mask(record, SHAPE), spot() > 0)
    assert (record.points, record.boxes) == (((4.0, 6.0),), ((3, 5, 5, 8),))


def test_labelme_rectangles_are_boxes_whichever_corner_comes_first(tmp_path):
    png(tmp_path / "a.png")
    dump(tmp_path / "a.json", labelme(("rectangle", [[8, 5], [5, 3]])))
    record = only(tmp_path)
    assert (record.boxes, true_mask(record, SHAPE)) == (((3, 5, 5, 8),), None)


def test_labelme_circles_hold_the_pixels_with_their_centre_inside(tmp_path):
    """A circle of radius 1.2 about the middle of pixel (4, 6): that pixel and its four neighbours."""
    png(tmp_path / "a.png")
    dump(tmp_path / "a.json", labelme(("circle", [[6.5, 4.5], [6.5, 5.7]])))
    assert np.argwhere(true_mask(only(tmp_path), SHAPE)).tolist() == [[3, 6], [4, 5], [4, 6], [4, 7], [5, 6]]


def test_labelme_masks_are_put_where_they_belong(tmp_path):
    png(tmp_path / "a.png")
    patch = base64.b64encode(cv2.imencode(".png", np.full((2, 3), 255, np.uint8))[1].tobytes()).decode()
    content = labelme(("mask", [[5, 3], [7, 4]]))
    content["shapes"][0]["mask"] = patch
    dump(tmp_path / "a.json", content)
    assert np.array_equal(true_mask(only(tmp_path), SHAPE), spot() > 0)
    content["shapes"][0]["points"] = [[18, 3], [20, 4]]
    dump(tmp_path / "a.json", content)
    with pytest.raises(DataError, match="leaves the frame"):
        only(tmp_path)


def test_labelme_groups_are_one_target(tmp_path):
    png(tmp_path / "a.png")
    one, other = [[0, 0], [2, 0], [2, 2], [0, 2]], [[4, 0], [6, 0], [6, 2], [4, 2]]
    dump(
        tmp_path / "a.json",
        labelme(("polygon", one, 7), ("polygon", other, 7), ("polygon", [[0, 5], [1, 5], [1, 6], [0, 6]])),
    )
    record = only(tmp_path)
    assert record.boxes == ((0, 0, 2, 6), (5, 0, 6, 1))
    assert [int(mask_of(region).sum()) for region in record.regions] == [8, 1]


def test_labelme_without_shapes_is_empty_and_without_a_file_unlabelled(tmp_path):
    for name in "ab":
        png(tmp_path / f"images/{name}.png")
    dump(tmp_path / "annotations/a.json", labelme(image="..\\images\\a.png"))
    assert [(record.id, record.empty) for record in open_dataset(tmp_path).records()] == [("a", True), ("b", False)]


def test_a_frame_that_was_renamed_is_found_by_the_file(tmp_path):
    png(tmp_path / "b.tif")
    dump(tmp_path / "b.json", labelme(("point", [[1, 1]]), image="old_name.png"))
    assert only(tmp_path).image == tmp_path / "b.tif"


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (("linestrip", [[0, 0], [1, 1]]), "a shape of type 'linestrip'; read are polygon, rectangle"),
        (("polygon", [[0, 0], [1, 1]]), "a polygon of 2 corners"),
        (("polygon", [[0, 0, 1], [1, 1]]), "not what LabelMe writes"),
        (("circle", [[0, 0]]), "not what LabelMe writes"),
    ],
)
def test_malformed_labelme_names_the_file(tmp_path, shape, message):
    png(tmp_path / "a.png")
    dump(tmp_path / "a.json", labelme(shape))
    with pytest.raises(DataError, match=rf"a\.json: .*{message}"):
        open_dataset(tmp_path).records()


def test_json_that_is_cut_short_is_refused_by_name(tmp_path):
    png(tmp_path / "a.png")
    png(tmp_path / "b.png")
    dump(tmp_path / "a.json", labelme(("point", [[1, 1]])))
    text(tmp_path / "b.json", '{"shapes": [')
    with pytest.raises(DataError, match=r"cannot read the annotations .*b\.json"):
        open_dataset(tmp_path).records()
