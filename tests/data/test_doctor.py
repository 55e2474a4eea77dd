import json
import re

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from typer import Typer
from typer.testing import CliRunner

from glimt.cli.doctor import doctor as command
from glimt.core.errors import OutputError
from glimt.core.files import write_png
from glimt.core.frames import read_mask, read_pixels
from glimt.data.dataset import Dataset, open_dataset
from glimt.data.doctor import examine, fix
from glimt.data.doctor.checks.twins import close_pairs, hashes
from glimt.data.doctor.look import look, thumbnail_of

FRAMES = 24
SHAPE = (60, 80)


def scene(seed, shape=SHAPE):
    field = np.random.default_rng([11, seed]).normal(size=shape)
    field = cv2.GaussianBlur(field, (0, 0), 3)
    return np.rint(np.interp(field, (field.min(), field.max()), (20, 200))).astype(np.uint8)


def two_targets(shape=SHAPE):
    mask = np.zeros(shape, dtype=np.uint8)
    mask[20:24, 30:34] = mask[40:43, 50:56] = 255
    return mask


def write_lists(root, train, test, end="\n"):
    (root / "img_idx").mkdir(exist_ok=True)
    for part, names in (("train", train), ("test", test)):
        (root / f"img_idx/{part}_toy.txt").write_bytes("".join(name + end for name in names).encode())


@pytest.fixture
def root(tmp_path):
    """A dataset without a fault: 24 different scenes of two targets, even ones for training."""
    root = tmp_path / "toy"
    for i in range(FRAMES):
        write_png(root / f"images/f{i:02}.png", scene(i))
        write_png(root / f"masks/f{i:02}.png", two_targets())
    names = [f"f{i:02}" for i in range(FRAMES)]
    write_lists(root, names[::2], names[1::2])
    return root


def opened(root):
    return open_dataset(root, "basicirstd")


def found(root):
    return sorted((finding.kind, finding.where) for finding in examine(opened(root)))


def image(root, i):
    return root / f"images/f{i:02}.png"


def mask(root, i):
    return root / f"masks/f{i:02}.png"


def small_mask(root):
    write_png(mask(root, 0), cv2.resize(two_targets(), (40, 30), interpolation=cv2.INTER_NEAREST))
    return ("size mismatch", "f00")


def wrong_mask(root):
    write_png(mask(root, 1), two_targets((60, 64)))
    return ("size mismatch", "f01")


def palette_image(root):
    Pillow.fromarray(scene(2)).quantize(64).save(image(root, 2))
    return ("palette", "f02")


