"""TDA against numbers worked by hand, and against a slow reference that cuts and resizes one patch after another."""

import math
import pickle

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy import ndimage

from glimt.core.catalog import build
from glimt.core.errors import OptionError
from glimt.core.types import Sample
from glimt.data.dataset import open_dataset
from glimt.data.samples import read
from glimt.data.statistics import measure_statistics
from glimt.losses import LOSSES
from glimt.losses.patches import resizing
from glimt.losses.tda import Tda


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def scene(targets, size=(40, 48), dtype=torch.float64, seed=0):
    """Noisy logits, soft rectangular targets (image, top, left, rows, cols) and a noisy frame."""
    generator = torch.Generator().manual_seed(seed)
    count = 1 + max((image for image, *_ in targets), default=0)
    logits = 2 * torch.randn(count, 1, *size, generator=generator, dtype=dtype)
    target = torch.rand(count, 2, *size, generator=generator, dtype=dtype)
    target[:, 0] *= 0.3  # a soft label is rarely 0 exactly
    for image, top, left, rows, cols in targets:
        target[image, 0, top : top + rows, left : left + cols] = 0.6 + 0.4 * (top % 2)
    return logits, target


MANY = [(0, 3, 4, 3, 3), (0, 0, 30, 2, 5), (0, 37, 44, 3, 4), (0, 12, 14, 9, 1), (0, 12, 17, 4, 4), (2, 20, 20, 16, 7)]


def slow_tda(logits, target, mean_area, mean_contrast, margin, size=48):
    """Eq. 1 to 4 one after another, with the patches really cut out and resized."""
    images = []
    for z, soft, frame in zip(logits[:, 0], target[:, 0], target[:, 1], strict=True):
        instances, count = ndimage.label((soft > 0.5).numpy(), structure=np.ones((3, 3)))
        losses = []
        for i in range(1, count + 1):
            rows, cols = np.nonzero(instances == i)
            window = (
                slice(max(rows.min() - margin, 0), rows.max() + margin + 1),
                slice(max(cols.min() - margin, 0), cols.max() + margin + 1),
            )
            patch = torch.stack([z.sigmoid()[window], soft[window]])
            p, g = F.interpolate(patch[None], (size, size), mode="bilinear", align_corners=False)[0]
            iou = (p * g).sum() / (p + g - p * g).sum()
            grey, owner = frame[window].numpy(), instances[window]
            contrast = grey[owner == i].mean() - grey[owner == 0].mean()
            exponent = 1 + sigmoid(-len(rows) / mean_area) + sigmoid(-contrast / mean_contrast)
            losses.append(-(1 - iou**exponent) * iou.log())
        if losses:
            images.append(torch.stack(losses).mean())
    return torch.stack(images).mean()


@pytest.mark.parametrize("size", [48, 7, 1])
@pytest.mark.parametrize("margin", [2, 5])
def test_value_and_gradient_are_those_of_the_slow_reference(margin, size):
    logits, target = scene(MANY)
    quick, slow = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    one = Tda(9.0, 0.2, dilation=(margin, margin), size=size)(quick, target)
    other = slow_tda(slow, target, 9.0, 0.2, margin, size)
    one.backward()
    other.backward()
    assert one.item() == pytest.approx(other.item(), abs=1e-6)
    torch.testing.assert_close(quick.grad, slow.grad, atol=1e-8, rtol=1e-5)
    assert (quick.grad[1] == 0).all()  # the image without a target


def test_a_target_of_nine_pixels_under_a_constant_answer_by_hand():
    """The box grows to 7x7. With p = 1/2 the overlap is 4.5 and the union 24.5 + 9 - 4.5 = 29, at any scale."""
    target = torch.zeros(1, 2, 16, 16)
    target[0, 0, 5:8, 6:9] = 1
    target[0, 1] = 0.2
    target[0, 1, 5:8, 6:9] = 0.5  # contrast 0.3
    iou, exponent = 4.5 / 29, 1 + sigmoid(-9 / 18) + sigmoid(-0.3 / 0.1)
    expected = -(1 - iou**exponent) * math.log(iou)
    for size in (7, 21, 70):
        loss = Tda(18.0, 0.1, dilation=(2, 2), size=size)
        assert loss(torch.zeros(1, 1, 16, 16), target).item() == pytest.approx(expected, rel=1e-5)
    fixed = Tda(18.0, 0.1, exponent=3, dilation=(2, 2), size=7)(torch.zeros(1, 1, 16, 16), target).item()
    assert fixed == pytest.approx(-(1 - iou**3) * math.log(iou), rel=1e-5)


