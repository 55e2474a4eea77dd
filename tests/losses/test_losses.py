"""Every loss against a slow obvious reference or a number worked by hand, and the contract over the catalog."""

import math

import numpy as np
import pytest
import torch

from glimt.core.catalog import build
from glimt.core.errors import OptionError
from glimt.losses import LOSSES
from glimt.losses.bce import Bce
from glimt.losses.dice import Dice
from glimt.losses.focal import Focal, FocalCornernet
from glimt.losses.loss import Weighted
from glimt.losses.sls import Sls, middle
from glimt.losses.soft_iou import SoftIou
from glimt.losses.tversky import Tversky


def case(seed=0, soft=False, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(3, 1, 9, 7, generator=generator, dtype=dtype) * 2
    target = (torch.rand(3, 1, 9, 7, generator=generator) > 0.8).to(dtype)
    if soft:
        target = target * torch.where(torch.rand(3, 1, 9, 7, generator=generator) > 0.5, 1.0, 0.6)
    frame = torch.rand(3, 1, 9, 7, generator=generator, dtype=dtype)
    return logits, torch.cat([target, frame], dim=1)


def numbers(logits, target):
    return 1 / (1 + np.exp(-logits[:, 0].numpy())), target[:, 0].numpy()


OPTIONS = {"tda": {"mean_area": 4.0, "mean_contrast": 0.1}}


@pytest.mark.parametrize("name", LOSSES)
class TestEveryLoss:
    def test_is_a_finite_number_with_finite_gradients(self, name):
        loss = build(LOSSES, name, OPTIONS.get(name, {}), "loss")
        for scale in (1, 100):
            for full in (0.0, 1.0):
                logits, target = case(dtype=torch.float32)
                target[0, 0] = full
                logits = (scale * logits).requires_grad_()
                value = loss(logits, target, 1.0)
                value.backward()
                assert value.shape == ()
                assert math.isfinite(value.item())
                assert torch.isfinite(logits.grad).all()

    def test_is_less_for_the_right_answer(self, name):
        _, target = case()
        right = (2 * target[:, :1] - 1) * 6
        loss = build(LOSSES, name, OPTIONS.get(name, {}), "loss")
        assert loss(right, target, 1.0) < loss(0 * right, target, 1.0) < loss(-right, target, 1.0)

    def test_gradients_are_those_of_finite_differences(self, name):
        loss = build(LOSSES, name, OPTIONS.get(name, {}) | ({"dilation": (3, 3)} if name == "tda" else {}), "loss")
        logits, target = case(soft=name == "focal_cornernet")
        assert torch.autograd.gradcheck(lambda z: loss(z, target, 1.0), logits.requires_grad_())


def test_bce_by_hand():
    logits, target = torch.tensor([[[[0.0, 2.0]]]]), torch.tensor([[[[1.0, 0.0]]]])
    expected = (math.log(2) + math.log(1 + math.exp(2))) / 2
    assert Bce()(logits, target).item() == pytest.approx(expected)
    assert Bce(positive=3)(logits, target).item() == pytest.approx((3 * math.log(2) + math.log(1 + math.exp(2))) / 2)


def test_focal_is_the_literal_formula():
    logits, target = case(1)
    p, t = numbers(logits, target)
    p_t, alpha_t = np.where(t == 1, p, 1 - p), np.where(t == 1, 0.3, 0.7)
    expected = np.mean(-alpha_t * (1 - p_t) ** 1.5 * np.log(p_t))
    assert Focal(0.3, 1.5)(logits, target).item() == pytest.approx(expected)
    assert Focal(0.5, 0.0)(logits, target).item() == pytest.approx(Bce()(logits, target).item() / 2)


def test_cornernets_focal_is_the_formula_of_lesps():
    logits, target = case(2, soft=True)
    p, t = numbers(logits, target)
    total = 0.0
    for i in np.ndindex(p.shape):
        total -= (1 - p[i]) ** 2 * np.log(p[i] + 1e-12) * t[i]
        total -= p[i] ** 2 * np.log(1 - p[i] + 1e-12) * (1 - t[i]) ** 4
    assert FocalCornernet()(logits, target).item() == pytest.approx(total / (t == 1).sum(), rel=1e-9)


@pytest.mark.parametrize("loss", [Focal(gamma=0.5), Focal(gamma=0.0), FocalCornernet(a=0.5)])
def test_focal_losses_with_small_powers_keep_finite_gradients_where_the_answer_is_certain(loss):
    logits = torch.tensor([[[[500.0, -500.0, 500.0, -500.0]]]], requires_grad=True)
    loss(logits, torch.tensor([[[[1.0, 0.0, 0.0, 1.0]]]])).backward()
    assert torch.isfinite(logits.grad).all()
    assert logits.grad.flatten()[:2].abs().max() < 1e-6  # right
    assert logits.grad[0, 0, 0, 2] > 0.1  # wrong, and pulled back
    assert logits.grad[0, 0, 0, 3] < -0.05


def test_cornernets_focal_begins_in_the_thousands_on_a_batch_of_lesps():
    target = torch.zeros(16, 1, 256, 256)
    target[:, :, 100, 100] = 1
    value = FocalCornernet()(torch.zeros_like(target), target).item()
    expected = (16 * (256**2 - 1) * 0.25 * math.log(2) + 16 * 0.25 * math.log(2)) / 16
    assert value == pytest.approx(expected, rel=1e-4)  # about 11 400


def test_overlap_losses_by_hand():
    logits, target = torch.zeros(2, 1, 2, 2), torch.zeros(2, 1, 2, 2)
    target[0, 0, 0, 0] = 1  # image 0: TP .5, FP 1.5, FN .5; image 1, empty: TP 0, FP 2, FN 0
    assert SoftIou(smooth=1)(logits, target).item() == pytest.approx(1 - (0.5 + 1) / (4 + 1 - 0.5 + 1))
    assert SoftIou(1, "image")(logits, target).item() == pytest.approx(1 - (1.5 / 3.5 + 1 / 3) / 2)
    assert Dice()(logits, target).item() == pytest.approx(1 - (2 / 4 + 1 / 3) / 2)
    both = (0.5 + 1) / (0.5 + 0.3 * 1.5 + 0.7 * 0.5 + 1), 1 / (0.3 * 2 + 1)
    assert Tversky()(logits, target).item() == pytest.approx(1 - sum(both) / 2)


def test_tversky_with_halves_is_dice_and_with_ones_iou():
    logits, target = case(3)
    assert torch.isclose(Tversky(0.5, 0.5, smooth=0)(logits, target), Dice(smooth=0)(logits, target))
    assert torch.isclose(Tversky(1, 1)(logits, target), SoftIou(over="image")(logits, target))


def test_an_empty_image_left_empty_costs_nothing():
    logits, target = torch.full((1, 1, 8, 8), -40.0), torch.zeros(1, 1, 8, 8)
    for loss in (SoftIou(), Dice(), Tversky()):
        assert loss(logits, target).item() == pytest.approx(0, abs=1e-6)


def sls_reference(logits, target):
    """MSHNet's loss written out for one image after another."""
    scaled, located = [], []
    for z, g in zip(logits[:, 0].tolist(), target[:, 0].tolist(), strict=True):
        p = 1 / (1 + np.exp(-np.array(z)))
        g = np.array(g)
        h, w = g.shape
        both, found, true = (p * g).sum(), p.sum(), g.sum()
        d = ((found - true) / 2) ** 2
        scaled.append((min(found, true) + d) / (max(found, true) + d) * both / (found + true - both))
        (y, x), (v, u) = (
            (np.mean(np.arange(h)[:, None] / h * one), np.mean(np.arange(w)[None] / w * one)) for one in (p, g)
        )
        angle = 4 / np.pi**2 * (np.arctan(y / (x + 1e-8)) - np.arctan(v / (u + 1e-8))) ** 2
        one, other = np.sqrt(x**2 + y**2 + 1e-8), np.sqrt(u**2 + v**2 + 1e-8)
        located.append(1 - min(one, other) / max(one, other) + angle)
    return 1 - np.mean(scaled) + np.mean(located)


def test_sls_is_the_released_formula():
    logits, target = case(4)
    assert Sls()(logits, target, 1.0).item() == pytest.approx(sls_reference(logits, target), rel=1e-9)


def test_sls_is_nothing_for_the_exact_answer():
    _, target = case(5)
    assert Sls()(80 * (2 * target[:, :1] - 1), target, 1.0).item() == pytest.approx(0, abs=1e-9)


def test_sls_learns_the_plain_iou_until_it_is_warm():
    logits, target = case(6)
    plain = SoftIou(smooth=0, over="image")(logits, target).item()
    assert Sls(warmup=0.1)(logits, target, 0.09).item() == pytest.approx(plain)
    assert Sls(warmup=0.1)(logits, target, 0.1).item() != pytest.approx(plain)


def test_the_centroid_of_sls_is_a_place_and_the_mean_grows_with_mass():
    map = torch.zeros(1, 8, 10)
    map[0, 4, 5] = map[0, 6, 5] = 0.5
    torch.testing.assert_close(middle(map, "centroid"), torch.tensor([[5 / 8, 5 / 10]]))
    torch.testing.assert_close(middle(map, "mean"), torch.tensor([[5 / 8, 5 / 10]]) / 80)
    assert not torch.allclose(middle(map, "mean"), middle(2 * map, "mean"))


def test_sls_with_the_centroid_ignores_the_mass_and_an_image_without_a_target():
    target = torch.zeros(2, 1, 8, 8)
    target[0, 0, 2:4, 3:5] = 1
    loss = Sls(location="centroid")
    soft = torch.where(target > 0, 0.0, -60.0)  # half the mass in the same place: only scale and IoU differ
    both, found, true = 2.0, 2.0, 4.0
    scale = (found + 1) / (true + 1)
    assert loss(soft, target, 1.0).item() == pytest.approx(1 - scale * both / true / 2, abs=1e-5)


@pytest.mark.parametrize("location", ["mean", "centroid"])
@pytest.mark.parametrize("found", [-200.0, 0.0, 200.0])
@pytest.mark.parametrize("true", [0.0, 1.0])
def test_sls_stays_finite_where_everything_or_nothing_is_target(location, found, true):
    logits = torch.full((1, 1, 6, 6), found, requires_grad=True)
    value = Sls(location=location)(logits, torch.full((1, 1, 6, 6), true), 1.0)
    value.backward()
    assert math.isfinite(value.item())
    assert torch.isfinite(logits.grad).all()


def test_a_sum_weighs_its_terms_and_knows_whether_one_needs_the_frame():
    logits, target = case(7)
    loss = Weighted(((1.0, Bce()), (0.5, Dice())))
    assert loss(logits, target, 1.0).item() == pytest.approx(
        Bce()(logits, target).item() + 0.5 * Dice()(logits, target).item()
    )
    assert not loss.needs_frame
    assert Weighted(((1.0, Bce()), (0.2, build(LOSSES, "tda", OPTIONS["tda"], "loss")))).needs_frame


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("soft_iou", {"over": "set"}),
        ("dice", {"over": "set"}),
        ("tversky", {"over": "set"}),
        ("focal", {"alpha": 2}),
        ("sls", {"location": "middle"}),
    ],
)
def test_values_that_cannot_be_are_refused(name, options):
    with pytest.raises(OptionError, match=f"^{name}: .*got"):
        build(LOSSES, name, options, "loss")
