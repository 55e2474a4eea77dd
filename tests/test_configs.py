import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from glimt.core.catalog import build
from glimt.core.types import Sample
from glimt.data.statistics import Statistics
from glimt.tasks import TASKS
from glimt.tasks.network import network_for
from glimt.tasks.task import Task
from glimt.training import SCHEDULES
from glimt.training.config import Choice, TrainConfig
from glimt.training.plan import check_config
from glimt.training.read_config import load_config

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "configs").rglob("*.yaml"))
NOWHERE = np.zeros((0, 2))
NUMBER = re.compile(r"\d+\.\d+")


def head(name: str) -> str:
    """The comment that a config begins with, each entry on one line."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    comment = [line for line in lines if line.startswith("#")]
    assert comment == lines[: len(comment)], "comments stand in the head alone"
    return "\n".join(comment).replace("\n#   ", " ")


def entries(name: str, label: str) -> list[str]:
    return re.findall(rf"^# {re.escape(label)}: (.+)$", head(name), re.MULTILINE)


def row(name: str) -> str:
    """The line of the README that links to a config."""
    lines = (ROOT / "configs/README.md").read_text(encoding="utf-8").splitlines()
    (found,) = [line for line in lines if f"]({name.removeprefix('configs/')})" in line]
    return found


def task_of(chosen: Choice, changes: dict) -> Task:
    statistics = Statistics(area=20.0, contrast=0.1)
    return build(TASKS, chosen.name, chosen.options | {"statistics": statistics} | changes, "task")


@cache
def config_of(name: str) -> TrainConfig:
    return load_config(ROOT / name)


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_a_config_can_be_built(name):
    check_config(config_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_config_says_its_command_its_source_and_what_to_expect(name):
    run = name.removeprefix("configs/").removesuffix(".yaml").replace("/", "_")
    assert re.search(rf"^# glimt train {re.escape(name)} runs/\w+$", head(name), re.MULTILINE), f"such as runs/{run}"
    assert len(entries(name, "Source")) == 1
    assert len(entries(name, "Expected (paper)")) >= 1
    assert len(entries(name, "Measured")) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_configs_has_every_number_of_a_head(name):
    said = entries(name, "Expected (paper)") + entries(name, "Measured")
    assert set(NUMBER.findall(" ".join(said))) <= set(NUMBER.findall(row(name)))
    assert ("not run" in said[-1]) == ("not run" in row(name))


def test_the_table_of_configs_links_to_files_alone():
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / "configs/README.md").read_text(encoding="utf-8"))
    assert sorted(f"configs/{link}" for link in links) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_expected_numbers_are_percentages_but_for_false_alarms(name):
    for line in entries(name, "Expected (paper)"):
        values = dict(re.findall(r"(IoU|Pd|Fa) (\d+\.\d+)", line))
        assert line.startswith("none") or "IoU" in values
        assert all(0 < float(value) <= 100 for key, value in values.items() if key != "Fa")


@pytest.mark.parametrize("name", [name for name in NAMES if re.match("configs/(tda|lesps|hmg|edgsp)/", name)])
def test_a_published_recipe_starts_without_the_prior_of_the_house(name):
    assert config_of(name).prior is None


def distinct() -> list[str]:
    """The first config of each task on each network."""
    first: dict[str, str] = {}
    for name in NAMES:
        config = config_of(name)
        first.setdefault(repr((config.network, config.task)), name)
    return list(first.values())


@pytest.mark.parametrize("name", distinct())
def test_the_loss_of_a_config_fits_its_network_from_start_to_end(name):
    config = config_of(name)
    task, noise = task_of(config.task, {}), torch.Generator().manual_seed(1)
    with torch.device("meta"):
        learning = network_for(task, config.network.name, config.network.options).train()
        shapes = [one.shape for one in learning(torch.empty(2, task.channels, 64, 64))]
    maps = tuple(torch.randn(shape, generator=noise).requires_grad_() for shape in shapes)
    label = np.zeros((64, 64), np.float32)
    label[20:24, 30:33] = 1
    target = task.target(Sample("a", np.random.default_rng(2).random((64, 64), dtype=np.float32), NOWHERE, label))
    for progress in (0.0, 1.0):
        loss = task.loss(maps, target.expand(2, -1, -1, -1), progress)
        assert torch.isfinite(loss)
        assert loss > 0
    loss.backward()  # at the end every map is learnt
    assert all(one.grad is not None and one.grad.abs().sum() > 0 for one in maps)


# Equation 5 of paper 000 with its w_T: what the network is scored by without TDA, and a fifth of TDA on its main map


@pytest.mark.parametrize(
    "name", [name for name in NAMES if "tda: {weight" in (ROOT / name).read_text(encoding="utf-8")]
)
def test_tda_adds_a_fifth_to_the_loss_it_is_paired_with(name):
    config = config_of(name)
    losses = config.task.options["loss"]
    (base,) = set(losses) - {"tda"}
    maps = (torch.zeros(1, 1, 64, 64),) * 5
    both = loss_of(config, losses, maps)
    alone = loss_of(config, {base: losses[base]}, maps)
    tda = loss_of(config, {"tda": losses["tda"] | {"weight": 1.0}}, maps[:1])
    assert both == pytest.approx(alone + 0.2 * tda, rel=1e-5)


def loss_of(config: TrainConfig, terms: dict, maps: tuple[torch.Tensor, ...]) -> float:
    """The value of some terms at the end of a training, for a target of 4 x 3 pixels."""
    target = torch.zeros(1, 2, 64, 64)
    target[:, :, 20:24, 30:33] = 1
    torch.manual_seed(3)  # TDA draws its patches
    return task_of(config.task, {"loss": terms}).loss(maps, target, 1.0).item()


# What differs between the rows of one table, read off the papers


def varying(pattern: str) -> set[str]:
    """The settings that are not the same in all configs of a pattern, the loss apart from the rest of the task."""
    tables = []
    for name in NAMES:
        if Path(name).match(pattern):
            table = config_of(name).model_dump()
            table["loss"] = table["task"].pop("loss")
            tables.append(table)
    assert len(tables) > 1
    return {key for key in tables[0] if any(table[key] != tables[0][key] for table in tables)}


@pytest.mark.parametrize(
    ("pattern", "differ"),
    [
        ("configs/tda/table[124]_*.yaml", {"loss"}),
        ("configs/tda/table3_unet_*.yaml", {"loss"}),
        ("configs/tda/table3_uiunet_*.yaml", {"loss"}),
        ("configs/tda/table3_sctransnet_*.yaml", {"loss"}),
        ("configs/lesps/*_full.yaml", {"network", "task", "bn_momentum"}),
        ("configs/lesps/table2_acm_*.yaml", {"recipe", "data"}),
        ("configs/lesps/*_coarse.yaml", {"network", "task", "bn_momentum"}),
        ("configs/hmg/table1_*_full.yaml", {"network", "task"}),
        ("configs/hmg/table1_acm_*.yaml", {"recipe"}),
        ("configs/edgsp/*.yaml", {"network", "task"}),
        ("configs/tiny_*.yaml", {"recipe"}),
    ],
)
def test_rows_of_one_table_differ_in_what_the_table_is_about(pattern, differ):
    assert varying(pattern) <= differ


# Optimizer, batch, epochs, and the learning rate during these epochs (from 0), as printed:
# paper 000, section 4.1 and supplement; paper 002, section 5.1; paper 003, section 4.1.2 (cosine: half at half-time);
# paper 004 by its published code (half-way down at epoch 405, half-time between the 10th and the 800th)


@pytest.mark.parametrize(
    ("pattern", "optimizer", "batch", "epochs", "rates"),
    [
        ("configs/tda/table[124]_*.yaml", "adagrad", 4, 400, {0: 0.05, 399: 0.05}),
        ("configs/tda/table3_unet_*.yaml", "adam", 16, 400, {199: 5e-4, 200: 2.5e-4, 300: 1.25e-4}),
        ("configs/tda/table3_uiunet_*.yaml", "adam", 3, 500, {0: 1e-3, 499: 1e-3}),
        ("configs/tda/table3_sctransnet_*.yaml", "adam", 16, 1000, {10: 1e-3, 1000: 1e-5}),
        ("configs/lesps/*.yaml", "adam", 16, 400, {0: 5e-4, 199: 5e-4, 200: 5e-5, 300: 5e-6}),
        ("configs/hmg/table1_*_full.yaml", "adam", 8, 250 + 1250, {0: 1e-3, 750: 5e-4, 1500: 0.0}),
        ("configs/hmg/table1_*_hmg.yaml", "adam", 8, 250 + 1250, {}),
        ("configs/hmg/table4_*.yaml", "adam", 8, 250, {0: 1e-3, 125: 5e-4, 250: 0.0}),
        ("configs/edgsp/*.yaml", "adam", 16, 800, {5: 5e-4, 10: 1e-3, 405: 5.05e-4, 800: 1e-5}),
    ],
)
def test_optimizers_and_rates_are_those_the_papers_print(pattern, optimizer, batch, epochs, rates):
    names = [name for name in NAMES if Path(name).match(pattern)]
    assert names
    for name in names:
        config = config_of(name)
        schedule = build(SCHEDULES, config.schedule.name, config.schedule.options, "schedule")
        assert (config.optimizer.name, config.batch, config.epochs) == (optimizer, batch, epochs)
        for epoch, rate in rates.items():
            assert config.optimizer.options["lr"] * schedule(epoch, epochs) == pytest.approx(rate)