def test_a_patch_ends_with_the_frame():
    """A target of one pixel in the corner: its box grows by two to 3x3, where IoU is .5 / (4.5 + 1 - .5) = 1/10."""
    target = torch.zeros(1, 2, 16, 16)
    target[0, 0, 15, 0] = 1
    value = Tda(1.0, 1.0, exponent=1, dilation=(2, 2), size=3)(torch.zeros(1, 1, 16, 16), target).item()
    assert value == pytest.approx(0.9 * math.log(10), rel=1e-5)


def test_small_and_faint_targets_cost_more():
    def cost(area=9.0, contrast=0.3):  # the same patch against other means
        target = torch.zeros(1, 2, 16, 16)
        target[0, :, 5:8, 6:9] = torch.tensor([1.0, 0.3])[:, None, None]
        loss = Tda(81 / area, 0.09 / contrast, dilation=(2, 2))
        return loss(torch.zeros(1, 1, 16, 16), target).item()

    assert cost(area=4) > cost() > cost(area=30)
    assert cost(contrast=0.1) > cost() > cost(contrast=0.9)
    assert cost(contrast=-0.3) > cost(contrast=0.1)  # a dark target where the others are bright


def test_images_count_alike_and_so_do_targets_of_one_image():
    frame = torch.zeros(16, 32)
    one, two = torch.zeros(16, 32), torch.zeros(16, 32)
    one[4:7, 4:7] = two[4:7, 4:7] = two[4:8, 20:26] = 1
    loss = Tda(9.0, 1.0, dilation=(3, 3))
    z = torch.linspace(-3, 3, 16 * 32).reshape(1, 1, 16, 32)

    def cost(*labels):
        return loss(z.expand(len(labels), -1, -1, -1), torch.stack([torch.stack([a, frame]) for a in labels])).item()

    assert cost(one, two) == pytest.approx((cost(one) + cost(two)) / 2)
    assert cost(one, two, frame) == pytest.approx(cost(one, two))  # an image without a target does not count
    other = two - one
    assert cost(two) == pytest.approx((cost(one) + cost(other)) / 2)


def test_no_target_costs_nothing_and_sends_no_gradient():
    logits = torch.full((2, 1, 16, 16), math.inf).requires_grad_()
    value = Tda(9.0, 0.1)(logits, torch.zeros(2, 2, 16, 16))
    value.backward()
    assert value.item() == 0
    assert (logits.grad == 0).all()


@pytest.mark.parametrize("exponent", [None, 1.0, 2.0, 3.0])
def test_gradients_are_those_of_finite_differences(exponent):
    logits, target = scene([(0, 2, 3, 3, 3), (0, 0, 9, 1, 2)], size=(12, 14))
    loss = Tda(9.0, 0.2, exponent=exponent, dilation=(3, 3))
    assert torch.autograd.gradcheck(lambda z: loss(z, target), logits.requires_grad_())


@pytest.mark.parametrize("answer", [-1e4, -100.0, -20.0, 20.0, 1e4])
@pytest.mark.parametrize("full", [False, True])
def test_value_and_gradient_stay_finite_where_the_answer_is_certain(answer, full):
    target = torch.zeros(1, 2, 16, 16)
    target[0, 0, slice(None) if full else slice(4, 7), 5:8] = 1
    if full:
        target[0, 0] = 1  # a patch without background, answered right: IoU 1
    logits = torch.full((1, 1, 16, 16), answer, requires_grad=True)
    value = Tda(9.0, 0.1)(logits, target)
    value.backward()
    assert math.isfinite(value.item())
    assert torch.isfinite(logits.grad).all()
    if full and answer > 0:
        assert value.item() == pytest.approx(0, abs=1e-6)


def test_a_confident_miss_is_still_pushed_up():
    """Where p is nearly 0, dL/dz = -p (1 - p) g / overlap: the target's pixels share a push of 1 (resized by d = 0)."""
    target = torch.zeros(1, 2, 9, 9)
    target[0, 0, 3:6, 3:6] = 1
    logits = torch.full((1, 1, 9, 9), -12.0, requires_grad=True)
    Tda(9.0, 0.1, dilation=(0, 0))(logits, target).backward()
    assert logits.grad.sum().item() == pytest.approx(-1, abs=0.01)


