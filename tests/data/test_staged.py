import shutil

import numpy as np
import pytest

from glimt.data.labels import LabelFolder
from glimt.data.staged import StagedLabels


def mask(value):
    return np.full((2, 3), value, dtype=np.float32)


@pytest.fixture
def staged(tmp_path):
    folder = LabelFolder(tmp_path / "labels")
    folder["a"], folder["deep/b"] = mask(0.0), mask(0.0)
    return StagedLabels(folder, LabelFolder(tmp_path / "beside"))


def test_changes_are_read_at_once_and_leave_the_folder_alone_until_they_settle(staged):
    staged["deep/b"], staged["c"] = mask(1.0), mask(1.0)
    del staged["a"]
    assert sorted(staged) == ["c", "deep/b"]
    assert len(staged) == 2
    assert staged["deep/b"].min() == 1
    assert "a" not in staged
    assert staged.changed == {"a", "c", "deep/b"}
    assert sorted(staged.folder) == ["a", "deep/b"]
    assert staged.folder["deep/b"].max() == 0
    staged.settle()
    assert sorted(staged.folder) == sorted(staged) == ["c", "deep/b"]
    assert staged.folder["deep/b"].min() == 1
    assert not staged.beside.root.exists()


def test_forgotten_changes_were_never_there(staged):
    staged["a"] = mask(1.0)
    del staged["deep/b"]
    staged.forget()
    assert sorted(staged) == ["a", "deep/b"]
    assert staged["a"].max() == 0


def test_a_label_dropped_and_written_again_is_there(staged):
    del staged["a"]
    with pytest.raises(KeyError):
        staged["a"]
    with pytest.raises(KeyError):
        del staged["a"]
    staged["a"] = mask(1.0)
    staged.settle()
    assert staged["a"].min() == 1


@pytest.mark.parametrize("done", range(4))
def test_settling_that_stopped_anywhere_ends_the_same_when_done_again(staged, tmp_path, monkeypatch, done):
    """Every move or removal is made to fail in turn; then the whole is repeated."""
    staged["deep/b"], staged["c"] = mask(1.0), mask(1.0)
    del staged["a"]
    steps = iter(range(100))
    real_replace, real_unlink = type(tmp_path).replace, type(tmp_path).unlink

    def failing(real):
        def act(*arguments, **more):
            if next(steps) == done:
                raise KeyboardInterrupt
            return real(*arguments, **more)

        return act

    with monkeypatch.context() as patched:
        patched.setattr(type(tmp_path), "replace", failing(real_replace))
        patched.setattr(type(tmp_path), "unlink", failing(real_unlink))
        with pytest.raises(KeyboardInterrupt):
            staged.settle()
    StagedLabels(staged.folder, staged.beside).settle()
    assert sorted(staged.folder) == ["c", "deep/b"]
    assert staged.folder["c"].min() == staged.folder["deep/b"].min() == 1
    shutil.rmtree(tmp_path)
