from pathlib import Path

import numpy as np
import pytest
from data.sequence_tree import SEQUENCE_FACTS, SEQUENCE_TREES
from data.tree import SHAPE, dump, labelme, pairs, png, spot, text, voc

from glimt.core.errors import DataError, UnknownNameError
from glimt.core.types import Record
from glimt.data.dataset import open_dataset
from glimt.data.layouts import LAYOUTS, sirst_v2
from glimt.data.points import read_points
from glimt.data.samples import read, true_mask


def basicirstd(root):
    pairs(root, ["Misc_1", "XDU2", "000010"])
    text(root / "img_idx/train_TOY.txt", "Misc_1\r\nXDU2\r\n")
    text(root / "img_idx/test_TOY.txt", "000010\r\n")


def dnanet(root):
    pairs(root, ["000000_1", "000001_1"])
    text(root / "50_50/train.txt", "000000_1\n")
    text(root / "50_50/test.txt", "000001_1")


def mshnet(root):
    pairs(root, ["a", "b"])
    text(root / "trainval.txt", "a\n")
    text(root / "test.txt", "b\n")


def irstd1k(root):
    pairs(root, ["XDU0", "XDU1"], "IRSTD1k_Img", "IRSTD1k_Label")
    text(root / "80_20/trainval.txt", "XDU0\n")
    text(root / "80_20/test.txt", "XDU1\n")


def sirst_v1(root):
    pairs(root, ["Misc_1", "Misc_70"], ending="_pixels0")
    text(root / "idx_427/trainval.txt", "Misc_1\n")
    text(root / "idx_427/test.txt", "Misc_70\n")


def sirst_v2_tree(root):
    pairs(root, ["Misc_1"], "mixed", "annotations/masks", "_pixels0")
    png(root / "mixed/Background_1.png")
    text(root / "annotations/bboxes/Misc_1.xml", voc((6, 4, 9, 6)))
    nothing = "<object><name>Background</name><pixels><id>0</id></pixels></object>"
    text(root / "annotations/bboxes/Background_1.xml", voc(objects=nothing))
    place = "<object><centroid><yc>4.5</yc><xc>7.25</xc></centroid></object>"
    text(root / "annotations/centroids/Misc_1.xml", voc(objects=place))
    text(root / "splits/train_full.txt", "Misc_1\nBackground_1\n")
    text(root / "splits/train_v1.txt", "Misc_1\n")


def agpc(root):
    for part in ("trainval", "test"):
        pairs(root / part, ["000001"])


def mdvsfa(root):
    png(root / "training/000001_1.png")
    png(root / "training/000001_2.png", spot())
    pairs(root, ["00000"], "test_org", "test_gt")


def irstdid(root):
    pairs(root / "IRSTDID-SKY", ["0001"], "Images", "Masks")
    png(root / "IRSTDID-GND/00001.png")


def coco(root):
    png(root / "images/a.png")
    image = {"id": 1, "file_name": "a.png", "height": 12, "width": 20}
    annotation = {"id": 1, "image_id": 1, "bbox": [5, 3, 3, 2], "category_id": 1}
    dump(root / "annotations/train.json", {"images": [image], "annotations": [annotation]})


def yolo(root):
    png(root / "images/train/a.png")
    text(root / "labels/train/a.txt", "0 0.325 0.33333 0.15 0.16667\n")
    text(root / "labels/classes.txt", "drone\n")
    text(root / "labels/train.cache", b"\x80\x04")


def voc_tree(root):
    png(root / "JPEGImages/a.png")
    text(root / "Annotations/a.xml", voc((6, 4, 8, 5)))
    text(root / "ImageSets/Main/train.txt", "a\n")


def labelme_tree(root):
    png(root / "a.png")
    dump(root / "a.json", labelme(("polygon", [[5, 3], [8, 3], [8, 5], [5, 5]])))


def folder(root):
    png(root / "day/a.png")
    png(root / "b.png")


TREES = SEQUENCE_TREES | {
    "basicirstd": basicirstd,
    "dnanet": dnanet,
    "mshnet": mshnet,
    "irstd1k": irstd1k,
    "sirst_v1": sirst_v1,
    "sirst_v2": sirst_v2_tree,
    "agpc": agpc,
    "mdvsfa": mdvsfa,
    "irstdid": irstdid,
    "coco": coco,
    "yolo": yolo,
    "voc": voc_tree,
    "labelme": labelme_tree,
    "folder": folder,
}

