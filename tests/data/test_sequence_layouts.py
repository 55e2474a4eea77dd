import cv2
import numpy as np
import pytest
from data.sequence_tree import BOX, antiuav, clip, clips, nudt_mirsdt, sstnet, stack, tensoristd, videos, write_video
from data.tree import SHAPE, coco, pairs, png, text

from glimt.core.errors import DataError, FrameError
from glimt.core.frames import read_frame, read_mask
from glimt.core.sequence import count_frames, read_frame_at
from glimt.core.video import iter_video
from glimt.data.convert import convert, load, with_snapped
from glimt.data.dataset import open_dataset
from glimt.data.doctor import examine, fix
from glimt.data.points import read_points
from glimt.data.samples import read
from glimt.data.sequences import names_of
from glimt.data.snap import extremum
from glimt.inference.inputs import open_inputs
from glimt.inference.label import LabelledFolder, label_frames
from glimt.labelers.make import make_labeler


def ids(root, split=None):
    return [record.id for record in open_dataset(root).records(split)]


def refused(root, message, layout=None):
    with pytest.raises(DataError, match=message) as caught:
        open_dataset(root, layout).records()
    assert "\n" not in str(caught.value)


def kinds(root):
    return {finding.kind: finding.what for finding in examine(open_dataset(root))}


# splits


def test_a_sequence_is_a_split_and_its_name_may_be_short(tmp_path):
    clip(tmp_path / "seq01_data13_0000", range(2))
    clip(tmp_path / "seq04_data14_0000", range(1))
    assert ids(tmp_path, "seq01") == ["seq01_data13_0000/0000", "seq01_data13_0000/0001"]


def test_names_with_commas_are_read_in_their_order_and_each_frame_once(tmp_path):
    clips(tmp_path)
    assert ids(tmp_path, "b, a,b") == ["b/0000", "b/0001", "a/0000", "a/0001"]
    dataset = open_dataset(tmp_path)
    assert dataset.whole_name("b,a") == "b,a"
    assert dataset.split("b,a").names == ("b/0000", "b/0001", "a/0000", "a/0001")


def test_commas_join_the_lists_of_any_layout(tmp_path):
    pairs(tmp_path, ["a", "b", "c"])
    text(tmp_path / "img_idx/train_TOY.txt", "b\nc\n")
    text(tmp_path / "img_idx/test_TOY.txt", "a\n")
    assert ids(tmp_path, "test,train") == ["a", "b", "c"]


def test_a_list_whose_name_holds_a_comma_is_itself(tmp_path):
    pairs(tmp_path, ["a", "b"])
    text(tmp_path / "img_idx/a,b.txt", "b\n")
    assert ids(tmp_path, "a,b") == ["b"]


@pytest.mark.parametrize(
    ("split", "message"),
    [("a,", "a name is missing beside a comma"), ("a,seq", "no split 'seq'.*it has a, b"), (",", "missing beside")],
)
def test_a_wrong_name_among_several_is_named(tmp_path, split, message):
    clips(tmp_path)
    with pytest.raises(DataError, match=message):
        open_dataset(tmp_path).records(split)


def test_lists_may_name_sequences_and_frames(tmp_path):
    clips(tmp_path)
    text(tmp_path / "img_idx/train_TOY.txt", "b\r\n")
    text(tmp_path / "img_idx/test_TOY.txt", "a/0001\n")
    assert open_dataset(tmp_path).splits() == ("test_TOY", "train_TOY")
    assert (ids(tmp_path, "train"), ids(tmp_path, "test")) == (["b/0000", "b/0001"], ["a/0001"])
    assert ids(tmp_path, "a,train") == ["a/0000", "a/0001", "b/0000", "b/0001"]  # a sequence beside the lists