def test_the_label_itself_is_the_best_answer():
    _, target = scene([(0, 4, 5, 2, 3)], size=(12, 14))
    target[:, 0] = (target[:, 0] > 0.5).double()
    loss = Tda(9.0, 0.2, dilation=(4, 4))
    right = 40 * (2 * target[:, :1] - 1)
    best = loss(right, target).item()
    for i in range(right.numel()):
        flipped = right.flatten().clone()
        flipped[i] *= -1
        assert loss(flipped.reshape(right.shape), target).item() >= best
    assert 0 < best < loss(0 * right, target).item()  # the edges of a resized label are soft, so the best is not 0


def test_margins_are_drawn_anew_from_both_ends_of_the_range():
    logits, target = scene([(0, 16, 20, 3, 3)])
    torch.manual_seed(0)
    drawn = {round(Tda(9.0, 0.2)(logits, target).item(), 9) for _ in range(60)}
    each = {round(Tda(9.0, 0.2, dilation=(d, d))(logits, target).item(), 9) for d in (2, 3, 4, 5)}
    assert drawn == each
    torch.manual_seed(5)
    one = Tda(9.0, 0.2)(logits, target)
    torch.manual_seed(5)
    assert torch.equal(one, Tda(9.0, 0.2)(logits, target))


@pytest.mark.parametrize("shape", [(5, 48), (12, 48), (48, 48), (60, 48), (1, 48), (9, 1)])
def test_resizing_is_torchs_bilinear_interpolation(shape):
    length, size = shape
    line = torch.rand(1, 1, length, dtype=torch.float64)
    resized = F.interpolate(line, size, mode="linear", align_corners=False)[0, 0].numpy()
    how, values = resizing(length, size), line[0, 0].numpy()
    assert how.sums @ values == pytest.approx(resized.sum())
    assert values @ how.products @ values == pytest.approx((resized**2).sum())


def test_half_precision_is_summed_in_single():
    logits, target = scene(MANY, dtype=torch.float32)
    logits = logits.bfloat16()
    loss = Tda(9.0, 0.2, dilation=(3, 3))
    assert loss(logits, target).item() == pytest.approx(loss(logits.float(), target).item(), rel=1e-6)


def test_a_fixed_exponent_needs_no_means():
    logits, target = scene(MANY)
    fixed = build(LOSSES, "tda", {"exponent": 2.0, "dilation": [3, 3]}, "loss")
    with_means = Tda(9.0, 0.2, exponent=2.0, dilation=(3, 3))
    assert fixed(logits, target).item() == pytest.approx(with_means(logits, target).item())


def test_a_loss_survives_the_way_to_another_process():
    assert pickle.loads(pickle.dumps(Tda(9.0, 0.2))) == Tda(9.0, 0.2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dilation": (5, 2)}, r"least first, got \(5, 2\)"),
        ({"dilation": (-1, 2)}, "dilation"),
        ({"size": 0}, "size must be at least 1, got 0"),
        ({"mean_area": 0.0}, "mean_area must be positive"),
        ({"mean_contrast": 0.0}, "mean_contrast not zero"),
        ({"mean_area": None}, "or exponent given, got None and 0.1"),
        ({"exponent": 0.0}, "exponent must be positive"),
    ],
)
def test_values_that_cannot_be_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        build(LOSSES, "tda", {"mean_area": 9.0, "mean_contrast": 0.1} | options, "loss")


@pytest.mark.real
def test_on_real_frames_the_reference_agrees_and_means_come_from_the_statistics(sirst):
    records = open_dataset(sirst, None).records("test")[:12]
    samples: list[Sample] = [read(record) for record in records]
    means = measure_statistics(samples)
    for i, sample in enumerate(samples):
        image, label = (torch.from_numpy(np.asarray(one, dtype=np.float64)) for one in (sample.image, sample.label))
        logits = 3 * torch.randn(1, 1, *image.shape, generator=torch.Generator().manual_seed(i), dtype=torch.float64)
        target = torch.stack([label, image])[None]
        found = Tda(means.area, means.contrast, dilation=(3, 3))(logits, target)
        assert found.item() == pytest.approx(slow_tda(logits, target, means.area, means.contrast, 3).item(), abs=1e-6)
