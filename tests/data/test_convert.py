import json
import warnings

import cv2
import numpy as np
import pytest
from data.tree import SHAPE, coco, dump, labelme, pairs, png, spot, text, voc
from pycocotools.coco import COCO
from typer import Typer
from typer.testing import CliRunner

from glimt.cli.console import errors_in_one_line
from glimt.cli.convert import convert as command
from glimt.core.errors import DataError, FrameError, OptionError, OutputError, UnknownNameError
from glimt.core.targets import label, targets
from glimt.data.convert import convert, load, with_masks, with_points
from glimt.data.dataset import open_dataset
from glimt.data.formats import FORMATS
from glimt.data.outline import outline
from glimt.data.points import points_from_mask, read_points
from glimt.data.regions import from_polygons, mask_of
from glimt.data.samples import read, true_mask

BLOBS = 6


def random_mask(rng, shape=SHAPE):
    """Blobs of every form: rings, single pixels, pixels that touch at a corner, on the frame's rim too."""
    return rng.random(shape) < rng.choice([0.05, 0.3, 0.6])


@pytest.fixture
def dataset(tmp_path):
    """BASICIRSTD with six frames, the last one without a target, two lists and one frame in neither."""
    rng = np.random.default_rng(3)
    root = tmp_path / "TOY"
    for i in range(BLOBS):
        mask = random_mask(rng) if i < BLOBS - 1 else np.zeros(SHAPE, bool)
        png(root / f"images/sub/f{i}.png")
        png(root / f"masks/sub/f{i}.png", mask.astype(np.uint8) * 255)
    text(root / "img_idx/train_TOY.txt", "sub/f4\r\nsub/f0\r\n/sub/f1\r\n")
    text(root / "img_idx/test_TOY.txt", "sub/f2\nsub/f5\n")
    return root


def converted(root, out, to, kind=None, seed=0, **options):
    return convert(load(root, **options), out, to, kind, np.random.default_rng(seed))


def masks_of(root, layout=None):
    return {record.id: true_mask(record, SHAPE) for record in open_dataset(root, layout).records()}


def boxes_of_mask(mask):
    labels, count = label(mask)
    places = [np.argwhere(labels == i) for i in range(1, count + 1)]
    return tuple((*p.min(axis=0).tolist(), *(p.max(axis=0) + 1).tolist()) for p in places)


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[id], other[id]) for id in one)


@pytest.mark.parametrize("to", ["coco", "labelme", "png"])
def test_masks_come_back_exactly(dataset, tmp_path, to):
    done = converted(dataset, tmp_path / "out", to)
    assert (done.frames, done.left_out) == (BLOBS, 0)
    assert same(masks_of(tmp_path / "out"), masks_of(dataset))


@pytest.mark.parametrize("to", ["yolo", "voc", "coco", "labelme"])
def test_boxes_come_back_exactly(dataset, tmp_path, to):
    converted(dataset, tmp_path / "out", to)
    found = {record.id: record.boxes for record in open_dataset(tmp_path / "out", to).records()}
    assert found == {id: boxes_of_mask(mask) for id, mask in masks_of(dataset).items()}


@pytest.mark.parametrize("to", ["yolo", "voc", "coco", "png"])
def test_splits_come_back(dataset, tmp_path, to):
    converted(dataset, tmp_path / "out", to)
    before, after = open_dataset(dataset), open_dataset(tmp_path / "out", FORMAT_LAYOUTS[to])
    for split in before.splits():
        assert {r.id for r in after.records(split)} == {r.id for r in before.records(split)}
    assert set(after.splits()) - set(before.splits()) == ({"unlisted"} if to == "coco" else set())


FORMAT_LAYOUTS = {"coco": "coco", "yolo": "yolo", "voc": "voc", "labelme": "labelme", "png": "basicirstd"}


@pytest.mark.parametrize("to", FORMAT_LAYOUTS)
def test_frames_are_copied_byte_for_byte(dataset, tmp_path, to):
    deep = (np.arange(240).reshape(SHAPE) * 250).astype(np.uint16)
    (dataset / "images/sub/f0.png").unlink()
    assert cv2.imwrite(str(dataset / "images/sub/f0.TIF"), deep)
    converted(dataset, tmp_path / "out", to)
    images = {record.id: record.image for record in open_dataset(dataset).records()}
    for record in open_dataset(tmp_path / "out", FORMAT_LAYOUTS[to]).records():
        assert record.image.read_bytes() == images[record.id].read_bytes()