def test_frames_in_folders_are_sequences_and_stills_are_none(tmp_path):
    pairs(tmp_path / "IRDST", [f"252/{i}" for i in (10, 9, 1)] + ["44/1(814)", "44/1(9)"])
    dataset = open_dataset(tmp_path / "IRDST")
    assert [(one.id, one.sequence) for one in dataset.records()] == [
        ("44/1(9)", "44"), ("44/1(814)", "44"), ("252/1", "252"), ("252/9", "252"), ("252/10", "252")
    ]  # fmt: skip
    assert [one.id for one in dataset.records("252")] == ["252/1", "252/9", "252/10"]
    pairs(tmp_path / "stills", ["train/a", "b"])
    assert names_of(open_dataset(tmp_path / "stills").records()) == []


def test_a_dataset_of_one_split_folder_is_no_sequence(tmp_path):
    for part in ("trainval", "test"):
        pairs(tmp_path / part, ["1", "2"])
    assert names_of(open_dataset(tmp_path).records()) == []


def test_coco_names_with_folders_are_sequences(tmp_path):
    names = ["images/test/data6/0.bmp", "images/test/data6/1.bmp", "images/alone/0.bmp", "images/0.bmp", "images/1.bmp"]
    for name in names:
        png(tmp_path / name)
    coco(tmp_path, [{"id": i, "file_name": name} for i, name in enumerate(names)], [])
    found = {record.id: record.sequence for record in open_dataset(tmp_path).records()}
    assert {id for id, sequence in found.items() if sequence} == {"images/test/data6/0", "images/test/data6/1"}
    assert found["images/test/data6/1"] == "images/test/data6"


# labels


def test_points_between_pixels_are_kept(tmp_path):
    clips(tmp_path)
    assert [record.points for record in open_dataset(tmp_path).records("b")] == [((3.5, 6.0),)] * 2


def test_a_frame_without_a_target_is_empty_and_one_without_a_line_is_not_labelled(tmp_path):
    clip(tmp_path / "a", range(4))
    text(tmp_path / "a/points.csv", "frame,x,y\n1,,\n2,6,3\n2,9,3\n3,,\n")
    records = open_dataset(tmp_path).records()
    assert [(len(record.points), record.empty) for record in records] == [(0, False), (0, True), (2, False), (0, True)]


def test_a_masked_frame_needs_no_line(tmp_path):
    clip(tmp_path / "a", range(2), masks=True)
    text(tmp_path / "a/points.csv", "frame,x,y\n0,6,3\n")
    assert [len(record.points) for record in open_dataset(tmp_path).records()] == [1, 0]


