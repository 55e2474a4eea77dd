import base64
import json
import re

import cv2
import numpy as np
import pytest
import yaml
from report.pages import LIMIT, read

from glimt.core.errors import DataError, OptionError
from glimt.core.files import write_png, write_text
from glimt.core.stretch import stretch
from glimt.report.evolution import evolution_page
from glimt.report.histories import histories, spread
from glimt.report.spark import spark
from glimt.report.surroundings import SIDE, crop, tiles_of
from glimt.training.evolution import Target, sheet, write_table
from glimt.training.run import Run

NASTY = '<b>&"x"'
MOVES = {  # image -> area and alarm at the updates 0, 5 and 10, IoU at the end
    "grew": [(1, ""), (9, ""), (18, "")],
    "found": [(1, ""), (9, ""), (9, "")],
    "lost": [(1, ""), (0, "lost"), (0, "lost")],
    "again": [(1, ""), (0, "lost"), (9, "")],
    "leaked": [(2, ""), (9, ""), (90, "grown")],
    "pair": [(1, "merged"), (4, "merged"), (3, "")],
}
IOU = {"grew": 0.5, "found": 1.0, "lost": 0.0, "again": 0.9, "leaked": 0.1, "pair": 0.3}
WORST = ["lost", "leaked", "again", "pair", "grew", "found"]


def tables_of(moves, iou):
    """The updates 0, 5 and 10; each target is at row 20 and col 30 of a frame of its own."""
    return {
        epoch: [
            Target(image, 20, 30, *steps[i][:1], iou.get(image), iou.get(image), steps[i][1])
            for image, steps in moves.items()
        ]
        for i, epoch in enumerate((0, 5, 10))
    }


@pytest.fixture
def make_run(tmp_path):
    """A run folder as a training leaves it; the picture of line i is grey i."""

    def make(tables, recipe="lesps", log=(), root="nowhere"):
        run = Run(tmp_path / "run")
        config = {"data": {"root": str(root), "train": None, "val": None, "points": "coarse"}, "recipe": recipe}
        write_text(run.config, yaml.safe_dump(config))
        write_text(run.log, "".join(json.dumps(row) + "\n" for row in log))
        for epoch, rows in tables.items():
            write_table(run.updates / f"{epoch:04d}.csv", rows)
            pictures = [np.full((SIDE, SIDE), i, dtype=np.uint8) for i in range(len(rows))]
            write_png(run.updates / f"{epoch:04d}.png", sheet(pictures))
        return run

    return make


@pytest.fixture
def page(tmp_path):
    """Write the page of a run, and read it as a strict reader does, its one script aside."""

    def make(run, most=200):
        said = evolution_page(tmp_path / "page.html", run, most)
        source = (tmp_path / "page.html").read_text(encoding="utf-8")
        still, scripts = re.subn(r"<script>.*?</script>", "", source, flags=re.DOTALL)
        assert scripts == 1
        assert "http" not in re.search(r"<script>.*?</script>", source, flags=re.DOTALL)[0]
        (tmp_path / "still.html").write_text(still, encoding="utf-8")
        return said, read(tmp_path / "still.html"), source

    return make


def texts(reader):
    return " ".join(" ".join(reader.text).split())


def names(reader):
    """The frames of the cards, in their order."""
    return re.findall(r"(\S+), row 20, col 30", texts(reader))


def pixels(reader, alt):
    """The one picture of that text."""
    (uri,) = [one["src"] for tag, one in reader.elements if tag == "img" and one["alt"] == alt]
    code = np.frombuffer(base64.b64decode(uri.partition(",")[2]), dtype=np.uint8)
    return cv2.imdecode(code, cv2.IMREAD_GRAYSCALE)


def test_the_worst_target_is_first(make_run, page):
    # Alarms after the last update: lost, then grown. Alarms before: lost (again), then merged (pair). Then IoU.
    _, reader, _ = page(make_run(tables_of(MOVES, IOU)))
    assert names(reader) == WORST


