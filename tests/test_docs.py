"""The docs against the code: names explained, links alive, commands real."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```bash\n(.*?)```", re.DOTALL)


def names(page):
    return str(page.relative_to(ROOT))


def catalog(path):
    from glimt.core.catalog import find

    return find({}, path)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("glimt.labelers:LABELERS", "labelers.md"),
        ("glimt.metrics:PROFILES", "metrics.md"),
        ("glimt.detectors:DETECTORS", "journeys/evaluate.md"),
        ("glimt.data.layouts:LAYOUTS", "layouts.md"),
        ("glimt.data.augment:AUGMENTATIONS", "augment.md"),
        ("glimt.losses:LOSSES", "losses.md"),
        ("glimt.networks:NETWORKS", "networks.md"),
        ("glimt.recipes:RECIPES", "journeys/train.md"),
        ("glimt.tasks:TASKS", "journeys/train.md"),
        ("glimt.training:OPTIMIZERS", "journeys/train.md"),
        ("glimt.training:SCHEDULES", "journeys/train.md"),
    ],
)
def test_every_name_of_a_catalog_is_explained(path, page):
    text = (DOCS / page).read_text(encoding="utf-8")
    missing = [name for name in catalog(path) if f"`{name}`" not in text]
    assert not missing, f"{page} does not explain {missing}"


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_inside_the_docs_resolve(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{names(page)} links to {link}"
        assert not anchor or anchor in anchors(there), f"{names(page)} links to {link}"


def anchors(page):
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_navigation_lists_every_page_once():
    listed = list(leaves(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))
    assert sorted(listed) == sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def leaves(node):
    if isinstance(node, str):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from leaves(part)


def commands():
    for page in PAGES:
        for block in FENCE.findall(page.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words and words[0] == "glimt":
                    yield pytest.param(words[1:], id=f"{names(page)}: {' '.join(words)}")


@pytest.mark.parametrize("words", list(commands()))
def test_commands_in_the_docs_exist_with_their_options(words):
    import typer.main

    from glimt.cli.main import app

    command = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    assert not getattr(command, "commands", {}), f"no command {words[0] if words else ''}"
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    assert not unknown


def test_decisions_are_numbered_without_a_gap_and_say_what_is_given_up():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Choice", "What we give up"], page.name


def test_what_is_not_built_says_so():
    from glimt.cli.main import app

    built = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    for journey in (DOCS / "journeys").glob("*.md"):
        assert ("Not built yet" in journey.read_text(encoding="utf-8")) == (journey.stem not in built), journey.name
