import os
from pathlib import Path

import pytest
from served import start

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests drive a browser with playwright")
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def window(browser):
    """Opens windows that share nothing with each other; fails where a page reports a fault that nobody expected."""
    contexts, faults = [], []

    def new(scale=1, width=1000, height=600):
        context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
        contexts.append(context)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        return context

    yield new
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def page(window):
    return window().new_page()


@pytest.fixture
def served():
    """Starts servers, and ends those that still run."""
    running = []

    def serve(*arguments, port=0):
        running.append(start(*arguments, port=port))
        return running[-1]

    yield serve
    for one in running:
        one.kill()


@pytest.fixture
def shot(request, tmp_path):
    """Keeps a picture of a page under the test's name, in $GLIMT_SCREENSHOTS where that is set."""
    folder = Path(os.environ.get("GLIMT_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def keep(page, name=None):
        page.screenshot(path=folder / f"{name or request.node.name}.png")

    return keep
