import shutil
import tracemalloc

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from glimt.core.errors import FrameError, OptionError
from glimt.core.files import write_png
from glimt.core.frames import FRAME_SUFFIXES, read_frame, read_mask, read_pixels, to_image
from glimt.core.raw import RawFormat, parse_raw


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def levels(rng):
    return cv2.GaussianBlur(rng.integers(0, 256, (40, 56), dtype=np.uint8), (5, 5), 0)


def save(path, picture, **options):
    """Pillow is the oracle: it writes what OpenCV has to read."""
    Pillow.fromarray(picture).save(path, **options) if isinstance(picture, np.ndarray) else picture.save(
        path, **options
    )
    return path


def rec601(rgb):
    """Grey by the definition, in floats."""
    return rgb @ np.array([0.299, 0.587, 0.114])


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".tif"])
def test_eight_bit_grey_comes_back_exactly(tmp_path, levels, suffix):
    path = save(tmp_path / f"a{suffix}", levels)
    assert np.array_equal(read_pixels(path), levels)
    assert read_pixels(path).dtype == np.uint8
    assert np.array_equal(read_frame(path), (levels / 255).astype(np.float32))


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_sixteen_bits_keep_every_level(tmp_path, suffix):
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    path = save(tmp_path / f"a{suffix}", every)
    assert np.array_equal(read_pixels(path), every)
    frame = read_frame(path)
    assert frame.dtype == np.float32
    assert np.array_equal(np.rint(frame * 65535), every)
    assert len(np.unique(frame)) == 65536


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
def test_colour_becomes_grey_by_rec_601(tmp_path, rng, suffix):
    rgb = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
    path = save(tmp_path / f"a{suffix}", rgb)
    assert np.abs(read_pixels(path) - rec601(rgb)).max() <= 0.51  # rounded


def test_sixteen_bit_colour_becomes_sixteen_bit_grey(tmp_path, rng):
    bgr = rng.integers(0, 65536, (30, 40, 3), dtype=np.uint16)
    write_png(tmp_path / "a.png", bgr)
    pixels = read_pixels(tmp_path / "a.png")
    assert pixels.dtype == np.uint16
    assert np.abs(pixels - rec601(bgr[..., ::-1])).max() <= 2  # of 65535: the weights have 14 bits


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_stored_as_colour_loses_nothing(tmp_path, dtype):
    every = np.arange(np.iinfo(dtype).max + 1).astype(dtype).reshape(16, -1)
    write_png(tmp_path / "a.png", np.dstack([every] * 3))
    assert np.array_equal(read_pixels(tmp_path / "a.png"), every)


def test_alpha_is_ignored(tmp_path, rng, levels):
    alpha = rng.integers(0, 256, levels.shape, dtype=np.uint8)
    colour = Pillow.fromarray(np.dstack([levels, levels, levels, alpha]))
    grey = Pillow.merge("LA", [Pillow.fromarray(levels), Pillow.fromarray(alpha)])
    assert np.array_equal(read_pixels(save(tmp_path / "rgba.png", colour)), levels)
    assert np.array_equal(read_pixels(save(tmp_path / "la.png", grey)), levels)


def test_a_transparent_eight_bit_tiff_is_refused_for_opencv_blends_it(tmp_path, levels):
    colours = np.dstack([levels] * 3)
    opaque = np.dstack([colours, np.full_like(levels, 255)])
    assert np.array_equal(read_pixels(save(tmp_path / "a.tif", opaque)), levels)
    opaque[3, 4, 3] = 254
    with pytest.raises(FrameError, match="transparent"):
        read_pixels(save(tmp_path / "a.tif", opaque))


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
@pytest.mark.parametrize("colours", [2, 16, 200])
def test_a_palette_is_expanded(tmp_path, rng, suffix, colours):
    picture = Pillow.fromarray(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)).quantize(colours)
    path = save(tmp_path / f"a{suffix}", picture)
    assert np.abs(read_pixels(path) - rec601(np.array(picture.convert("RGB")))).max() <= 0.51


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
def test_one_bit_masks_are_read(tmp_path, levels, suffix):
    mask = levels > 130
    path = save(tmp_path / f"a{suffix}", Pillow.fromarray(mask))
    assert np.array_equal(read_mask(path), mask)


def test_a_jpeg_comes_back_nearly(tmp_path, levels):
    path = save(tmp_path / "a.jpg", levels, quality=100)
    assert np.abs(read_pixels(path).astype(int) - levels).max() <= 3


