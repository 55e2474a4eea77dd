import sys

import cv2
import numpy as np
import pytest

from glimt.core.errors import FrameError, GlimtError
from glimt.core.frames import grey, read_frame
from glimt.core.sequence import count_frames, iter_frames, read_frame_at


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def write_video(path, codec, pixel_format, frames, source, **options):
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=25, options=options)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixel_format
        for frame in frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format=source)))
        file.mux(stream.encode())
    return path


def write_pages(path, stack, **options):
    pytest.importorskip("tifffile").imwrite(path, stack, **options)
    return path


@pytest.mark.parametrize("suffix", [".mkv", ".avi"])
def test_sixteen_bit_video_is_exact(tmp_path, rng, suffix):
    stack = rng.integers(0, 65536, (12, 24, 32), dtype=np.uint16)
    path = write_video(tmp_path / f"a{suffix}", "ffv1", "gray16le", stack, "gray16le")
    read = np.stack(list(iter_frames(path)))
    assert read.dtype == np.float32
    assert np.array_equal(np.rint(read * 65535), stack)
    assert count_frames(path) == 12
    for i in (11, 0, 5):
        assert np.array_equal(read_frame_at(path, i), read[i])


def test_eight_bit_video_is_exact(tmp_path, rng):
    stack = rng.integers(0, 256, (5, 24, 32), dtype=np.uint8)
    path = write_video(tmp_path / "a.avi", "ffv1", "gray", stack, "gray")
    assert np.array_equal(np.rint(np.stack(list(iter_frames(path))) * 255), stack)


@pytest.mark.parametrize(("pixel_format", "bits"), [("gray10le", 10), ("gray12le", 12)])
def test_ten_and_twelve_bits_keep_their_levels(tmp_path, rng, pixel_format, bits):
    stack = rng.integers(0, 2**bits, (3, 24, 32), dtype=np.uint16)
    path = write_video(tmp_path / "a.mkv", "ffv1", pixel_format, stack, pixel_format)
    read = np.stack(list(iter_frames(path)))
    assert np.array_equal(np.rint(read * (2**bits - 1)), stack)


def test_colour_video_becomes_grey_by_rec_601(tmp_path, rng):
    stack = rng.integers(0, 256, (3, 24, 32, 3), dtype=np.uint8)
    path = write_video(tmp_path / "a.mkv", "ffv1", "bgr0", stack, "bgr24")
    for read, written in zip(iter_frames(path), stack, strict=True):
        assert np.array_equal(np.rint(read * 255), grey(written))


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.avi", "mpeg4")])
def test_frame_i_is_the_frame_that_playing_meets_at_i(tmp_path, rng, name, codec):
    # Pictures that depend on later ones (bf) are stored out of order; frame i is brightest in column i.
    stack = np.full((40, 32, 160, 3), 40, dtype=np.uint8)
    for i in range(40):
        stack[i, :, 4 * i : 4 * i + 4] = 220
    path = write_video(tmp_path / name, codec, "yuv420p", stack, "rgb24", g="12", bf="2")
    played = list(iter_frames(path))
    assert count_frames(path) == len(played) == 40
    for i in (39, 0, 13, 12, 11, 26, 1):
        frame = read_frame_at(path, i)
        assert np.array_equal(frame, played[i])
        assert int(frame.mean(axis=0).argmax()) // 4 == i


def test_pages_of_a_tiff_are_its_frames(tmp_path, rng):
    # Oracle: OpenCV reads all pages of a file at once.
    stack = rng.integers(0, 65536, (6, 20, 30), dtype=np.uint16)
    path = write_pages(tmp_path / "a.tiff", stack, compression="lzw", predictor=True)
    assert np.array_equal(np.stack(cv2.imreadmulti(str(path), flags=cv2.IMREAD_UNCHANGED)[1]), stack)
    assert count_frames(path) == 6
    assert np.array_equal(np.rint(np.stack(list(iter_frames(path))) * 65535), stack)
    assert np.array_equal(np.rint(read_frame_at(path, 4) * 65535), stack[4])


