"""Candidates. The oracle is the labeler itself on the whole frame, and `glimt label`'s own table."""

import subprocess
import sys
import time
import uuid

import numpy as np
import pytest
from annotate.projects import a_draft, by, frame, square, write_frames

from glimt.annotate.frames import Frames, Opened, read_opened
from glimt.annotate.measure import measure
from glimt.annotate.project import open_frame, open_project
from glimt.annotate.propose import Clicks, Wish, known_labelers, propose
from glimt.annotate.service import candidates, place
from glimt.annotate.window import draw_whole
from glimt.core.errors import DataError, FrameError, OptionError, UnknownNameError
from glimt.core.types import Place
from glimt.labelers.labeler import Drawing, draw, grey_levels
from glimt.labelers.make import make_labeler
from glimt.labelers.table import rows_of

NAMED = known_labelers()
WISHES = [
    ("pamg", {"support": 6.0}),
    ("pamg", {}),
    ("pmg", {}),
    ("fuse", {}),
    ("fuse", {"tau": 0.3, "reach": 12, "length": 10}),
    ("box", {"side": 5}),
    ("p2b", {"length": 10}),
]


def opened(image):
    return Opened(image, np.zeros(image.shape, np.uint16), grey_levels(image).dtype.name, "")


def a_scene(rng, dtype, shape=(190, 230)):
    places = [
        (int(rng.integers(shape[0])), int(rng.integers(shape[1])), float(rng.choice([-900, 900]))) for _ in "abcdef"
    ]
    pixels = frame(places, int(rng.integers(1000)), shape, np.uint8 if dtype == "uint8" else np.uint16)
    white = 255 if dtype == "uint8" else 65535
    image = pixels.astype(np.float32) / np.float32(white)
    return (image * np.float32(0.77) + np.float32(0.01) if dtype == "float32" else image), places


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize(("name", "options"), WISHES)
def test_a_window_of_the_frame_gives_what_the_whole_frame_gives(name, options, dtype):
    rng, labeler = np.random.default_rng(11), make_labeler(name, options)
    for trial in range(4):
        image, places = a_scene(rng, dtype)
        seed, *rest = [(row + 0.4, col - 0.4) for row, col, _ in places]
        seed = (min(seed[0], 189.0), max(seed[1], 0.0)) if trial else (0.0, 229.0)
        rest = [(min(row, 189.0), max(col, 0.0)) for row, col in rest] if trial > 1 else []
        (found,) = propose(opened(image), Clicks((seed,), tuple(rest)), [Wish(name, options)], NAMED)
        drawing = draw(labeler, image, np.array([seed, *rest]))
        alone = (drawing.instances == 1).astype(np.int32)
        assert np.array_equal(found.mask.within(image.shape), alone == 1)
        expected = Drawing(alone, drawing.quality, drawing.sign)
        (row,) = rows_of("", image, np.array([seed]), expected)
        assert (found.figures.area, found.figures.radius) == (row.area, row.radius)
        assert np.allclose([found.figures.row, found.figures.col], [row.row, row.col], rtol=0, atol=1e-9)
        assert found.figures.scr == pytest.approx(row.scr, rel=1e-12)
        assert found.figures.quality == (None if np.isnan(row.quality) else row.quality)
        assert found.figures.doubt == pytest.approx(row.doubt, rel=1e-12)


def test_a_window_of_coarser_levels_than_the_frame_s_is_not_used(monkeypatch):
    pixels = np.full((200, 200), 40 * 257, np.uint16)
    pixels[5:8, 5:8] = 90 * 257
    pixels[190, 190] = 7  # the only level that 8 bits cannot hold
    asked = []
    monkeypatch.setattr("glimt.annotate.window.draw_whole", lambda *all: asked.append(1) or draw_whole(*all))
    propose(opened(pixels.astype(np.float32) / np.float32(65535)), Clicks(((6.0, 6.0),)), [Wish("pamg", {})], NAMED)
    assert asked


def test_several_seeds_are_one_target_and_a_negative_seed_is_never_taken():
    image, _ = a_scene(np.random.default_rng(0), "uint16", (60, 60))
    image[20:23, 20:23] += 0.05
    image[20:23, 26:29] += 0.05
    frame, seeds = opened(image), ((21.0, 21.0), (21.0, 27.0))
    for name in ("pamg", "pmg", "fuse"):
        (both,) = propose(frame, Clicks(seeds), [Wish(name, {})], NAMED)
        alone = [propose(frame, Clicks((seed,)), [Wish(name, {})], NAMED)[0].mask for seed in seeds]
        assert np.array_equal(both.mask.within((60, 60)), alone[0].within((60, 60)) | alone[1].within((60, 60)))
        (kept,) = propose(frame, Clicks(seeds[:1], seeds[1:]), [Wish(name, {})], NAMED)
        rows, cols = np.nonzero(kept.mask.within((60, 60)))
        assert ((cols - 21) ** 2 <= (cols - 27) ** 2).all()  # the middle between the clicks is as far as it goes
        assert rows.size


def test_a_labeler_that_heeds_no_clicks_is_cut_at_the_middle_to_a_negative_seed():
    named = {"all": "annotate.test_propose:Everything"}
    (found,) = propose(
        opened(np.zeros((9, 9), np.float32)), Clicks(((4.0, 2.0),), ((4.0, 6.0),)), [Wish("all", {})], named
    )
    assert np.array_equal(found.mask.within((9, 9)), np.broadcast_to(np.arange(9) <= 4, (9, 9)))
    assert (found.figures.quality, found.figures.doubt) == (None, 1.0)


class Everything:
    def __call__(self, image, points):
        return np.ones(image.shape, np.int32)