def test_a_rotated_camera_changes_nothing(tmp_path, levels):
    picture = Pillow.fromarray(levels)
    exif = picture.getexif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    assert read_pixels(save(tmp_path / "a.jpg", picture, exif=exif)).shape == levels.shape


def test_floats_inside_zero_to_one_stay_and_others_are_mapped(tmp_path):
    inside = np.array([[0.25, 0.5], [0.75, 0.3]], dtype=np.float32)
    degrees = np.array([[22.0, 27.0], [32.0, 42.0]], dtype=np.float32)
    cv2.imwrite(str(tmp_path / "in.tiff"), inside)
    cv2.imwrite(str(tmp_path / "out.tiff"), degrees)
    assert np.array_equal(read_frame(tmp_path / "in.tiff"), inside)
    np.testing.assert_allclose(read_frame(tmp_path / "out.tiff"), [[0, 0.25], [0.5, 1]], atol=1e-6)
    assert np.array_equal(read_pixels(tmp_path / "out.tiff"), degrees)


def test_float_frames_of_any_span_land_in_zero_to_one():
    widest = np.float32(3.4e38)
    for low, high in ((-widest, widest), (5, 5), (-1e-30, 0), (300, 300.001), (7, 7 + 2**-20)):
        image = to_image(np.array([[low, high]], dtype=np.float32))
        assert image.min() == 0
        assert image.max() in (0, 1)


def test_a_mask_is_true_above_half_of_its_type(tmp_path):
    write_png(tmp_path / "a.png", np.array([[0, 127, 128, 255]], dtype=np.uint8))
    write_png(tmp_path / "b.png", np.array([[0, 32767, 32768, 65535]], dtype=np.uint16))
    cv2.imwrite(str(tmp_path / "c.tiff"), np.array([[0, 0.5, 0.51, 1]], dtype=np.float32))
    for name in ("a.png", "b.png", "c.tiff"):
        assert read_mask(tmp_path / name).tolist() == [[False, False, True, True]]


@pytest.mark.parametrize("suffix", FRAME_SUFFIXES)
def test_a_file_cut_anywhere_is_refused_without_a_word_on_standard_error(tmp_path, levels, suffix, capfd):
    whole = save(tmp_path / f"whole{suffix}", levels).read_bytes()
    cut = tmp_path / f"cut{suffix}"
    for size in [*range(1, 64, 7), *range(64, len(whole), 97), len(whole) - 1]:
        cut.write_bytes(whole[:size])
        with pytest.raises(FrameError, match=r"cannot decode .*cut"):
            read_frame(cut)
    if suffix == ".png":  # libjpeg has no way to be kept quiet
        assert capfd.readouterr().err == ""