def test_without_true_masks_the_largest_growth_is_the_worst(make_run, page):
    # Growth: grew 18 times, found 9 times.
    _, reader, _ = page(make_run(tables_of(MOVES, {})))
    assert names(reader) == WORST
    assert "IoU" not in texts(reader).partition("Targets under an alarm")[2].partition("Worst first")[0]


def test_a_cut_page_says_what_it_leaves_out(make_run, page):
    said, reader, _ = page(make_run(tables_of(MOVES, IOU)), most=2)
    assert names(reader) == WORST[:2]
    assert "The 2 worst of 6 targets are shown" in texts(reader)
    assert (said["shown"], said["targets"]) == (2, 6)


def test_buttons_count_every_target_that_ever_had_the_alarm(make_run, page):
    _, reader, source = page(make_run(tables_of(MOVES, IOU)))
    assert re.findall(r"(\w+) \((\d)\)</button>", source) == [
        ("all", "6"),
        ("lost", "2"),
        ("merged", "1"),
        ("grown", "1"),
    ]
    kinds = [one["data-alarms"] for tag, one in reader.elements if tag == "article"]
    assert kinds == ["lost", "grown", "lost", "merged", "", ""]
    pressed = [one["aria-pressed"] for tag, one in reader.elements if tag == "button"]
    assert pressed == ["true", "false", "false", "false"]


def test_a_card_tells_its_alarms_with_their_epochs(make_run, page):
    text = texts(page(make_run(tables_of(MOVES, IOU)))[1])
    for line in (
        "lost after epochs 5 to 10",
        "grown after epoch 10",
        "lost after epoch 5",
        "merged after epochs 0 to 5",
    ):
        assert line in text
    assert "2 → 90 px, IoU 10.00 % → 10.00 %" in text


def test_alarms_apart_are_told_apart():
    kinds = ["", "lost", "lost", "grown", "", "lost"]
    tables = {10 * i: [Target("a", 1, 2, 3, None, None, kind)] for i, kind in enumerate(kinds)}
    (one,) = histories(tables)
    assert one.told() == ["lost after epochs 10 to 20", "grown after epoch 30", "lost after epoch 50"]
    assert one.kinds == ("lost", "grown")


def test_the_numbers_of_every_curve_are_in_the_page(make_run, page):
    # Mean area after epoch 10: (18 + 9 + 0 + 9 + 90 + 3) / 6 = 21.5; mean IoU (0.5 + 1 + 0 + 0.9 + 0.1 + 0.3) / 6.
    log = [{"epoch": epoch, "loss": 1000 / epoch} for epoch in (1, 2, 4)]
    said, reader, _ = page(make_run(tables_of(MOVES, IOU), log=log))
    assert said["area"] == 21.5
    assert {"recipe": "lesps", "updates": 2, "last_update": 10, "lost": 1, "grown": 1}.items() <= said.items()
    text = texts(reader)
    assert "10 6 21.50 46.67 % 46.67 % 1 0 1" in text
    assert "0 6 1.17 46.67 % 46.67 % 0 1 0" in text
    labels = [one["aria-label"] for tag, one in reader.elements if tag == "figure" and "aria-label" in one]
    assert "Mean area of a label: area from 1.17 to 21.5" in labels
    assert "Mean training loss of an epoch: loss from 1000 to 250" in labels
    assert "Targets under an alarm: lost from 0 to 1, merged from 1 to 0, grown from 0 to 1" in labels


def test_the_run_is_described(make_run, page):
    text = texts(page(make_run(tables_of(MOVES, IOU), recipe={"name": "lesps", "begin_epoch": 3}))[1])
    for words in ("lesps, begin_epoch 3", "points coarse", "prior point only", "network tiny", "0 of 400"):
        assert words in text