def test_a_candidate_says_its_labeler_s_whole_options():
    image, _ = a_scene(np.random.default_rng(0), "uint16", (60, 60))
    first, second = propose(
        opened(image), Clicks(((5.0, 5.0),)), [Wish("pamg", {"support": 7}), Wish("fuse", {})], NAMED
    )
    assert (first.labeler, first.options["support"], first.options["warmup"]) == ("pamg", 7.0, 4)
    assert second.options["tau"] is None


@pytest.mark.parametrize(
    ("wish", "error", "message"),
    [
        (Wish("fuze", {}), UnknownNameError, "did you mean 'fuse'"),
        (Wish("os:system", {}), UnknownNameError, "offered: "),
        (Wish("p2b", {"labeler": "os:system"}), OptionError, "number or a known word"),
        (Wish("p2b", {"labeler": "../secret"}), OptionError, "number or a known word"),
        (Wish("pamg", {"path": 3}), OptionError, "'path' cannot be 3"),
        (Wish("pamg", {"supprt": 3}), OptionError, "'supprt'"),
        (Wish("pamg", {"support": -1}), OptionError, "from 0.5 to 1000"),
    ],
)
def test_a_page_can_ask_for_no_other_labeler_and_no_file(wish, error, message):
    with pytest.raises(error, match=message):
        propose(opened(np.zeros((9, 9), np.float32)), Clicks(((4.0, 4.0),)), [wish], NAMED)


@pytest.mark.parametrize(
    ("clicks", "message"),
    [
        (Clicks(()), "click on the target first"),
        (Clicks(((9.0, 0.0),)), "outside the frame of 9 rows x 9 cols"),
        (Clicks(((1.0, 1.0),), ((-2.0, 0.0),)), "outside the frame"),
        (Clicks(((1.0, 1.0),), ((1.3, 0.9),)), "both a seed and a place not to grow to"),
    ],
)
def test_clicks_that_cannot_be_are_refused(clicks, message):
    with pytest.raises(DataError, match=message):
        propose(opened(np.zeros((9, 9), np.float32)), clicks, [Wish("pamg", {})], NAMED)


def test_a_run_needs_torch_and_is_offered_by_its_folder_s_name(tmp_path, monkeypatch):
    assert known_labelers([tmp_path / "runs" / "mine"])["mine"].endswith("runs/mine")
    monkeypatch.setattr("glimt.annotate.propose.find_spec", lambda name: None)
    with pytest.raises(OptionError, match="needs torch"):
        known_labelers([tmp_path / "mine"])


def test_a_neighbour_s_click_bounds_a_candidate_as_it_does_on_the_command_line(tmp_path):
    pixels = frame([(20, 20, 3000), (20, 24, 3000)])
    opened_project = open_project(write_frames(tmp_path, {"a": pixels}))
    place(opened_project, "a", [a_draft(20, 24)], by())
    found = candidates(opened_project, "a", Clicks(((20.0, 20.0),)), [Wish("fuse", {})])[0]
    image = pixels.astype(np.float32) / np.float32(65535)
    whole = make_labeler("fuse")(image, np.array([[20.0, 20.0], [20.0, 24.0]]))
    assert np.array_equal(found.mask.within(pixels.shape), whole == 1)
    again = candidates(opened_project, "a", Clicks(((20.0, 24.0),)), [Wish("fuse", {})], uuid=str(uuid.uuid4()))[0]
    assert again.mask is not None  # a second click on the same pixel is no rival of itself
    assert opened_project.store.db.execute("SELECT COUNT(*) FROM op").fetchone()[0] == 1
    opened_project.close()


def test_three_labelers_answer_in_50_ms_on_a_large_frame():
    image = frame([(500, 600, 3000)], shape=(1024, 1280)).astype(np.float32) / np.float32(65535)
    large, wishes = opened(image), [Wish(name, {}) for name in ("pamg", "pmg", "fuse")]
    taken = []
    for _ in range(5):
        start = time.process_time()
        propose(large, Clicks(((500.0, 600.0),)), wishes, NAMED)
        taken.append(time.process_time() - start)
    assert sorted(taken)[2] < 0.05


def test_a_mask_on_a_flat_background_has_figures_that_json_can_hold():
    image = np.zeros((30, 30), np.float32)
    image[10:12, 10:12] = 0.5
    figures = measure(image, square(10, 10, 2))
    assert (figures.area, figures.scr) == (4, 1e6)
    whole = measure(image[10:12, 10:12], square(0, 0, 2))
    assert (whole.area, whole.scr, whole.doubt) == (4, None, 1.0)  # nothing is around it


def test_only_the_last_few_frames_are_kept(project):
    few = Frames(most=2)
    places = [Place(project.root / f"{i:03d}.png") for i in range(4)]
    first = few.open(places[0])
    assert few.open(places[0]) is first
    for place_ in places[1:]:
        few.open(place_)
    assert len(few.kept) == 2
    assert few.open(places[0]) is not first


def test_a_frame_keeps_its_own_levels_and_one_that_cannot_be_read_says_so(project):
    levels = open_frame(project, "001").levels
    assert levels.dtype == np.uint16
    assert np.array_equal(levels, frame([(10, 12, 3000)], seed=1))
    (project.root / "002.png").write_bytes(b"no picture")
    with pytest.raises(FrameError, match=r"002\.png"):
        open_frame(project, "002")
    assert read_opened(Place(project.root / "001.png"), "").version == ""


def test_the_tool_loads_neither_torch_nor_a_web_server():
    modules = "propagate, exports, imports"
    code = (
        f"import sys; from glimt.annotate import {modules}; sys.exit(bool({{'torch', 'fastapi'}} & {{*sys.modules}}))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