def test_a_png_with_one_wrong_bit_is_refused(tmp_path, levels):
    code = bytearray(save(tmp_path / "a.png", levels).read_bytes())
    code[len(code) // 2] ^= 1
    (tmp_path / "a.png").write_bytes(code)
    with pytest.raises(FrameError, match="damaged"):
        read_frame(tmp_path / "a.png")


def test_what_is_no_frame_is_refused_in_words(tmp_path):
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("not a picture")
    for name, text in (
        ("absent.png", "No such file"),
        ("", "directory"),
        ("empty.png", "0 bytes"),
        ("text.png", "no PNG"),
    ):
        with pytest.raises(FrameError, match=text):
            read_frame(tmp_path / name)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_pixels_that_are_no_numbers_are_refused_and_counted(tmp_path, value):
    frame = np.zeros((5, 6), dtype=np.float32)
    frame[2, 3] = frame[4, 4] = value
    cv2.imwrite(str(tmp_path / "a.tiff"), frame)
    with pytest.raises(FrameError, match="2 of 30 pixels are NaN or infinite"):
        read_frame(tmp_path / "a.tiff")
    frame.tofile(tmp_path / "a.raw")
    with pytest.raises(FrameError, match="2 of 30 pixels"):
        read_frame(tmp_path / "a.raw", RawFormat("float32", (5, 6)))


@pytest.mark.parametrize(("dtype", "channels", "factor"), [("u1", 1, 6), ("u2", 1, 6), ("u1", 3, 6), ("f4", 1, 9)])
def test_memory_stays_under_a_fixed_number_of_bytes_a_pixel(tmp_path, rng, dtype, channels, factor):
    # 100 million 8-bit grey pixels need at most 0.6 GB: the file, its grey levels, and the float32 frame.
    shape = (1000, 1000) if channels == 1 else (1000, 1000, channels)
    path = tmp_path / ("a.tiff" if dtype == "f4" else "a.png")
    cv2.imwrite(str(path), (rng.random(shape) * 255).astype(dtype), [cv2.IMWRITE_TIFF_COMPRESSION, 1] * (dtype == "f4"))
    tracemalloc.start()
    read_frame(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= (factor + 0.1) * 1e6


@pytest.mark.parametrize("dtype", ["uint8", "uint16", ">uint16", "int16", "float32", ">float32", "float64"])
def test_a_headerless_frame_is_read_with_its_type_and_size(tmp_path, rng, dtype):
    numbers = rng.integers(0, 200, (7, 9)).astype(np.dtype(dtype.lstrip(">")))
    if dtype.startswith(">"):
        numbers = numbers.astype(numbers.dtype.newbyteorder(">"))
    (tmp_path / "a.raw").write_bytes(b"header" + numbers.tobytes())
    frame = read_frame(tmp_path / "a.raw", parse_raw(f"{dtype}:7x9+6"))
    whole = {"uint8": 255, "uint16": 65535}.get(dtype.lstrip(">"))
    low, span = (0, whole) if whole else (numbers.min(), np.ptp(numbers))
    np.testing.assert_allclose(frame, (numbers.astype(float) - low) / span, atol=1e-6)


def test_a_headerless_file_of_another_size_names_both_sizes(tmp_path):
    (tmp_path / "a.raw").write_bytes(bytes(100))
    with pytest.raises(FrameError, match=r"uint16 of 7 rows x 8 cols behind 0 bytes takes 112 bytes, the file has 100"):
        read_frame(tmp_path / "a.raw", parse_raw("uint16:7x8"))
    with pytest.raises(FrameError, match="No such file"):
        read_frame(tmp_path / "b.raw", parse_raw("uint16:7x8"))


@pytest.mark.parametrize(
    "text", ["uint16", "480x640", "uint16:480", "uint16:0x640", "complex64:4x4", "u2:4x4", "uint16:4x4+"]
)
def test_a_raw_format_that_says_too_little_is_refused(text):
    with pytest.raises(OptionError, match="uint16"):
        parse_raw(text)


@pytest.mark.real
def test_a_compressed_radiometric_tiff_keeps_its_334_levels(shared_data, capfd):
    # Known range of the file: 6743..7077; LZW with a horizontal predictor, and tags OpenCV does not know.
    pixels = read_pixels(shared_data / "raw16/example_radiometric.tiff")
    assert (pixels.dtype, pixels.shape, pixels.min(), pixels.max()) == (np.uint16, (512, 640), 6743, 7077)
    frame = read_frame(shared_data / "raw16/example_radiometric.tiff")
    assert np.array_equal(np.rint(frame * 65535), pixels)
    assert capfd.readouterr().err == ""


@pytest.mark.real
def test_a_headerless_float_file_is_read_in_degrees(shared_data):
    # Known range of the file: 22.7 to 35.3 degrees.
    path = shared_data / "raw16/FLIRjpg_W640_H480_F1_I.raw"
    degrees = np.fromfile(path, np.float32).reshape(480, 640)
    assert degrees.min() == pytest.approx(22.7, abs=0.05)
    assert degrees.max() == pytest.approx(35.3, abs=0.05)
    frame = read_frame(path, parse_raw("float32:480x640"))
    np.testing.assert_allclose(frame, (degrees - degrees.min()) / np.ptp(degrees), atol=1e-6)


@pytest.mark.real
def test_a_camera_container_is_read_behind_its_header(shared_data):
    # FLIR FFF: little-endian pixels, 2623..2739, behind the record at 512 and its 32 bytes.
    path = shared_data / "raw16/frame_000000.fff"
    code = path.read_bytes()
    pixels = np.frombuffer(code, "<u2", 640 * 512, 512 + 32)
    assert (pixels.min(), pixels.max()) == (2623, 2739)
    with pytest.raises(FrameError, match=f"the file has {len(code)}"):
        read_frame(path, parse_raw("uint16:512x640+544"))


@pytest.mark.real
def test_real_frames_read_as_pillow_reads_them(sirst, tmp_path):
    for path in sorted((sirst / "images").glob("*.png"))[::20]:
        with Pillow.open(path) as picture:
            assert np.array_equal(read_pixels(path), np.array(picture.convert("L")))
    odd = tmp_path / "hérbst 1(814).png"
    shutil.copy(path, odd)
    assert np.array_equal(read_pixels(odd), read_pixels(path))
