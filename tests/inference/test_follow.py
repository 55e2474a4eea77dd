"""A stream answers what the frames of a span give together, to the bit, and looks at each frame once."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from glimt.core.errors import OptionError
from glimt.core.types import Sample
from glimt.inference.follow import follow
from glimt.inference.follow_torch import seer_of
from glimt.inference.model import Model
from glimt.inference.padding import pad_frame
from glimt.inference.predict import Asking, predict
from glimt.inference.stream import windows
from glimt.networks.padding import cut
from glimt.networks.rprnet import Rprnet
from glimt.networks.tiny import Tiny
from glimt.tasks.locate import locate, spots_of
from glimt.tasks.prompted import prompted
from glimt.tasks.segment import segment


def model_of(task, network, pad="minimal", threshold=0.3):
    torch.manual_seed(0)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return Model(network.eval(), task, pad, threshold, "a model")


def clip(count, shape=(45, 52)):
    rng = np.random.default_rng(0)
    return [(f"clip/{i:03d}", rng.random(shape, dtype=np.float32)) for i in range(count)]


def apart(model, frames):
    """The oracle: the score map of each frame with its neighbours, asked alone."""
    for (id, image), around in windows(frames, model.task.span):
        sample = Sample(id, image, np.zeros((0, 2)), frames=tuple(one for _, one in around))
        yield predict(model.network, model.task, sample, Asking(model.pad))


def pad(image):
    return pad_frame(torch.from_numpy(image))[None, None]


def sample_map(image):
    return torch.empty(image.shape)


CASES = {
    "rprnet": lambda: model_of(locate(), Rprnet(width=0.375)),
    "rprnet, one frame": lambda: model_of(locate(past=0, future=0), Rprnet(width=0.375, temporal="single")),
    "rprnet, padded always": lambda: model_of(locate(), Rprnet(width=0.375), pad="lesps"),
    "tiny, four frames": lambda: model_of(segment(past=2, future=1), Tiny(4)),
    "tiny": lambda: model_of(segment(), Tiny()),
}


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("name", CASES)
def test_a_stream_answers_what_the_frames_of_a_span_give_together(name, count):
    model = CASES[name]()
    frames = clip(count)
    found = list(follow(seer_of(model), frames))
    assert [one.id for one in found] == [id for id, _ in frames]
    for moment, score in zip(found, apart(model, frames), strict=True):
        assert np.array_equal(moment.found.instances > 0, score > model.threshold)
        highest = [score[moment.found.instances == i + 1].max() for i in range(len(moment.found.targets))]
        assert [np.float32(one.score) for one in moment.found.targets] == highest


def test_every_frame_is_looked_at_once_and_few_are_kept():
    model = CASES["rprnet"]()
    seer, looks = seer_of(model), []

    def counted(image):
        looks.append(seer.look(image))
        return looks[-1]

    steps = follow(seer._replace(look=counted), clip(6))
    next(steps)
    assert len(looks) == 2  # the first answer waits for the second frame, no more
    assert len(list(steps)) == 5
    assert len(looks) == 6


def test_a_place_is_that_of_the_network_and_not_of_its_disc():
    model = CASES["rprnet"]()
    ((id, image),) = clip(1)
    (moment,) = follow(seer_of(model), [(id, image)])
    sample = Sample(id, image, np.zeros((0, 2)))
    with torch.inference_mode():
        maps = tuple(cut(one, sample_map(image), pad(image)) for one in model.network(pad(image).expand(1, 3, -1, -1)))
    spots = spots_of(maps, sample).above(model.threshold)
    assert [(one.row, one.col) for one in moment.found.targets] == [tuple(place) for place in spots.centres.tolist()]
    assert [one.radius for one in moment.found.targets] == spots.radii.tolist()
    assert [one.area for one in moment.found.targets] == np.bincount(moment.found.instances.ravel())[1:].tolist()


def test_a_frame_of_another_size_ends_a_stream_in_one_line():
    model = CASES["rprnet"]()
    frames = [*clip(1), ("clip/001", np.zeros((45, 60), np.float32))]
    with pytest.raises(OptionError, match=r"clip/001: a sequence has frames of one size, got 45 x 52 and 45 x 60"):
        list(follow(seer_of(model), frames))


def test_a_network_that_must_be_told_cannot_follow():
    model = replace(CASES["tiny"](), task=prompted())
    with pytest.raises(OptionError, match="must be told where targets are"):
        seer_of(model)