def test_masks_between_the_stages_stand_in_a_table(make_run, page):
    # NUAA-SIRST in Table 4 of paper 003, as it prints it.
    published = {
        "initial": (74.22, 98.15, 13.16),
        "prediction": (75.64, 97.41, 18.04),
        "filtered": (75.73, 97.41, 17.27),
        "hybrid": (76.96, 98.52, 4.32),
    }
    masks = {name: {"iou": iou / 100, "pd": pd / 100, "fa": fa / 1e6} for name, (iou, pd, fa) in published.items()}
    log = [{"epoch": 9, "loss": 0.2}, {"epoch": 10, "loss": 0.1, "masks": masks}]
    text = texts(page(make_run(tables_of(MOVES, IOU), "hmg", log))[1])
    assert "initial, drawn by the labeler 74.22 % 98.15 % 13.16e-6" in text
    assert "hybrid: what was missed is back (MDR) 76.96 % 98.52 % 4.32e-6" in text
    assert "After epoch 10" in text


def test_each_label_is_the_picture_of_its_own_line(make_run, page):
    # 40 targets take two rows of a sheet; in the second table all stand one line further down.
    first = [Target(f"t{i}", 20, 30, 1, None, None, "") for i in range(40)]
    second = [one._replace(area=i + 2) for i, one in enumerate([first[-1], *first[:-1]])]
    _, reader, _ = page(make_run({0: first, 5: second}))
    for i in range(39):
        assert (pixels(reader, f"Label after epoch 5, {i + 3} px") == i + 1).all()


def test_pictures_are_cut_as_they_were_put_together(tmp_path):
    drawn = np.random.default_rng(0).integers(0, 256, (70, SIDE, SIDE), dtype=np.uint8)
    write_png(tmp_path / "sheet.png", sheet(list(drawn)))
    found = tiles_of(tmp_path / "sheet.png", 70)
    assert np.array_equal(found[:70], drawn)
    assert tiles_of(tmp_path / "sheet.png", 200) is None  # the sheet of another table


def test_updates_are_chosen_evenly_with_both_ends():
    assert spread(list(range(0, 115, 5)), 12) == list(range(0, 115, 10))
    assert spread([0, 7, 9], 12) == [0, 7, 9]
    assert spread([0], 12) == [0]
    chosen = spread(list(range(100)), 12)
    assert (len(set(chosen)), chosen[0], chosen[-1]) == (12, 0, 99)
    assert set(np.diff(chosen)) == {9}


def test_small_curves_reach_from_edge_to_edge():
    # Between the edges of 4 units: 0, 50 and 100 of 100 px are at the bottom (52), the middle (28) and the top (4).
    areas, ious = (0, 50, 100), (0.0, 0.25, 1.0)
    rows = [Target("a", 1, 2, area, iou, iou, "") for area, iou in zip(areas, ious, strict=True)]
    (one,) = histories({0: [rows[0]._replace(alarm="lost")], 10: rows[1:2], 40: rows[2:]})
    drawn = spark(one)
    assert drawn.area == [(4, 52), (62, 28), (236, 4)]
    assert drawn.iou == [(4, 52), (62, 40), (236, 4)]
    assert drawn.alarms == [(4, 52)]
    assert drawn.path(drawn.area) == "4.0,52.0 62.0,28.0 236.0,4.0"
    assert drawn.alt == "Area from 0 to 100 px, 100 at most; IoU from 0.00 to 1.00, 1.00 at best"


def test_a_crop_at_the_border_is_black_beyond_the_frame():
    image = np.random.default_rng(0).random((60, 80)).astype(np.float32)
    cut = crop(image, 2, 78)  # 14 rows above the frame and 15 cols right of it are not there
    assert not cut[:14].any()
    assert not cut[:, 18:].any()
    assert np.array_equal(cut[14:, :18], stretch(image[:19, 62:], 0.5, 99.8))


