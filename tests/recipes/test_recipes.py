import subprocess
import sys

import numpy as np
import pytest

from glimt.core.catalog import build
from glimt.core.errors import GlimtError
from glimt.core.types import Sample
from glimt.labelers import LABELERS
from glimt.recipes import RECIPES


@pytest.fixture
def sample():
    image = np.full((20, 20), 0.2, dtype=np.float32)
    image[8:11, 9:12] = 0.9
    label = (image > 0.5).astype(np.float32)
    return Sample("a", image, np.array([[9.0, 10.0]]), label)


def test_full_takes_the_mask_that_came_with_the_frame(sample):
    recipe = build(RECIPES, "full", {}, "recipe")
    assert recipe.start(sample) is sample.label
    assert recipe.start(Sample("b", sample.image, sample.points)) is None
    assert recipe.prior == "mask-trained"


@pytest.mark.parametrize("labeler", LABELERS)
def test_pseudo_draws_what_the_labeler_draws_and_never_sees_the_mask(sample, labeler):
    recipe = build(RECIPES, "pseudo", {"labeler": labeler}, "recipe")
    drawn = recipe.start(Sample("a", sample.image, sample.points))
    np.testing.assert_array_equal(drawn, build(LABELERS, labeler, {})(sample.image, sample.points) > 0)
    assert drawn.dtype == np.float32
    assert drawn[9, 10] == 1
    assert recipe.prior == "point only"


def test_pseudo_learns_an_empty_frame_and_leaves_out_one_that_nobody_looked_at(sample):
    recipe = build(RECIPES, "pseudo", {}, "recipe")
    assert not recipe.start(Sample("a", sample.image, np.zeros((0, 2)), np.zeros((20, 20)))).any()
    assert recipe.start(Sample("a", sample.image, np.zeros((0, 2)))) is None


def test_mistakes_are_said():
    with pytest.raises(GlimtError, match=r"no labeler 'fues' \(did you mean 'fuse'\?\)"):
        build(RECIPES, "pseudo", {"labeler": "fues"}, "recipe")
    with pytest.raises(GlimtError, match=r"no recipe 'psuedo' \(did you mean 'pseudo'\?\)"):
        build(RECIPES, "psuedo", {}, "recipe")


def test_recipes_need_no_torch():
    code = "import sys, glimt.recipes.pseudo, glimt.recipes.full; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