def test_a_csv_counts_as_the_names_of_its_frames(tmp_path):
    for i in (5, 6):
        png(tmp_path / f"a/images/{i:04d}.png")
    text(tmp_path / "a/points.csv", "frame, x, y, radius\n6, 2, 1, 0.5\n5, 4, 3, 0.5\n")
    assert [record.points for record in open_dataset(tmp_path).records()] == [((3, 4),), ((1, 2),)]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("0,6,3\n1,6,3\n2,6,3\n", r"points.csv labels 3 frames, its sequence has 2; no frame is called 2"),
        ("0,6,3\n", r"points.csv labels 1 frames, its sequence has 2, up to 1; .*nothing behind its number"),
        ("0,6,3\n1,six,3\n", r"points.csv, line 3: 'six 3' is no 2 numbers"),
        ("0,6,\n1,6,3\n", r"line 2: '6 ' is no 2 numbers"),
        ("0,6,3\nx,6,3\n", r"line 3: frame 'x' is no frame's number"),
        ("0,6,nan\n1,6,3\n", r"line 2: '6 nan' holds a number that is none"),
        ("0,-3,3\n1,6,3\n", r"frame 0: x -3, y 3 is no place; both count from 0"),
    ],
)
def test_a_csv_that_does_not_fit_is_refused(tmp_path, lines, message):
    clip(tmp_path / "a", range(2))
    text(tmp_path / "a/points.csv", f"frame,x,y\n{lines}")
    refused(tmp_path, message)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("6 3\n", r"a.txt has 1 lines, the sequence a 2 frames; give one line a frame"),
        ("6 3\n6 3\n6 3\n\n", r"a.txt has 3 lines, the sequence a 2 frames"),
        ("6 3\nsix 3\n", r"a.txt, line 2: 'six 3' is no 2 numbers"),
        ("6 3\n\n6 3\n", r"a.txt, line 2: '' is not x y"),
        ("6 3\n6 3 1\n", r"a.txt, line 2: '6 3 1' is not x y"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(tmp_path, lines, message):
    tensoristd(tmp_path)
    text(tmp_path / "anno/a.txt", lines)
    refused(tmp_path, message)


def test_tensoristd_is_read_as_it_is_written(tmp_path):
    tensoristd(tmp_path)
    assert [one.points for one in open_dataset(tmp_path).records("a")] == [((3, 6),), ((3.5, 6),)]


def test_labels_of_a_sequence_that_is_not_there_are_refused(tmp_path):
    tensoristd(tmp_path)
    text(tmp_path / "anno/c.txt", "6 3\n")
    refused(tmp_path, r"c.txt labels a sequence that is not in .*data")
    antiuav(tmp_path / "uav")
    text(tmp_path / "uav/annos/val/gone.txt", BOX)
    refused(tmp_path / "uav", r"gone.txt: no folder and no video of the sequence val/gone")


def test_an_absent_box_makes_its_frame_empty(tmp_path):
    antiuav(tmp_path)
    text(tmp_path / "annos/val/b.txt", f"0,0,0,0\n{BOX}")
    records = open_dataset(tmp_path).records("val")
    assert [(record.boxes, record.empty) for record in records] == [((), True), (((3, 5, 5, 8),), False)]


def test_a_box_without_a_size_is_refused(tmp_path):
    videos(tmp_path)
    text(tmp_path / "a.csv", f"frame,x,y,w,h\n0,{BOX}\n1,0,0,0,0\n2,4,4,0,2\n")
    refused(tmp_path, r"a.csv, frame 2: a box of 0 x 2 px; an absent target is 0,0,0,0")


def test_one_video_is_a_dataset(tmp_path):
    videos(tmp_path)
    dataset = open_dataset(tmp_path / "a.avi")
    assert (dataset.layout, len(dataset.records())) == ("videos", 3)
    frames = [read(record).image[0, 0] * 255 for record in dataset.records()]
    assert frames == pytest.approx([0, 10, 20], abs=1e-3)


def test_sstnet_keeps_the_middle_of_a_small_square_and_other_boxes(tmp_path):
    """The line of DAUB that stands in research notes: 67,106,75,114 is drawn around (71, 110)."""
    sstnet(tmp_path)
    name = "/home/public/DAUB/images/train/data5"
    lines = f"{name}/0.bmp 67,106,75,114,0 10,20,18,28,0\n{name}/10.bmp 5,3,8,5,0\n"
    text(tmp_path / "coco_train_DAUB.txt", lines)
    small, large = open_dataset(tmp_path).records()
    assert (small.points, small.boxes, small.sequence) == (((110, 71), (24, 14)), (), "train/data5")
    assert (large.points, large.boxes) == (((4, 6.5),), ((3, 5, 5, 8),))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train/data5/7.bmp 5,3,8,5,0", r"1 frames are not in .*images: train/data5/7.bmp"),
        ("train/data5/0.bmp 5,3,8,0", r"line 3: '5,3,8,0' is not x1,y1,x2,y2,class"),
        ("train/data5/0.bmp 5,3,8,five,0", r"line 3: '5 3 8 five 0' is no 5 numbers"),
        ("train/data5/0.bmp 5,3,8,5,0", r"line 3: another line has other boxes for train/data5/0"),
        ("train/data5/0.bmp 5,3,3,5,0", r"line 3: a box of -2 x 2 px"),
    ],
)
def test_a_line_of_sstnet_that_does_not_fit_is_refused(tmp_path, line, message):
    sstnet(tmp_path)
    with (tmp_path / "coco_train_DAUB.txt").open("a") as file:
        file.write(line)
    refused(tmp_path, message)