# layout: ids in order, and splits
FACTS = SEQUENCE_FACTS | {
    "basicirstd": (["000010", "Misc_1", "XDU2"], ["test_TOY", "train_TOY"]),
    "dnanet": (["000000_1", "000001_1"], ["50_50/test", "50_50/train"]),
    "mshnet": (["a", "b"], ["test", "trainval"]),
    "irstd1k": (["XDU0", "XDU1"], ["80_20/test", "80_20/trainval"]),
    "sirst_v1": (["Misc_1", "Misc_70"], ["test", "trainval"]),
    "sirst_v2": (["Background_1", "Misc_1"], ["train_full", "train_v1"]),
    "agpc": (["trainval/000001", "test/000001"], ["trainval", "test"]),
    "mdvsfa": (["training/000001", "test/00000"], ["training", "test"]),
    "irstdid": (["IRSTDID-SKY/0001", "IRSTDID-GND/00001"], ["IRSTDID-SKY", "IRSTDID-GND"]),
    "coco": (["a"], ["train"]),
    "yolo": (["train/a"], ["train"]),
    "voc": (["a"], ["train"]),
    "labelme": (["a"], []),
    "folder": (["b", "day/a"], []),
}

SHIFTS = {"XDU2": 1, "000010": 2, "000001_1": 1, "b": 1, "XDU1": 1, "Misc_70": 1}  # columns; see `pairs`


@pytest.fixture(params=LAYOUTS)
def layout(request):
    return request.param


@pytest.fixture
def root(layout, tmp_path):
    TREES[layout](tmp_path)
    return tmp_path


def test_each_layout_is_found_by_itself(layout, root):
    assert open_dataset(root).layout == layout


def test_each_layout_gives_its_frames_in_natural_order_and_its_splits(layout, root):
    dataset, (ids, splits) = open_dataset(root), FACTS[layout]
    assert [record.id for record in dataset.records()] == ids
    assert list(dataset.splits()) == splits


def test_every_split_of_every_layout_reads(layout, root):
    dataset = open_dataset(root)
    for split in dataset.splits():
        records = dataset.records(split)
        assert records
        assert dataset.missing(split) == []
        assert all(read(record).image.shape == SHAPE for record in records)


def test_every_target_is_where_it_was_drawn(root):
    for record in open_dataset(root).records():
        mask = true_mask(record, SHAPE)
        if mask is not None and not record.empty:
            assert np.array_equal(mask, spot(left=5 + SHIFTS.get(record.id, 0)) > 0)
        for box in record.boxes:
            assert box == (3, 5, 5, 8)


def test_labels_are_known_where_the_layout_gives_some(layout, root):
    known = {record.id: true_mask(record, SHAPE) is not None for record in open_dataset(root).records()}
    without = {
        "folder": ["b", "day/a"],
        "irstdid": ["IRSTDID-GND/00001"],
        "yolo": ["train/a"],
        "voc": ["a"],
        "coco": ["a"],
        "clips": ["b/0000", "b/0001"],
        "videos": [f"{name}/{i:06d}" for name in "ab" for i in range(3)],
        "tensoristd": [f"{name}/{i:04d}" for name in "ab" for i in (1, 2)],
        "antiuav": ["train/a/000001", "val/b/000000", "val/b/000001"],
        "sstnet": ["train/data5/0", "train/data5/10"],
    }
    assert [id for id, mask in known.items() if not mask] == without.get(layout, [])


def test_an_unknown_layout_is_suggested(tmp_path):
    basicirstd(tmp_path)
    with pytest.raises(UnknownNameError, match=r"no layout 'basicirst'.*did you mean 'basicirstd'"):
        open_dataset(tmp_path, "basicirst")


def test_a_layout_that_does_not_fit_says_what_is_there(tmp_path):
    basicirstd(tmp_path)
    with pytest.raises(DataError, match="not laid out as 'coco': it holds images/, img_idx/, masks/"):
        open_dataset(tmp_path, "coco")


