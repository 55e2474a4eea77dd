import math

import numpy as np
import pytest
from report.pages import read

from glimt.core.catalog import build
from glimt.core.errors import OutputError
from glimt.data.synthetic import SceneOptions, draw_scene
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import curves_and_bins, evaluate, worst
from glimt.metrics.pair import Pair
from glimt.report import Strip, comparison_page, evaluation_page, write_page
from glimt.report.comparison import table
from glimt.report.evaluation import values_table
from glimt.report.page import Cell, Note, Pictures, Plot, Section, Table, render
from glimt.report.plots import bars
from glimt.report.values import raw, show

NASTY = '<script>alert("x")</script>&'


def texts(reader):
    return " ".join(" ".join(reader.text).split())


@pytest.fixture(scope="module")
def scenes():
    return [draw_scene(SceneOptions(size=(96, 128)), np.random.default_rng([4, i])) for i in range(12)]


@pytest.fixture(scope="module")
def pairs(scenes):
    # Found: the frame's own brightness, which misses dark targets and invents many in clouds.
    return [Pair(scene.image, scene.mask, scene.image, f"scene_{i}") for i, scene in enumerate(scenes)]


def test_every_piece_escapes_what_it_is_given(tmp_path):
    picture = np.zeros((4, 4, 3), dtype=np.uint8)
    blocks = [
        Note(NASTY),
        Table([NASTY, "n"], [[NASTY, NASTY]], caption=NASTY),
        Plot(bars([NASTY], [0.5], NASTY, "y", [NASTY]), NASTY, NASTY),
        Pictures(NASTY, [Cell(NASTY, picture, NASTY, NASTY)]),
    ]
    write_page(tmp_path / "page.html", NASTY, NASTY, [Section(NASTY, blocks)])
    reader = read(tmp_path / "page.html")
    assert texts(reader).count(NASTY) >= 11


def test_best_values_are_bold_and_rows_have_heads():
    page = render("t", "l", [Section("s", [Table(["a", "b"], [["x", "1"], ["y", "2"]], best=frozenset({(1, 1)}))])])
    assert '<th scope="row">y</th><td class="best">2</td>' in page
    assert "<td>1</td>" in page


def test_plots_that_follow_each_other_stand_side_by_side():
    plot = Plot(bars(["a"], [1.0], "x", "y"), "c", "alt")
    page = render("t", "l", [Section("s", [plot, plot, Note("n"), plot])])
    assert page.count('<div class="plots">') == 2


def test_a_page_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_page(tmp_path / "file" / "page.html", "t", "l", [])


def test_comparison_page_holds_every_labeler_value_and_target(tmp_path, scenes):
    rows = {"a": {"iou": 0.8, "fa": 2e-6, "targets": 9}, NASTY: {"iou": 0.75, "fa": math.nan, "targets": 9}}
    strips = [
        Strip(f"scene_{i}", scene.image, scene.points, dict.fromkeys(rows, scene.mask), scene.mask, 0, {"a": "IoU 1"})
        for i, scene in enumerate(scenes[:10])
    ]
    comparison_page(tmp_path / "page.html", "Labelers", "Lead.", rows, strips, "Note.")
    reader = read(tmp_path / "page.html")
    text = texts(reader)
    for word in ("80.00 %", "75.00 %", "2.00e-6", "–", "scene_9", "IoU 1", "truth", "Note.", NASTY):
        assert word in text
    images = [attributes for tag, attributes in reader.elements if tag == "img"]
    assert len(images) == 10 * 5  # frame, point, two labelers, truth


def test_comparison_page_of_nothing_is_still_a_page(tmp_path):
    comparison_page(tmp_path / "page.html", "Labelers", "Lead.", {}, [])
    assert "Scores" in texts(read(tmp_path / "page.html"))


def test_the_best_of_a_column_follows_its_direction_and_a_tie_of_all_has_none():
    rows = {
        "a": {"iou": 0.8, "fa": 2e-6, "pd": 1.0, "area_ratio": 1.2, "targets": 3},
        "b": {"iou": 0.7, "fa": 1e-6, "pd": 1.0, "area_ratio": 1.0, "targets": 3},
        "c": {"iou": 0.8, "fa": math.nan, "pd": 1.0},
    }
    assert table(rows).best == {(0, 1), (2, 1), (1, 2)}  # both best IoUs, the lowest Fa


def test_evaluation_page_shows_values_counts_curves_bins_and_worst_images(tmp_path, pairs):
    profile = build(PROFILES, "basicirstd", {})
    evaluation = evaluate(pairs, profile, curves_and_bins(), draws=50)
    by_id = {pair.id: pair for pair in pairs}
    cases = [by_id[row.id] for row in worst(evaluation, 4)]
    evaluation_page(tmp_path / "page.html", evaluation, profile, cases, lead=NASTY)
    reader = read(tmp_path / "page.html")
    text = texts(reader)
    counts = evaluation.counts
    assert f"{counts['hits']}/{counts['targets']}" in text
    assert f"{counts['overlap']}/{counts['union']}" in text
    assert sum(tag == "svg" for tag, _ in reader.elements) == 6  # ROC, Pd-Fa, size, contrast, rho, IoU of images
    assert sum(tag == "img" for tag, _ in reader.elements) == 4 * 4
    for word in ("95 % interval", "Worst images", "Profile basicirstd", cases[0].id, NASTY):
        assert word in text


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_has_a_page_from_masks_alone(tmp_path, pairs, name):
    profile = build(PROFILES, name, {})
    masks = [Pair(pair.found > 0.5, pair.true, None, pair.id) for pair in pairs[:3]]
    evaluation = evaluate(masks, profile)
    evaluation_page(tmp_path / "page.html", evaluation, profile, masks[:2])
    assert f"Profile {name}" in texts(read(tmp_path / "page.html"))


def test_every_value_of_every_profile_has_a_name_and_a_reading(pairs):
    for name in PROFILES:
        profile = build(PROFILES, name, {})
        evaluation = evaluate(pairs[:3], profile, curves_and_bins())
        rows = values_table(evaluation).rows
        assert len(rows) == len(evaluation.values)
        assert all(row[0] and row[1] for row in rows)


def test_values_are_written_as_the_field_prints_them():
    # Fa of 12 px in 640 000: 18.75 millionths.
    assert show("fa", 12 / 640000) == "18.75e-6"
    assert show("pd", 239 / 263) == "90.87 %"
    assert show("centroid_error", 0.5) == "0.50 px"
    assert show("pd", math.nan) == "–"
    assert show("something_new", 0.123456) == "0.1235"
    assert raw("pd", {"hits": 239, "targets": 263}) == "239/263"
    assert raw("f1", {"hits": 1}) == ""


def test_a_page_of_many_large_frames_stays_small(tmp_path):
    rng = np.random.default_rng(0)
    strips = [
        Strip(
            f"f{i}",
            rng.random((700, 900)).astype(np.float32),
            np.array([[350.0, 400.0]]),
            {"a": mask, "b": mask, "c": mask},
            mask,
        )
        for i, mask in enumerate(rng.random((12, 700, 900)) > 0.9)
    ]  # pure noise: nothing compresses worse
    comparison_page(tmp_path / "page.html", "t", "l", {"a": {"iou": 0.5}}, strips)
    assert len(read(tmp_path / "page.html").elements) > 60