# frames


def test_the_last_plane_of_a_mat_file_is_its_frame(tmp_path):
    path = stack(tmp_path / "a.mat")
    assert np.array_equal(np.rint(read_frame(path) * 255), np.arange(240).reshape(SHAPE))


def test_images_come_before_mat_files(tmp_path):
    nudt_mirsdt(tmp_path)
    png(tmp_path / "Sequence2/images/00002.png")
    records = open_dataset(tmp_path).records("train")
    assert [record.image.suffix for record in records] == [".mat", ".png"]
    assert np.allclose(read(records[0]).image, read(records[1]).image)


def test_mat_files_that_hold_no_frame_are_refused(tmp_path):
    from scipy.io import savemat

    new = text(tmp_path / "new.mat", b"MATLAB 7.3 MAT-file" + bytes(600))
    damaged = text(tmp_path / "damaged.mat", stack(tmp_path / "a.mat").read_bytes()[:400])
    savemat(tmp_path / "two.mat", {"a": np.ones((4, 4)), "b": np.ones((4, 4))})
    savemat(tmp_path / "none.mat", {"note": "no numbers"})
    for path, message in (
        (new, r"is of MATLAB 7\.3.*save it with -v7"),
        (damaged, "cannot decode .*damaged.mat"),
        (tmp_path / "two.mat", "holds 2 stacks: a, b"),
        (tmp_path / "none.mat", "holds no stack of frames"),
        (tmp_path / "gone.mat", "cannot read .*No such file"),
    ):
        with pytest.raises(FrameError, match=message):
            read_frame(path)