@pytest.mark.parametrize("to", FORMAT_LAYOUTS)
def test_what_is_written_is_found_by_itself(dataset, tmp_path, to):
    converted(dataset, tmp_path / "out", to, None if to in ("yolo", "voc") else "centroid")
    assert open_dataset(tmp_path / "out").layout == FORMAT_LAYOUTS[to]


def test_coco_is_what_pycocotools_reads(dataset, tmp_path):
    """Oracle: pycocotools decodes each annotation to the blob of the mask; areas and boxes are the blob's own."""
    converted(dataset, tmp_path / "out", "coco", split="train")
    api = COCO(str(tmp_path / "out/annotations/train_TOY.json"))
    masks = masks_of(dataset)
    for image in api.loadImgs(api.getImgIds()):
        labels, count = label(masks[image["file_name"].removesuffix(".png")])
        found = api.loadAnns(api.getAnnIds(imgIds=image["id"]))
        assert len(found) == count
        measured = targets(labels > 0)
        for i, one in enumerate(found):
            own = one["attributes"]
            assert np.array_equal(decoded(api, one), labels == i + 1)
            assert one["area"] == measured.areas[i]
            assert (own["cy"], own["cx"]) == pytest.approx(tuple(measured.centroids[i]))
            top, left, bottom, right = boxes_of_mask(labels > 0)[i]
            assert one["bbox"] == [left, top, right - left, bottom - top]
    assert len(api.getImgIds()) == 3


def decoded(api, annotation):
    """What pycocotools makes of an annotation; its decoder warns under NumPy 2."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return api.annToMask(annotation) > 0


@pytest.mark.parametrize("kind", ["centroid", "coarse", "boundary"])
@pytest.mark.parametrize("to", ["coco", "labelme", "points"])
def test_clicks_come_back_exactly(dataset, tmp_path, to, kind):
    converted(dataset, tmp_path / "out", to, kind, seed=5)
    rng = np.random.default_rng(5)
    drawn = {id: points_from_mask(mask, kind, rng) for id, mask in masks_of(dataset).items()}
    path = {"coco": "annotations/unlisted.json", "labelme": "images", "points": "points.csv"}[to]
    found = read_points(tmp_path / "out" / path)
    for id in found:
        assert np.array_equal(found[id], drawn[id])
    assert len(found) == {"coco": 1, "labelme": BLOBS, "points": BLOBS - 1}[to]


def test_clicks_become_one_pixel_masks(dataset, tmp_path):
    converted(dataset, tmp_path / "out", "png", "coarse")
    found = read_points(open_dataset(tmp_path / "out").points()["points"])
    rng = np.random.default_rng(0)
    drawn = {id: points_from_mask(mask, "coarse", rng) for id, mask in masks_of(dataset).items()}
    assert {id: sorted(map(tuple, places)) for id, places in found.items()} == {
        id: sorted(map(tuple, places)) for id, places in drawn.items() if len(places)
    }


@pytest.mark.parametrize("to", ["yolo", "voc"])
def test_clicks_are_not_lost_in_silence(dataset, tmp_path, to):
    with pytest.raises(OptionError, match=f"--kind centroid: {to} holds boxes only, clicks would be lost"):
        converted(dataset, tmp_path / "out", to, "centroid")
    clicks = text(tmp_path / "p.csv", "image,row,col\nsub/f0,1,1\n")
    asked = run(dataset, tmp_path / "out", "--to", to, "--points", clicks)
    assert "would be lost" in str(asked.exception)


def test_the_outline_gives_back_any_mask():
    """Oracle: COCO's own rasteriser fills the outline, for masks with holes, in parts, and touching at corners."""
    rng = np.random.default_rng(0)
    for _ in range(400):
        mask = rng.random(tuple(rng.integers(1, 10, 2))) < rng.uniform(0.2, 0.95)
        if mask.any():
            filled = mask_of(from_polygons([outline(mask) + 2], (14, 14)))
            assert np.array_equal(filled, np.pad(mask, ((2, 12 - mask.shape[0]), (2, 12 - mask.shape[1]))))