def test_two_layouts_that_fit_are_both_named(tmp_path):
    basicirstd(tmp_path)
    dnanet(tmp_path)
    with pytest.raises(DataError, match=r"can be read as basicirstd or dnanet; say which, e\.g\. --layout basicirstd"):
        open_dataset(tmp_path)
    assert len(open_dataset(tmp_path, "dnanet").records("train")) == 1


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="no frame in a known layout: it is empty"):
        open_dataset(tmp_path)


def test_a_place_without_anything_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such file or folder"):
        open_dataset(tmp_path / "nothing")


def test_a_folder_above_datasets_names_the_first(tmp_path):
    mdvsfa(tmp_path / "MDvsFA")
    with pytest.raises(DataError, match=r"it holds MDvsFA/; .*/MDvsFA is laid out as mdvsfa: give that folder"):
        open_dataset(tmp_path)
    assert len(open_dataset(tmp_path, "folder").records()) == 4  # masks too, for who insists


def test_an_import_path_is_a_layout_too(tmp_path):
    folder(tmp_path)
    assert len(open_dataset(tmp_path, "glimt.data.layouts.folder:LAYOUT").records()) == 2


def test_split_names_may_be_short(tmp_path):
    basicirstd(tmp_path)
    text(tmp_path / "img_idx/trainval_TOY.txt", "XDU2\n")
    text(tmp_path / "img_idx/official_test.txt", "XDU2\n")
    dataset = open_dataset(tmp_path)
    assert [record.id for record in dataset.records("train")] == ["Misc_1", "XDU2"]  # not trainval_TOY
    assert dataset.whole_name("trainval") == "trainval_TOY"
    assert dataset.whole_name("official") == "official_test"
    assert dataset.split("test").names == ("000010",)
    assert dataset.split("test").source == tmp_path / "img_idx/test_TOY.txt"


def test_a_short_name_of_two_splits_is_refused(tmp_path):
    sirst_v2_tree(tmp_path)
    with pytest.raises(DataError, match="'train' can be train_full or train_v1; give the whole name"):
        open_dataset(tmp_path).records("train")


def test_an_unknown_split_lists_the_splits(tmp_path):
    basicirstd(tmp_path)
    with pytest.raises(DataError, match="no split 'val'; it has test_TOY, train_TOY"):
        open_dataset(tmp_path).records("val")
    folder(tmp_path / "plain")
    with pytest.raises(DataError, match="no splits, so no 'val'"):
        open_dataset(tmp_path / "plain").records("val")


def test_names_without_a_frame_are_listed(tmp_path):
    basicirstd(tmp_path)
    text(tmp_path / "img_idx/train_TOY.txt", "".join(f"gone{i}\n" for i in range(7)) + "XDU2\n")
    dataset = open_dataset(tmp_path)
    with pytest.raises(DataError, match=r"train_TOY\.txt: 7 of 8 names have no frame: gone0, gone1.*gone4 and 2 more"):
        dataset.records("train")
    assert dataset.missing("train") == [f"gone{i}" for i in range(7)]


@pytest.mark.parametrize(
    ("name", "id"),
    [("/44/1(814)", "44/1(814)"), ("44\\1(814)", "44/1(814)"), ("44/1(814).bmp", "44/1(814)"), ("b.v2", "b.v2"),
     ("images/b.v2.png", "b.v2"), ("/data/IRDST/images/44/1(814).png", "44/1(814)"), ("./b.v2", "b.v2")],
)  # fmt: skip
def test_lists_may_be_written_in_many_ways(tmp_path, name, id):
    png(tmp_path / "images/44/1(814).png")
    png(tmp_path / "images/b.v2.png")
    text(tmp_path / "img_idx/train_X.txt", f"\ufeff{name}\r\n\r\n")
    assert [record.id for record in open_dataset(tmp_path).records("train")] == [id]


def test_a_name_listed_twice_is_one_frame(tmp_path):
    basicirstd(tmp_path)
    text(tmp_path / "img_idx/train_TOY.txt", "XDU2\nMisc_1\nXDU2\n")
    dataset = open_dataset(tmp_path)
    assert [record.id for record in dataset.records("train")] == ["XDU2", "Misc_1"]
    assert dataset.split("train").names == ("XDU2", "Misc_1", "XDU2")