def test_the_frame_and_the_true_mask_stand_beside_the_labels(make_run, page, tmp_path):
    mask = np.zeros((64, 64), dtype=np.uint8)
    mask[19:22, 28:33] = 255
    image = np.random.default_rng(0).integers(0, 65536, (64, 64)).astype(np.uint16)
    write_png(tmp_path / "data" / "images" / "grew.png", image)
    write_png(tmp_path / "data" / "masks" / "grew.png", mask)
    run = make_run(tables_of({"grew": MOVES["grew"], "lost": MOVES["lost"]}, IOU), root=tmp_path / "data")
    _, reader, _ = page(run)
    assert np.array_equal(pixels(reader, "True mask around grew, row 20, col 30"), mask[4:37, 14:47])
    seen = stretch((image[4:37, 14:47] / 65535).astype(np.float32), 0.5, 99.8)
    assert np.abs(pixels(reader, "Frame around grew, row 20, col 30").astype(int) - seen).max() <= 1
    assert "Frames that cannot be read any more: 1" in texts(reader)  # lost


def test_without_the_dataset_the_page_says_so(make_run, page):
    _, reader, _ = page(make_run(tables_of(MOVES, IOU), root="gone/SIRST"))
    assert "Without the frames: no dataset at gone/SIRST" in texts(reader)
    assert len([one for tag, one in reader.elements if tag == "img"]) == 6 * 3


def test_a_name_is_escaped_wherever_it_stands(make_run, page):
    tables = tables_of({NASTY: MOVES["grew"]}, {})
    _, reader, source = page(make_run(tables))
    assert f"{NASTY}, row 20, col 30" in texts(reader)
    assert NASTY not in source


def test_a_missing_or_damaged_sheet_leaves_the_rest_of_the_page(make_run, page):
    run = make_run(tables_of(MOVES, IOU))
    (run.updates / "0005.png").unlink()
    (run.updates / "0010.png").write_bytes(b"\x89PNG no picture")
    _, reader, _ = page(run)
    assert len([one for tag, one in reader.elements if tag == "img"]) == 6
    assert "updates after epoch 5, 10 are missing or damaged" in texts(reader)
    (run.updates / "0000.png").unlink()
    assert names(page(run)[1]) == WORST


def test_a_damaged_table_is_named(make_run, tmp_path):
    run = make_run(tables_of(MOVES, IOU))
    write_text(run.updates / "0005.csv", "image,row,col,area,iou,pa,alarm\na,1,2,many,,,\n")
    with pytest.raises(DataError, match=r"0005\.csv, line 2"):
        evolution_page(tmp_path / "page.html", run)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"is no run: it holds no config\.yaml"):
        evolution_page(tmp_path / "page.html", Run(tmp_path))


def test_a_run_without_a_table_is_refused(make_run, tmp_path):
    with pytest.raises(DataError, match="no table with a target"):
        evolution_page(tmp_path / "page.html", make_run({}))


def test_a_config_that_is_damaged_is_named(make_run, tmp_path):
    run = make_run(tables_of(MOVES, IOU))
    write_text(run.config, "data: [\n")
    with pytest.raises(OptionError, match=r"config\.yaml is no YAML"):
        evolution_page(tmp_path / "page.html", run)


@pytest.mark.parametrize("recipe", ["full", "pseudo"])
def test_a_recipe_that_never_changes_a_label_is_named_with_those_that_do(make_run, tmp_path, recipe):
    with pytest.raises(DataError, match=f"the recipe '{recipe}'.*give a run of hmg or lesps"):
        evolution_page(tmp_path / "page.html", make_run(tables_of(MOVES, IOU), recipe))


def test_a_page_of_many_targets_stays_small(make_run, tmp_path):
    # 200 targets with 12 labels of faint noise each, which compresses worse than any label.
    rng = np.random.default_rng(0)
    rows = [Target(f"t{i}", 20, 30, 9, 0.5, 0.5, "") for i in range(200)]
    run = make_run(dict.fromkeys(range(0, 60, 5), rows))
    faint = (rng.random((7 * SIDE, 32 * SIDE)) ** 30 * 255).astype(np.uint8)
    for file in run.updates.glob("*.png"):
        write_png(file, faint)
    assert evolution_page(tmp_path / "page.html", run)["shown"] == 200
    assert (tmp_path / "page.html").stat().st_size < LIMIT