def test_the_outline_of_a_rectangle_has_four_corners():
    assert sorted(outline(np.ones((2, 3), bool)).tolist()) == [[0, 0], [0, 2], [3, 0], [3, 2]]


def test_the_outline_of_a_corner_contact_is_one_polygon_of_two_squares():
    corners = outline(np.eye(2, dtype=bool)).tolist()
    assert corners.count([1, 1]) == 2
    assert len(corners) >= 8


def test_touching_targets_of_coco_stay_apart(tmp_path):
    png(tmp_path / "in/a.png")
    image = {"id": 1, "file_name": "a.png", "height": 12, "width": 20}
    squares = [[2, 2, 4, 2, 4, 4, 2, 4], [4, 2, 6, 2, 6, 4, 4, 4]]
    coco(tmp_path / "in", [image], [{"id": i, "image_id": 1, "segmentation": [s]} for i, s in enumerate(squares)])
    for to in ("coco", "labelme"):
        assert converted(tmp_path / "in", tmp_path / to, to, "boundary").targets == 2
        (record,) = open_dataset(tmp_path / to).records()
        assert record.boxes == ((2, 2, 4, 4), (2, 4, 4, 6))
        assert [2 <= row < 4 for row, _ in record.points] == [True, True]


def test_a_target_under_another_has_no_click(tmp_path):
    png(tmp_path / "in/a.png")
    square = [2, 2, 4, 2, 4, 4, 2, 4]
    image = {"id": 1, "file_name": "a.png", "height": 12, "width": 20}
    coco(tmp_path / "in", [image], [{"id": i, "image_id": 1, "segmentation": [square]} for i in range(2)])
    with pytest.raises(DataError, match="a: target 1 has no pixel of its own"):
        converted(tmp_path / "in", tmp_path / "out", "points", "centroid")


@pytest.fixture
def boxes(tmp_path):
    png(tmp_path / "boxes/images/a.png")
    text(tmp_path / "boxes/labels/a.txt", "0 0.325 0.333333 0.15 0.166667\n")
    return tmp_path / "boxes"


@pytest.fixture
def clicks(tmp_path):
    png(tmp_path / "clicks/a.png")
    dump(tmp_path / "clicks/a.json", labelme(("point", [[6.5, 4.5]])))
    return tmp_path / "clicks"


def test_boxes_convert_to_boxes_and_to_their_middles(boxes, tmp_path):
    for to in ("coco", "voc", "labelme", "yolo"):
        converted(boxes, tmp_path / to, to)
        assert open_dataset(tmp_path / to).records()[0].boxes == ((3, 5, 5, 8),)
    converted(boxes, tmp_path / "p.csv", "points")
    assert read_points(tmp_path / "p.csv")["a"].tolist() == [[3.5, 6]]


def test_clicks_convert_to_keypoints_and_points(clicks, tmp_path):
    for to in ("coco", "labelme"):
        converted(clicks, tmp_path / to, to)
        (record,) = open_dataset(tmp_path / to).records()
        assert (record.points, record.boxes) == (((4, 6),), ())


@pytest.mark.parametrize(
    ("source", "to", "kind", "message"),
    [
        ("boxes", "png", None, "a: only boxes are known, and png needs masks; draw them with `glimt label`"),
        ("clicks", "png", None, "a: only points are known, and png needs masks"),
        ("clicks", "yolo", None, "a: only points are known, and yolo needs boxes"),
        ("clicks", "voc", None, "a: only points are known, and voc needs boxes"),
        ("boxes", "points", "interior", "a: only boxes are known, and interior clicks are drawn from masks"),
        ("clicks", "coco", "coarse", "a: only points are known, and coarse clicks"),
    ],
)
def test_what_cannot_be_converted_is_said_and_nothing_is_left(request, tmp_path, source, to, kind, message):
    root = request.getfixturevalue(source)
    with pytest.raises(DataError, match=message):
        converted(root, tmp_path / "out", to, kind)
    assert not (tmp_path / "out").exists()


def test_frames_without_a_label_are_left_out_and_counted(dataset, tmp_path):
    (dataset / "masks/sub/f3.png").unlink()
    done = converted(dataset, tmp_path / "out", "coco")
    assert (done.frames, done.left_out) == (BLOBS - 1, 1)
    assert "sub/f3" not in masks_of(tmp_path / "out")