def test_a_list_that_is_no_text_is_refused(tmp_path):
    basicirstd(tmp_path)
    text(tmp_path / "img_idx/train_TOY.txt", b"\xff\xfe\x00X")
    with pytest.raises(DataError, match="cannot read the split"):
        open_dataset(tmp_path).records("train")


def test_a_list_without_names_is_refused(tmp_path):
    basicirstd(tmp_path)
    text(tmp_path / "img_idx/train_TOY.txt", "\r\n\r\n")
    with pytest.raises(DataError, match=r"train_TOY\.txt: the split 'train' lists no frame"):
        open_dataset(tmp_path).records("train")


def test_a_link_that_leads_back_up_gives_no_frame_twice(tmp_path):
    pairs(tmp_path, ["a"])
    (tmp_path / "images/images").symlink_to((tmp_path / "images").resolve())
    (tmp_path / "images/up").symlink_to(tmp_path.resolve())
    assert [record.id for record in open_dataset(tmp_path).records()] == ["a"]


def test_a_link_to_frames_elsewhere_is_followed(tmp_path):
    pairs(tmp_path / "elsewhere", ["1"])
    for name in ("images", "masks"):
        (tmp_path / "set" / name).mkdir(parents=True)
        (tmp_path / "set" / name / "44").symlink_to((tmp_path / "elsewhere" / name).resolve())
    (record,) = open_dataset(tmp_path / "set").records()
    assert (record.id, record.mask) == ("44/1", tmp_path / "set/masks/44/1.png")


def test_masks_fall_back_to_bmp_and_png_comes_first(tmp_path):
    pairs(tmp_path, ["a", "b"])
    (tmp_path / "masks/a.png").unlink()
    for name in "ab":
        png(tmp_path / f"masks/{name}.bmp", spot())
    assert [record.mask.name for record in open_dataset(tmp_path).records()] == ["a.bmp", "b.png"]


def test_frames_of_one_name_are_refused(tmp_path):
    pairs(tmp_path, ["a"])
    png(tmp_path / "images/a.bmp")
    with pytest.raises(DataError, match=r"a\.bmp and a\.png are both frame 'a'"):
        open_dataset(tmp_path).records()


def test_hidden_files_are_no_frames(tmp_path):
    pairs(tmp_path, ["a"])
    for name in ("images/._a.png", "images/.thumbs/a2.png", "masks/._b_pixels0.txt"):
        text(tmp_path / name, "no frame")
    assert [record.id for record in open_dataset(tmp_path).records()] == ["a"]


def test_point_folders_are_found_by_kind(tmp_path):
    basicirstd(tmp_path)
    png(tmp_path / "masks_coarse/XDU2.png", spot(4, 7, 1, 1))
    png(tmp_path / "Centroid/XDU2.png", spot(3, 6, 1, 1))
    points = open_dataset(tmp_path).points()
    assert sorted(points) == ["centroid", "coarse"]
    assert read_points(points["coarse"])["XDU2"].tolist() == [[4, 7]]


def test_sirst_copies_without_the_suffix_are_read(tmp_path):
    pairs(tmp_path, ["Misc_1"])
    text(tmp_path / "idx_427/train.txt", "Misc_1\n")
    dataset = open_dataset(tmp_path)
    assert dataset.layout == "sirst_v1"
    assert dataset.records("train")[0].mask == tmp_path / "masks/Misc_1.png"


def test_sirst_v2_counts_its_pixels_from_one(tmp_path):
    sirst_v2_tree(tmp_path)
    background, target = open_dataset(tmp_path).records()
    assert (target.boxes, target.points) == (((3, 5, 5, 8),), ((3.5, 6.25),))
    assert background.empty
    assert not true_mask(background, SHAPE).any()