def test_a_video_that_is_cut_gives_its_frames_and_names_the_first_that_is_lost(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (30, 48, 64), dtype=np.uint8)
    path = write_video(tmp_path / "a.avi", noise)
    whole = np.stack(list(iter_video(path)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    read_before = []
    with pytest.raises(FrameError, match=r"from frame (\d+) on, .*cut short; frames 0 to") as caught:
        read_before.extend(iter_video(path))
    good = len(read_before)
    assert 0 < good < 30
    assert f"from frame {good} on" in str(caught.value)
    assert np.array_equal(np.stack(read_before), whole[:good])
    assert np.array_equal(read_frame_at(path, good - 1), whole[good - 1])
    with pytest.raises(FrameError, match=f"from frame {good} on"):
        read_frame_at(path, good)


def test_frames_of_an_uneven_video_are_counted_not_timed(tmp_path):
    from fractions import Fraction

    import av

    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=25)
        (stream.height, stream.width), stream.pix_fmt = (8, 16), "gray"
        stream.codec_context.time_base = Fraction(1, 1000)
        for i, time in enumerate((0, 40, 400, 410, 2000)):
            frame = av.VideoFrame.from_ndarray(np.full((8, 16), 20 * i, np.uint8), format="gray")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    assert count_frames(path) == 5
    assert [round(float(read_frame_at(path, i)[0, 0]) * 255) for i in range(5)] == [0, 20, 40, 60, 80]


# doctor


def test_the_doctor_sees_gaps_sizes_and_bits_within_a_sequence(tmp_path):
    clip(tmp_path / "a", (0, 1, 2, 5, 6))
    png(tmp_path / "a/images/0002.png", np.zeros((12, 24), np.uint8))
    cv2.imwrite(str(tmp_path / "a/images/0005.png"), np.arange(240, dtype=np.uint16).reshape(SHAPE))
    found = kinds(tmp_path)
    assert found["gap"] == "its 5 frames jump from 2 to 5"
    assert found["sizes differ"] == "4 of 12 x 20, from a/0000; 1 of 12 x 24, from a/0002"
    assert found["bits differ"] == "4 of 8 bits, from a/0000; 1 of 16 bits, from a/0005"


def test_the_doctor_finds_nothing_in_a_sequence_that_is_whole(tmp_path):
    clip(tmp_path / "a", range(0, 12, 2))
    assert not {"gap", "number twice", "sizes differ", "bits differ"} & set(kinds(tmp_path))


def test_the_doctor_reads_the_frames_of_videos_and_mat_files(tmp_path):
    videos(tmp_path / "v")
    nudt_mirsdt(tmp_path / "m")
    for name in "vm":
        assert "unreadable" not in kinds(tmp_path / name)


def test_a_clean_copy_of_mat_files_holds_their_frames(tmp_path):
    nudt_mirsdt(tmp_path / "m")
    dataset = open_dataset(tmp_path / "m")
    assert fix(dataset, [], tmp_path / "copy").frames == 4
    frame = cv2.imread(str(tmp_path / "copy/images/Sequence2/00001.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(frame, np.arange(240).reshape(SHAPE))
    assert ids(tmp_path / "copy", "train") == ["Sequence2/00001", "Sequence2/00002"]


def test_masks_of_a_video_lie_in_a_folder_of_its_name(tmp_path):
    """The whole way: boxes, points, masks; the square of 2 x 2 px in each box is what PAMG must draw."""
    frames = []
    for i in range(3):
        frame = np.random.default_rng(i).normal(60, 1, (48, 64))
        frame[20:22, 30 + i : 32 + i] += 120
        frames.append(frame.astype(np.uint8))
    write_video(tmp_path / "v/a.avi", frames)
    text(tmp_path / "v/a.csv", "frame,x,y,w,h\n" + "".join(f"{i},{27 + i},17,8,8\n" for i in range(3)))
    convert(load(tmp_path / "v"), tmp_path / "points.csv", "points")
    inputs = open_inputs(tmp_path / "v", tmp_path / "points.csv")
    folder = LabelledFolder(tmp_path / "out")
    done = folder.open({}, overwrite=False)
    rows = list(label_frames(inputs.clicks, inputs.read, make_labeler("pamg", {}), folder, done))
    assert len(rows) == 3
    for i in range(3):
        mask = read_mask(tmp_path / f"out/masks/a/{i:06d}.png")
        assert mask[20:22, 30 + i : 32 + i].all()
        assert mask.sum() <= 9


# from boxes to points and frames


def test_boxes_of_a_video_become_points_that_label_takes(tmp_path):
    videos(tmp_path / "v")
    text(tmp_path / "v/b.csv", "frame,x,y,w,h\n0,-4,3,8,2\n1,0,0,0,0\n2,18,11,6,6\n")
    convert(load(tmp_path / "v"), tmp_path / "points.csv", "points")
    points = read_points(tmp_path / "points.csv")
    assert points["a/000002"].tolist() == [[3.5, 6]]  # the middle of rows 3, 4 and cols 5, 6, 7
    assert points["b/000000"].tolist() == [[3.5, 1.5]]  # of what the frame shows of the box: cols 0 to 3
    assert points["b/000002"].tolist() == [[11, 18.5]]
    assert "b/000001" not in points


def test_a_box_beyond_its_frame_is_refused(tmp_path):
    videos(tmp_path / "v")
    text(tmp_path / "v/b.csv", "frame,x,y,w,h\n0,30,3,8,2\n1,0,0,0,0\n2,0,0,0,0\n")
    with pytest.raises(DataError, match=r"b/000000: box \(3, 30, 5, 38\) is outside the frame of 12 rows x 20 cols"):
        convert(load(tmp_path / "v"), tmp_path / "points.csv", "points")


def test_frames_of_videos_and_mat_files_are_converted_to_png(tmp_path):
    videos(tmp_path / "v")
    convert(load(tmp_path / "v"), tmp_path / "coco", "coco")
    frame = cv2.imread(str(tmp_path / "coco/images/a/000002.png"), cv2.IMREAD_UNCHANGED)
    assert frame.dtype == np.uint8
    assert (frame == 20).all()
    back = open_dataset(tmp_path / "coco")
    assert names_of(back.records()) == ["a", "b"]
    assert [len(back.records(name)) for name in ("a", "b")] == [3, 3]
    nudt_mirsdt(tmp_path / "m")
    convert(load(tmp_path / "m"), tmp_path / "png", "png")
    frame = cv2.imread(str(tmp_path / "png/images/Sequence2/00001.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(frame, np.arange(240).reshape(SHAPE))
    assert ids(tmp_path / "png", "train") == ["Sequence2/00001", "Sequence2/00002"]


# real data


@pytest.mark.real
def test_real_sequences_have_their_published_counts(shared_data):
    """datasets.md: six sequences of 100 frames with one point each; 40, 30 and 100 frames; 314 frames, 313 labelled."""
    root = shared_data / "sequences"
    daub = open_dataset(root / "DAUB")
    assert daub.layout == "clips"
    assert len(daub.records("seq01,seq04,seq09")) == 300
    assert all(len(record.points) == 1 for record in daub.records())
    classic = open_dataset(root / "classic")
    assert [len(classic.records(name)) for name in classic.splits()] == [40, 30, 100]
    assert classic.records("easy1")[0].points == ((44.25, 52.98),)
    bird = open_dataset(root / "drone_ir").records("IR_BIRD_004")
    assert (len(bird), sum(bool(record.boxes) for record in bird)) == (314, 313)


@pytest.mark.real
def test_real_points_lie_on_something_bright(shared_data):
    """Rows and cols are not swapped: the targets of DAUB's training sequences stand out at (y, x), not at (x, y)."""
    for record in open_dataset(shared_data / "sequences/DAUB").records("seq01,seq04,seq09")[::60]:
        ((row, col),) = record.points
        image = read(record).image
        right, swapped = (contrast(image, *map(int, place)) for place in ((row, col), (col, row)))
        assert right > swapped


def contrast(image, row, col):
    near = image[max(row - 2, 0) : row + 3, max(col - 2, 0) : col + 3]
    around = image[max(row - 9, 0) : row + 10, max(col - 9, 0) : col + 10]
    return (near.max() - around.mean()) / around.std()


# the strongest extremum near a point


def test_a_point_moves_to_the_extremum_that_differs_most_from_its_surroundings():
    image = np.full((21, 21), 0.5, np.float32)
    image[10, 13], image[8, 8], image[10, 15] = 0.7, 0.1, 1.0  # brighter by 0.2, darker by 0.4, too far
    assert extremum(image, (10, 10), 3) == (8, 8)
    assert extremum(image, (10, 12), 2) == (10, 13)


def test_a_slope_that_goes_on_beyond_the_reach_is_no_extremum():
    image = np.tile(np.linspace(0, 1, 41, dtype=np.float32), (41, 1))
    assert extremum(image, (20, 20), 4) is None


def test_extrema_at_the_corner_of_a_frame_are_met():
    image = np.zeros((9, 9), np.float32)
    image[0, 8] = 1
    assert extremum(image, (1, 7), 3) == (0, 8)


def test_two_points_never_snap_to_one_pixel(tmp_path):
    clip(tmp_path / "a", range(1))
    image = np.full(SHAPE, 50, np.uint8)
    image[3, 6] = 200
    png(tmp_path / "a/images/0000.png", image)
    text(tmp_path / "a/points.csv", "frame,x,y\n0,7,3\n0,5,3\n")
    convert(with_snapped(load(tmp_path), 2), tmp_path / "points.csv", "points")
    assert read_points(tmp_path / "points.csv")["a/0000"].tolist() == [[3, 6], [3, 5]]