def test_a_dataset_without_labels_is_refused(tmp_path):
    png(tmp_path / "in/a.png")
    with pytest.raises(DataError, match="has no labels: no mask, box or point"):
        converted(tmp_path / "in", tmp_path / "out", "coco")
    assert not (tmp_path / "out").exists()


def test_a_mask_of_another_size_stops_it_and_leaves_nothing(dataset, tmp_path):
    png(dataset / "masks/sub/f4.png", np.zeros((3, 4), np.uint8))
    with pytest.raises(DataError, match=r"sub/f4: mask is \(3, 4\), image is \(12, 20\)"):
        converted(dataset, tmp_path / "out", "labelme")
    assert not (tmp_path / "out").exists()


def test_a_list_with_unknown_names_stops_it(dataset, tmp_path):
    text(dataset / "img_idx/train_TOY.txt", "sub/f0\ngone\n")
    with pytest.raises(DataError, match="1 of 2 names have no frame: gone"):
        converted(dataset, tmp_path / "out", "voc")


def test_boxes_are_cut_at_the_edge_and_refused_beyond_it(tmp_path):
    png(tmp_path / "in/a.png")
    text(tmp_path / "in/a.xml", voc((15, 10, 25, 14)))
    converted(tmp_path / "in", tmp_path / "out", "yolo")
    assert open_dataset(tmp_path / "out").records()[0].boxes == ((9, 14, 12, 20),)
    text(tmp_path / "in/a.xml", voc((35, 10, 45, 14)))
    with pytest.raises(DataError, match=r"a: box \(9, 34, 14, 45\) is outside the frame of 12 rows x 20 cols"):
        converted(tmp_path / "in", tmp_path / "again", "yolo")


def test_clicks_and_regions_must_fit_the_frame(tmp_path):
    png(tmp_path / "in/a.png")
    dump(tmp_path / "in/a.json", labelme(("point", [[30, 4]])))
    with pytest.raises(DataError, match=r"a: point \(row 3\.5, col 29\.5\) is outside"):
        converted(tmp_path / "in", tmp_path / "out", "points")
    square = ("polygon", [[5, 3], [8, 3], [8, 5], [5, 5]])
    dump(tmp_path / "in/a.json", labelme(square, imageHeight=40))
    with pytest.raises(DataError, match=r"a: mask is \(40, 20\), image is \(12, 20\)"):
        converted(tmp_path / "in", tmp_path / "out", "coco")


def test_ctrl_c_leaves_nothing(dataset, tmp_path):
    def stop(records):
        yield from records[:3]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(load(dataset), tmp_path / "out", "voc", track=stop)
    assert not (tmp_path / "out").exists()


def test_a_frame_that_is_gone_is_named(tmp_path):
    coco(
        tmp_path / "in",
        [{"id": 1, "file_name": "gone.png", "height": 9, "width": 9}],
        [{"image_id": 1, "bbox": [1, 1, 2, 2]}],
    )
    with pytest.raises(FrameError, match=r"cannot read .*gone\.png: No such file"):
        converted(tmp_path / "in", tmp_path / "out", "voc")
    converted(tmp_path / "in", tmp_path / "p.csv", "points")  # which needs no frame
    assert read_points(tmp_path / "p.csv")["gone"].tolist() == [[1.5, 1.5]]


def test_masks_of_a_labeler_are_taken_from_their_own_folder(tmp_path):
    png(tmp_path / "frames/a.png")
    png(tmp_path / "frames/b.png")
    png(tmp_path / "labels/masks/a.png", spot())
    source = with_masks(load(tmp_path / "frames"), tmp_path / "labels/masks")
    done = convert(source, tmp_path / "out", "coco")
    assert (done.frames, done.targets, done.left_out) == (1, 1, 1)
    png(tmp_path / "labels/masks/c.png", spot())
    with pytest.raises(DataError, match=r"1 names have no frame in .*frames: c"):
        with_masks(load(tmp_path / "frames"), tmp_path / "labels/masks")


def test_clicks_are_given_to_the_targets_they_lie_on(tmp_path):
    pairs(tmp_path / "in", ["a"])
    text(tmp_path / "p.csv", "image,row,col\na,4,7\n")
    convert(with_points(load(tmp_path / "in"), tmp_path / "p.csv"), tmp_path / "out", "coco")
    (record,) = open_dataset(tmp_path / "out").records()
    assert (record.points, record.boxes) == (((4, 7),), ((3, 5, 5, 8),))