@pytest.mark.real
def test_sirst_v2_boxes_lie_on_the_masks(sirst, tmp_path):
    """The published boxes (xmin, ymin, xmax, ymax) and centroids (yc, xc) of two frames, against their masks."""
    published = {"Misc_86": (93, 22, 109, 28, 25.058, 100.863), "Misc_10": (57, 100, 65, 107, 102.889, 61.026)}
    for id, (*box, yc, xc) in published.items():
        rows, cols = np.nonzero(true_mask(Record(id, Path(), sirst / f"masks/{id}.png"), shape_of(sirst, id)))
        path = text(tmp_path / f"{id}.xml", voc(box))
        assert sirst_v2.boxes_of(path) == ((rows.min(), cols.min(), rows.max() + 1, cols.max() + 1),)
        place = f"<object><centroid><yc>{yc}</yc><xc>{xc}</xc></centroid></object>"
        ((row, col),) = sirst_v2.points_of(text(tmp_path / f"{id}_c.xml", voc(objects=place)))
        assert np.hypot(row - rows.mean(), col - cols.mean()) < 0.4  # theirs are weighted by intensity


def shape_of(sirst, id):
    return read(Record(id, sirst / f"images/{id}.png")).image.shape


def test_sirst_v2_without_mixed_joins_targets_and_backgrounds(tmp_path):
    sirst_v2_tree(tmp_path)
    for kind, name in (("targets", "Misc_1"), ("backgrounds", "Background_1")):
        (tmp_path / "images" / kind).mkdir(parents=True)
        (tmp_path / f"mixed/{name}.png").rename(tmp_path / f"images/{kind}/{name}.png")
    (tmp_path / "mixed").rmdir()
    assert [record.id for record in open_dataset(tmp_path).records("train_full")] == ["Misc_1", "Background_1"]


def test_one_folder_of_irstdid_is_a_dataset(tmp_path):
    irstdid(tmp_path)
    dataset = open_dataset(tmp_path / "IRSTDID-SKY")
    assert (dataset.layout, [record.id for record in dataset.records()], dataset.splits()) == ("irstdid", ["0001"], ())


def test_a_single_frame_is_a_folder_of_one(tmp_path):
    assert [record.id for record in open_dataset(png(tmp_path / "a.png")).records()] == ["a"]


def test_a_folder_with_images_alone_gives_their_names(tmp_path):
    png(tmp_path / "images/a.png")
    dataset = open_dataset(tmp_path)
    assert (dataset.layout, [record.id for record in dataset.records()]) == ("folder", ["a"])


def test_headerless_frames_are_listed_where_there_is_no_other(tmp_path):
    text(tmp_path / "b.raw", bytes(8))
    assert [record.id for record in open_dataset(tmp_path).records()] == ["b"]
    png(tmp_path / "a.png")
    assert [record.id for record in open_dataset(tmp_path).records()] == ["a"]


def test_a_mask_of_another_size_names_both_shapes(tmp_path):
    png(tmp_path / "images/a.png")
    png(tmp_path / "masks/a.png", np.zeros((12, 21), np.uint8))
    with pytest.raises(DataError, match=r"a: mask is \(12, 21\), image is \(12, 20\)"):
        read(open_dataset(tmp_path).records()[0])


def test_a_sample_holds_zeros_and_ones(tmp_path):
    pairs(tmp_path, ["a"])
    sample = read(open_dataset(tmp_path).records()[0])
    assert sample.label.dtype == np.float32
    assert np.array_equal(sample.label, spot() / 255)
    assert sample.points.shape == (0, 2)


@pytest.mark.real
def test_sirst_and_nudt_have_their_published_counts(sirst, nudt):
    """427 = 213 + 214 frames with 533 targets, 270 of them in train; 1327 = 663 + 664 frames with 1863 targets."""
    from glimt.core.targets import label

    counted = {}
    for root in (sirst, nudt):
        dataset = open_dataset(root)
        assert dataset.layout == "basicirstd"
        targets = {record.id: label(true_mask(record, read(record).image.shape))[1] for record in dataset.records()}
        parts = [len(dataset.records(split)) for split in ("train", "test")]
        in_train = sum(targets[record.id] for record in dataset.records("train"))
        counted[root.name] = (len(targets), parts, sum(targets.values()), in_train)
    assert counted["SIRST"] == (427, [213, 214], 533, 270)
    assert counted["NUDT-SIRST"][:3] == (1327, [663, 664], 1863)
    official = open_dataset(sirst)
    assert [len(official.records(name)) for name in ("official_trainval", "official_test")] == [341, 86]
