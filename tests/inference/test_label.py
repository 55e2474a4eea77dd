import numpy as np
import pytest

from glimt.core.errors import DataError, OutputError
from glimt.core.frames import read_mask
from glimt.inference.label import LabelledFolder, label_frames
from glimt.labelers.box import Box
from glimt.labelers.fuse import Fuse

FRAMES = {name: np.random.default_rng(i).random((20, 20)).astype(np.float32) for i, name in enumerate("abc")}
SETTINGS = {"labeler": "box"}


def read(id):
    return FRAMES[id], np.array([[5.0, 6.0]])


def label_all(folder, labeler=None, overwrite=False, stop_at=None):
    def stopping(id):
        if id == stop_at:
            raise KeyboardInterrupt
        return read(id)

    done = folder.open(SETTINGS, overwrite)
    rows = [row for rows in label_frames(FRAMES, stopping, labeler or Box(), folder, done) for row in rows]
    folder.close(rows)
    return done


def test_a_folder_holds_masks_and_a_table(tmp_path):
    folder = LabelledFolder(tmp_path / "out")
    label_all(folder, Box(side=3))
    mask = read_mask(folder.mask("b"))
    assert mask.sum() == 9
    assert mask[4:7, 5:8].all()
    assert len((folder.root / "labels.csv").read_text().splitlines()) == 4
    assert sorted(path.name for path in folder.root.iterdir()) == ["label.json", "labels.csv", "masks"]


def test_a_stopped_run_keeps_whole_files_and_goes_on(tmp_path):
    folder, unbroken = LabelledFolder(tmp_path / "out"), LabelledFolder(tmp_path / "other")
    with pytest.raises(KeyboardInterrupt):
        label_all(folder, stop_at="c")
    assert not (folder.root / "labels.csv").exists()
    before = folder.mask("a").stat().st_mtime_ns
    with folder.journal.file.open("a") as journal:
        journal.write('["c", [["c", 1, 5.0')  # a line cut by a crash
    assert set(label_all(folder)) == {"a", "b"}
    assert folder.mask("a").stat().st_mtime_ns == before
    label_all(unbroken)
    assert (folder.root / "labels.csv").read_text() == (unbroken.root / "labels.csv").read_text()


def test_a_finished_folder_is_kept_unless_told_otherwise(tmp_path):
    folder = LabelledFolder(tmp_path / "out")
    label_all(folder)
    with pytest.raises(OutputError, match="--overwrite"):
        label_all(folder)
    label_all(folder, Fuse(), overwrite=True)
    assert (folder.root / "labels.csv").exists()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_of_masks_that_nobody_labelled_here_is_never_cleared(tmp_path, overwrite):
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "true.png").write_bytes(b"the only one there is")
    with pytest.raises(OutputError, match=r"no label\.json"):
        label_all(LabelledFolder(tmp_path), overwrite=overwrite)
    assert (tmp_path / "masks" / "true.png").exists()


def test_other_settings_do_not_go_on_with_a_stopped_run(tmp_path):
    folder = LabelledFolder(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        label_all(folder, stop_at="b")
    with pytest.raises(OutputError, match="exists already"):
        folder.open({"labeler": "fuse"}, overwrite=False)


def test_a_point_outside_names_its_frame(tmp_path):
    folder = LabelledFolder(tmp_path / "out")
    folder.open(SETTINGS, False)
    with pytest.raises(DataError, match=r"^a: point .row 50"):
        list(label_frames("a", lambda id: (FRAMES[id], np.array([[50.0, 1.0]])), Box(), folder, {}))