@pytest.mark.parametrize(
    ("options", "channels"),
    [
        ({"photometric": "miniswhite"}, 0),
        ({"photometric": "rgb"}, 3),
        ({"photometric": "rgb"}, 4),
        ({"photometric": "rgb", "planarconfig": "separate"}, -3),
        ({"photometric": "minisblack", "planarconfig": "contig"}, 2),
    ],
)
def test_a_page_reads_as_the_same_frame_in_a_file_of_its_own(tmp_path, rng, options, channels):
    # Oracle: a TIFF of one page goes another way, through OpenCV.
    shape = {0: (20, 30), -3: (3, 20, 30)}.get(channels, (20, 30, channels))
    pages = rng.integers(0, 256, (3, *shape), dtype=np.uint16 if channels == 4 else np.uint8)
    many, one = tmp_path / "many.tif", tmp_path / "one.tif"
    for page in pages:
        write_pages(many, page, append=many.exists(), **options)
    write_pages(one, pages[1], **options)
    assert count_frames(many) == 3
    assert np.array_equal(read_frame_at(many, 1), read_frame(one))


def test_a_palette_page_reads_as_its_colours(tmp_path, rng):
    colours = rng.integers(0, 256, (3, 256), dtype=np.uint16)
    pages = rng.integers(0, 256, (2, 20, 30), dtype=np.uint8)
    for page in pages:
        write_pages(
            tmp_path / "a.tif", page, photometric="palette", colormap=colours << 8, append=(tmp_path / "a.tif").exists()
        )
    expected = np.tensordot([0.299, 0.587, 0.114], colours[:, pages[1]].astype(float), axes=1)
    assert np.abs(read_frame_at(tmp_path / "a.tif", 1) * 255 - expected).max() <= 0.51


def test_float_pages_with_a_hole_are_refused(tmp_path):
    stack = np.zeros((2, 8, 8), dtype=np.float32)
    stack[1, 2, 3] = np.nan
    path = write_pages(tmp_path / "a.tif", stack)
    with pytest.raises(FrameError, match="1 of 64 pixels"):
        list(iter_frames(path))


def test_a_single_frame_is_a_sequence_of_one(tmp_path):
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.full((4, 5), 51, dtype=np.uint8))
    assert count_frames(path) == 1
    assert [frame.mean() for frame in iter_frames(path)] == [pytest.approx(0.2)]
    assert read_frame_at(path, 0).shape == (4, 5)


def test_a_frame_that_is_not_there_is_refused_with_the_range(tmp_path, rng):
    stack = rng.integers(0, 256, (5, 24, 32), dtype=np.uint8)
    video = write_video(tmp_path / "a.avi", "ffv1", "gray", stack, "gray")
    pages = write_pages(tmp_path / "a.tif", stack)
    frame = tmp_path / "a.png"
    cv2.imwrite(str(frame), stack[0])
    for path, i, text in ((video, 5, "0 to 4, 5"), (pages, -1, "0 to 4, -1"), (frame, 1, "frame 0 only, 1")):
        with pytest.raises(FrameError, match=text):
            read_frame_at(path, i)


def test_what_is_no_video_is_refused_in_words(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"not a video" * 50)
    (tmp_path / "a.tif").write_bytes(b"II*\0not a picture")
    for name, text in (
        ("a.mp4", "cannot decode"),
        ("b.mp4", "cannot read"),
        ("a.tif", "cannot decode"),
        ("a.txt", "known endings"),
    ):
        with pytest.raises(FrameError, match=text):
            list(iter_frames(tmp_path / name))


def test_a_cut_video_is_refused(tmp_path, rng):
    stack = np.repeat(rng.integers(0, 256, (20, 64, 64, 1), dtype=np.uint8), 3, axis=3)
    path = write_video(tmp_path / "a.mp4", "libx264", "yuv420p", stack, "rgb24")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FrameError, match="cannot decode"):
        list(iter_frames(path))


def test_without_the_extra_the_error_names_it(tmp_path, rng, monkeypatch):
    stack = rng.integers(0, 256, (2, 24, 32), dtype=np.uint8)
    pages = write_pages(tmp_path / "a.tif", stack)
    single = write_pages(tmp_path / "one.tif", stack[0])
    (tmp_path / "a.mp4").touch()
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setitem(sys.modules, "tifffile", None)
    for path in (pages, tmp_path / "a.mp4"):
        with pytest.raises(GlimtError, match=r'pip install "glimt\[video\]"'):
            list(iter_frames(path))
    assert count_frames(single) == 1


@pytest.mark.real
def test_real_clips_are_counted_and_met_exactly(shared_data):
    # The labels that come with a clip have one line a frame.
    for name in ("IR_AIRPLANE_027", "IR_DRONE_021"):
        path = shared_data / f"sequences/drone_ir/{name}.mp4"
        played = list(iter_frames(path))
        assert count_frames(path) == len(played) == len(path.with_suffix(".csv").read_text().splitlines()) - 1
        assert played[0].shape == (256, 320)
        for i in (len(played) - 1, 150, 0):
            assert np.array_equal(read_frame_at(path, i), played[i])