def test_a_points_file_alone_converts_to_points_only(tmp_path):
    path = text(tmp_path / "p.csv", "image,row,col\na.png,4,7\n")
    converted(path, tmp_path / "q.csv", "points")
    assert (tmp_path / "q.csv").read_text() == "image,row,col\na,4,7\n"
    with pytest.raises(DataError, match="holds no frames, and coco needs them; give the frames, and it with --points"):
        converted(path, tmp_path / "out", "coco")


def test_an_output_in_the_source_is_refused(dataset):
    for out in (dataset, dataset / "out", dataset.parent):
        with pytest.raises(OutputError, match="overlaps the source"):
            converted(dataset, out, "voc")
    converted(dataset, dataset / "points.csv", "points")  # one file is welcome


def test_an_unknown_format_is_suggested(dataset, tmp_path):
    with pytest.raises(UnknownNameError, match=r"no format 'yol'.*did you mean 'yolo'"):
        converted(dataset, tmp_path / "out", "yol")


def test_files_of_the_conversion_before_are_removed_and_no_others(dataset, tmp_path):
    converted(dataset, tmp_path / "out", "yolo")
    text(tmp_path / "out/notes.md", "mine")
    converted(dataset, tmp_path / "out", "yolo", split="train")
    assert len(open_dataset(tmp_path / "out").records()) == 3
    assert (tmp_path / "out/notes.md").read_text() == "mine"


def test_other_frames_in_the_output_are_noticed(dataset, tmp_path):
    png(tmp_path / "out/images/foreign.png")
    with pytest.raises(OutputError, match=r"reads back as 7 frames .* not 6 frames .*; other files lie there"):
        converted(dataset, tmp_path / "out", "yolo")


def test_the_same_conversion_writes_the_same_bytes(dataset, tmp_path):
    for name in ("one", "two"):
        converted(dataset, tmp_path / name, "coco", "interior")
    for path in (tmp_path / "one").rglob("*.json"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_takes_an_image_of_one_pixel(tmp_path, to):
    png(tmp_path / "in/images/a.png", np.full((1, 1), 9, np.uint8))
    png(tmp_path / "in/masks/a.png", np.full((1, 1), 255, np.uint8))
    assert converted(tmp_path / "in", tmp_path / "out", to).targets == 1


def run(*words):
    app = Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_tells_what_it_wrote(dataset, tmp_path):
    done = run(dataset, tmp_path / "out", "--to", "coco", "--split", "train", "--json")
    facts = json.loads(done.stdout)
    assert (facts["frames"], facts["left_out"], facts["files"]) == (3, 0, 4)
    again = run(dataset, tmp_path / "out", "--to", "coco")
    assert isinstance(again.exception, OutputError)
    assert run(dataset, tmp_path / "out", "--to", "coco", "--overwrite").exit_code == 0
    assert run(dataset, tmp_path / "p.csv", "--to", "points", "--kind", "interior", "--seed", "4").exit_code == 0


def test_a_mistake_is_one_line_and_exit_code_2(dataset, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"), errors_in_one_line():
        command(dataset, tmp_path / "out", "png", split="nope")
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.real
@pytest.mark.slow
def test_real_masks_survive_a_tour_of_all_formats(sirst, tmp_path):
    """SIRST's test split -> COCO -> LabelMe -> PNG: the same masks; its YOLO boxes are the masks' boxes."""
    converted(sirst, tmp_path / "coco", "coco", split="test_SIRST")
    converted(tmp_path / "coco", tmp_path / "labelme", "labelme")
    done = converted(tmp_path / "labelme", tmp_path / "png", "png")
    assert (done.frames, done.targets) == (214, 263)
    found = {record.id: record for record in open_dataset(tmp_path / "png").records()}
    converted(sirst, tmp_path / "yolo", "yolo", split="test_SIRST")
    boxes = {record.id: record.boxes for record in open_dataset(tmp_path / "yolo").records()}
    for record in open_dataset(sirst).records("test_SIRST"):
        mask = read(record).label > 0
        assert np.array_equal(true_mask(found[record.id], mask.shape), mask)
        assert boxes[record.id] == boxes_of_mask(mask)