def colour_image(root):
    write_png(image(root, 3), np.dstack([scene(3), scene(3) // 2, scene(3)]))
    return ("colour", "f03")


def transparent_image(root):
    alpha = np.full(SHAPE, 255, np.uint8)
    alpha[0, 0] = 0
    write_png(image(root, 4), np.dstack([scene(4)] * 3 + [alpha]))
    return ("alpha", "f04")


def shaded_mask(root):
    shaded = two_targets()
    shaded[5, 5:8] = 100  # one more target over 0
    shaded[24, 30:34] = 200
    write_png(mask(root, 5), shaded)
    return ("not binary", "f05")


def faint_mask(root):
    write_png(mask(root, 6), two_targets() // 255)
    return ("faint mask", "f06")


def empty_mask(root):
    write_png(mask(root, 7), two_targets() * 0)
    return ("empty mask", "f07")


def no_mask(root):
    mask(root, 8).unlink()
    return ("no mask", "f08")


def no_frame(root):
    write_png(root / "masks/stray.png", two_targets())
    return ("no frame", "stray.png")


def one_pixel(root):
    dotted = two_targets()
    dotted[50, 10] = 255
    write_png(mask(root, 9), dotted)
    return ("one-pixel target", "f09")


def touching(root):
    joined = two_targets()
    joined[24:26, 34:36] = 255
    write_png(mask(root, 10), joined)
    return ("touching targets", "f10")


def cut_image(root):
    image(root, 11).write_bytes(image(root, 11).read_bytes()[:700])
    return ("unreadable", "f11")


def empty_file(root):
    mask(root, 12).write_bytes(b"")
    return ("unreadable", "f12")


def twin(root):
    write_png(image(root, 14), scene(16))  # both train
    return ("duplicate", "f14, f16")


def twin_across(root):
    write_png(image(root, 18), scene(19))
    return ("duplicate", "f18, f19")


def near_twin(root):
    moved = np.roll(scene(21), (1, 1), (0, 1)) * 0.9 + 10
    write_png(image(root, 20), np.rint(moved).astype(np.uint8))
    return ("near-duplicate", "f20, f21")


FILES = [
    small_mask,
    wrong_mask,
    palette_image,
    colour_image,
    transparent_image,
    shaded_mask,
    faint_mask,
    empty_mask,
    no_mask,
    no_frame,
    one_pixel,
    touching,
    cut_image,
    empty_file,
    twin,
    twin_across,
    near_twin,
]


def plant_everything(root):
    expected = [plant(root) for plant in FILES]
    train = [f"f{i:02}" for i in range(0, FRAMES, 2)]
    test = [f"f{i:02}" for i in range(1, FRAMES, 2) if i != 13]
    write_lists(root, [*train, "f15", "gone"], [*test, "f03"], "\r\n")
    expected += [("CRLF", "test_toy"), ("CRLF", "train_toy"), ("missing frame", "train_toy")]
    expected += [("in no split", "f13"), ("in two splits", "f15"), ("listed twice", "test_toy")]
    return sorted(expected)


def test_a_clean_dataset_has_no_findings(root):
    assert found(root) == []


@pytest.mark.parametrize("plant", FILES, ids=lambda plant: plant.__name__)
def test_each_fault_is_found_alone(root, plant):
    expected = plant(root)
    assert found(root) == [expected]


def test_all_faults_at_once_are_found_and_nothing_else(root):
    expected = plant_everything(root)
    assert found(root) == expected
    assert len({kind for kind, _ in expected}) == 19  # all but "no labels" and "label outside", tested below


def test_the_fixed_copy_is_clean_but_for_what_a_person_has_to_decide(root, tmp_path):
    plant_everything(root)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    findings = examine(opened(root))
    made = fix(opened(root), findings, tmp_path / "clean")
    assert sorted(made.left_out) == ["f01", "f08", "f11", "f12"]
    assert made.frames == FRAMES - 4
    open_ends = sorted((finding.kind, finding.where) for finding in findings if not finding.fixed)
    assert found(tmp_path / "clean") == open_ends
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "toy"]


def test_the_fixed_copy_holds_the_masks_and_lists_worked_out_by_hand(root, tmp_path):
    plant_everything(root)
    made = fix(opened(root), [], tmp_path / "clean").out
    small = np.zeros((30, 40), np.uint8)
    small[10:12, 15:17] = small[20:22, 25:28] = 1  # every second pixel of the targets
    assert np.array_equal(read_mask(mask(made, 0)), np.kron(small, np.ones((2, 2))).astype(bool))
    taller = two_targets() > 0
    taller[24, 30:34] = True  # the level 200 stays, the level 100 goes
    assert np.array_equal(read_mask(mask(made, 5)), taller)
    assert np.array_equal(read_mask(mask(made, 6)), two_targets() > 0)
    for i in (4, 13):
        assert np.array_equal(read_pixels(image(made, i)), scene(i))
        assert cv2.imread(str(image(made, i)), cv2.IMREAD_UNCHANGED).ndim == 2
    assert (made / "img_idx/test_toy.txt").read_bytes() == b"".join(
        b"f%02d\n" % i for i in (3, 5, 7, 9, 15, 17, 19, 21, 23)
    )
    train = (made / "img_idx/train_toy.txt").read_text().split("\n")
    assert train == ["f00", "f02", "f04", "f06", "f10", "f14", "f16", "f18", "f20", "f22", "f15", ""]


def test_texts_name_shapes_levels_and_places(root):
    plant_everything(root)
    texts = {
        finding.where: finding.what for finding in examine(opened(root)) if finding.kind not in ("CRLF", "listed twice")
    }
    assert texts["f01"] == "mask is (60, 64), image is (60, 80)"
    assert texts["f05"] == "7 pixels have the levels 100 200; targets: 3 over 0, 2 over half, 2 at 255"
    assert texts["f06"] == "its brightest level is 1 of 255, so it reads as empty"
    assert texts["f09"] == "1 of 3 targets are one pixel: (row 50, col 10)"
    assert texts["f10"] == "parts meet at a corner only, and count as one target: (row 20, col 30)"
    assert texts["f15"] == "listed in test_toy and in train_toy"
    assert texts["train_toy"].startswith("'gone' has no frame")
    assert re.search(r"f11\.png.*cut short", texts["f11"])
    assert "0 bytes" in texts["f12"]


def test_severities_follow_from_the_harm(root):
    plant_everything(root)
    severity = {(finding.kind, finding.where): finding.severity for finding in examine(opened(root))}
    assert severity["duplicate", "f18, f19"] == severity["in two splits", "f15"] == "error"
    assert severity["duplicate", "f14, f16"] == severity["near-duplicate", "f20, f21"] == "warning"
    assert severity["CRLF", "train_toy"] == severity["one-pixel target", "f09"] == "note"
    assert list(severity.values()) == sorted(severity.values(), key=("error", "warning", "note").index)


def test_a_mask_that_would_lose_a_target_is_not_resized(root, tmp_path):
    large = np.zeros((120, 160), np.uint8)
    large[40:48, 60:68] = 255
    large[80, 100] = 255  # at half the size, pixels of odd rows and cols are taken
    write_png(mask(root, 0), large)
    assert "vanish" in examine(opened(root))[0].remedy
    assert list(fix(opened(root), [], tmp_path / "clean").left_out) == ["f00"]


def test_a_folder_without_labels_is_a_note_and_is_copied_whole(tmp_path):
    for i in range(3):
        write_png(tmp_path / f"plain/f{i}.png", scene(i))
    dataset = open_dataset(tmp_path / "plain", "folder")
    assert [(finding.kind, finding.severity) for finding in examine(dataset)] == [("no labels", "note")]
    made = fix(dataset, [], tmp_path / "clean")
    assert (made.frames, made.left_out) == (3, {})
    assert len(opened(made.out).records("all")) == 3


def test_floats_and_sixteen_bits_keep_their_depth_in_the_copy(tmp_path):
    folder = tmp_path / "deep"
    write_png(folder / "a.png", np.arange(4800, dtype=np.uint16).reshape(SHAPE))
    cv2.imwrite(str(folder / "b.tiff"), np.linspace(20, 40, 4800, dtype=np.float32).reshape(SHAPE))
    fix(open_dataset(folder, "folder"), [], tmp_path / "clean")
    assert np.array_equal(read_pixels(tmp_path / "clean/images/a.png"), read_pixels(folder / "a.png"))
    spread = read_pixels(tmp_path / "clean/images/b.png")
    assert spread.dtype == np.uint16
    assert len(np.unique(spread)) == 4800


def test_close_pairs_agree_with_comparing_all_pairs():
    # Oracle: Hamming distance and correlation of every pair in two loops.
    rng = np.random.default_rng(5)
    frames = [scene(i) for i in range(30)]
    frames += [np.clip(frames[i] + rng.normal(0, 4, SHAPE), 0, 255).astype(np.uint8) for i in range(0, 30, 3)]
    thumbnails = [thumbnail_of(frame) for frame in frames]
    signs = hashes(np.stack(thumbnails))
    expected, kinds = set(), np.arange(len(frames)) % 2
    for i in range(len(frames)):
        for j in range(i + 1, len(frames)):
            correlation = np.corrcoef(thumbnails[i].ravel(), thumbnails[j].ravel())[0, 1]
            if (signs[i] != signs[j]).sum() <= 10 and correlation >= 0.85:
                expected.add((i, j))
    assert expected >= {(i, 30 + i // 3) for i in range(0, 30, 3)}
    for apart in (np.ones((2, 2), bool), ~np.eye(2, dtype=bool)):
        pairs = {(i, j) for i, j, _ in close_pairs(np.stack(thumbnails), kinds, apart)}
        assert pairs == {(i, j) for i, j in expected if apart[kinds[i], kinds[j]]}


def test_a_frame_of_one_level_is_near_nothing(root):
    write_png(image(root, 0), np.full(SHAPE, 90, np.uint8))
    write_png(image(root, 1), np.full(SHAPE, 91, np.uint8))
    assert look(opened(root).records()[0]).thumbnail is None
    assert found(root) == []


def test_a_copy_never_lands_in_the_source_or_on_a_foreign_folder(root, tmp_path):
    dataset = opened(root)
    for place in (root, root / "clean", tmp_path):
        with pytest.raises(OutputError, match="overlaps"):
            fix(dataset, [], place)
    foreign = tmp_path / "holiday"
    (foreign).mkdir()
    (foreign / "photo.txt").write_text("mine")
    with pytest.raises(OutputError, match="--overwrite"):
        fix(dataset, [], foreign)
    with pytest.raises(OutputError, match="no copy made by glimt doctor"):
        fix(dataset, [], foreign, overwrite=True)
    assert (foreign / "photo.txt").read_text() == "mine"


def test_an_earlier_copy_is_replaced_whole(root, tmp_path):
    dataset, out = opened(root), tmp_path / "clean"
    fix(dataset, [], out)
    image(root, 0).unlink()
    mask(root, 0).unlink()
    with pytest.raises(OutputError, match="--overwrite"):
        fix(dataset, [], out)
    fix(dataset, [], out, overwrite=True)
    assert not image(out, 0).exists()
    assert image(out, 1).exists()


def test_a_stopped_copy_leaves_nothing_and_keeps_the_earlier_one(root, tmp_path):
    dataset, out = opened(root), tmp_path / "clean"

    def stop_after_two(records):
        yield from list(records)[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fix(dataset, [], out, track=stop_after_two)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["toy"]
    fix(dataset, [], out)
    with pytest.raises(KeyboardInterrupt):
        fix(dataset, [], out, overwrite=True, track=stop_after_two)
    assert len(list((out / "images").iterdir())) == FRAMES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "toy"]


@pytest.fixture
def run():
    app = Typer()
    app.command()(command)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_prints_kinds_and_ends_with_one_when_there_are_errors(root, run):
    assert run(root, "--layout", "basicirstd").exit_code == 0
    wrong_mask(root)
    result = run(root, "--layout", "basicirstd")
    assert result.exit_code == 1
    assert "1 errors, 0 warnings, 0 notes" in result.output
    assert "f01: mask is (60, 64), image is (60, 80)" in result.output


def test_the_command_writes_a_copy_and_says_all_in_json(root, run, tmp_path):
    expected = plant_everything(root)
    result = run(root, "--layout", "basicirstd", "--fix", tmp_path / "clean", "--json")
    report = json.loads(result.stdout)
    assert sorted((finding["kind"], finding["where"]) for finding in report["findings"]) == expected
    assert report["errors"] == sum(finding["severity"] == "error" for finding in report["findings"]) > 0
    assert report["copy"]["frames"] == FRAMES - 4
    assert sorted(report["copy"]["left_out"]) == ["f01", "f08", "f11", "f12"]
    assert json.loads((tmp_path / "clean/doctor.json").read_text())["findings"] == report["findings"]
    assert result.exit_code == 1
    assert run(tmp_path / "clean", "--layout", "basicirstd").exit_code == 1  # f15 and f18, f19 need a person


@pytest.mark.real
def test_real_sirst_is_clean(sirst):
    # 427 pairs, no mismatch, no empty mask, no level between 0 and 255; two of its four lists have CRLF.
    findings = examine(Dataset(sirst, "basicirstd"))
    assert {(finding.kind, finding.where) for finding in findings} == {("CRLF", "test_SIRST"), ("CRLF", "train_SIRST")}


@pytest.mark.real
def test_real_nudt_is_clean_but_trains_on_scenes_of_its_test(nudt):
    # 1327 pairs, 0 mismatches, 0 empty, 0 not binary; the smallest target has one pixel.
    findings = examine(Dataset(nudt, "basicirstd"))
    kinds = [finding.kind for finding in findings]
    assert {"error"} & {finding.severity for finding in findings} == set()
    counts = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    assert counts == {"CRLF": 2, "near-duplicate": 43, "one-pixel target": 2, "touching targets": 48}


@pytest.mark.real
def test_a_damaged_copy_of_real_frames_is_healed(sirst, tmp_path):
    for kind in ("images", "masks"):
        (tmp_path / kind).mkdir()
    ids = [record.id for record in Dataset(sirst, "basicirstd").records("test_SIRST")][:12]
    for id in ids:
        for kind in ("images", "masks"):
            (tmp_path / f"{kind}/{id}.png").write_bytes((sirst / f"{kind}/{id}.png").read_bytes())
    write_lists(tmp_path, ids[:6], ids[6:])
    root = tmp_path
    assert [finding for finding in examine(Dataset(root, "basicirstd")) if finding.severity == "error"] == []
    picture = (root / f"images/{ids[0]}.png").read_bytes()
    (root / f"images/{ids[0]}.png").write_bytes(picture[: len(picture) // 2])
    true = read_mask(root / f"masks/{ids[7]}.png")
    write_png(root / f"masks/{ids[7]}.png", true.astype(np.uint8))
    findings = examine(Dataset(root, "basicirstd"))
    errors = {(finding.kind, finding.where) for finding in findings if finding.severity == "error"}
    assert errors == {("unreadable", ids[0]), ("faint mask", ids[7])}
    made = fix(Dataset(root, "basicirstd"), findings, tmp_path.parent / f"{tmp_path.name}-clean").out
    assert not [finding for finding in examine(Dataset(made, "basicirstd")) if finding.fixed]
    assert np.array_equal(read_mask(made / f"masks/{ids[7]}.png"), true)
