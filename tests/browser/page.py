"""What a person does at the page, and what they see there."""

import re
import zipfile
from contextlib import contextmanager

import numpy as np
from playwright.sync_api import expect

PATIENCE = 20_000  # ms; two cores may be busy with something else


def open_frame(page, served, sequence, index=0):
    """Come in with the token, then to a frame."""
    page.goto(served.address)
    page.goto(f"{served.base}/s/{sequence}/{index}")
    wait_frame(page, index)


def wait_frame(page, index):
    page.wait_for_selector(f'[data-stage][data-frame="{index}"]', timeout=PATIENCE)


def chip(page, state):
    """Wait until the chip says so."""
    page.wait_for_selector(f"[data-chip][data-state={state}]", timeout=PATIENCE)


def state(page):
    return page.locator("[data-chip]").get_attribute("data-state")


def selected(page):
    """The row of the selected target."""
    return page.locator(".target[aria-selected=true]")


def area(page):
    return int(selected(page).locator("span").first.inner_text().split()[0])


def wait_area(page, pixels):
    expect(selected(page).locator("span").first).to_have_text(f"{pixels} px", timeout=PATIENCE)


def spot(page, row, col):
    """Where a pixel of the frame lies in the full frame's pane."""
    width, height = map(int, re.findall(r"(\d+) × (\d+)", page.locator(".pane.global .caption").inner_text())[0])
    box = page.locator(".pane.global").bounding_box()
    scale = min(box["width"] / width, box["height"] / height)
    left, top = (box["x"] + (box["width"] - width * scale) / 2, box["y"] + (box["height"] - height * scale) / 2)
    return left + (col + 0.5) * scale, top + (row + 0.5) * scale


def click_frame(page, row, col):
    page.mouse.click(*spot(page, row, col))


def grow(page, row, col):
    """A click in the full frame, and the mask that comes of it."""
    click_frame(page, row, col)
    page.wait_for_selector(".target[aria-selected=true]", timeout=PATIENCE)


def zoom_of(page):
    return int(page.locator(".pane.detail .caption").inner_text().split()[2])


def readout(page):
    """Row, column and value under the cursor, as the page says them."""
    found = re.match(r"row (-?\d+) · col (-?\d+) · ([\d,]+)", page.locator(".readout").inner_text())
    return int(found[1]), int(found[2]), int(found[3].replace(",", ""))


def middle_of(page):
    box = page.locator(".pane.detail").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def detail_spot(page, row, col):
    """Where a pixel lies in the detail; found by the readout, so the two agree."""
    x, y = middle_of(page)
    scale = zoom_of(page)
    for _ in range(4):
        page.mouse.move(x, y)
        settle(page)
        at = readout(page)[:2]
        if at == (row, col):
            return x, y
        x, y = x + (col - at[1]) * scale, y + (row - at[0]) * scale
    raise AssertionError(f"the cursor is at {at}, not at {(row, col)}")


def click_detail(page, row, col):
    page.mouse.click(*detail_spot(page, row, col))


def settle(page):
    """Until the next two screen refreshes are over."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def set_zoom(page, wanted):
    """8, 16 or 64 by keys: each is a step of the root of two."""
    settle(page)
    steps = round(2 * np.log2(wanted / zoom_of(page)))
    for _ in range(abs(steps)):
        page.keyboard.press("=" if steps > 0 else "-")
    expect(page.locator(".pane.detail .caption")).to_contain_text(f"{wanted} ×", timeout=PATIENCE)


@contextmanager
def held(page, key):
    page.keyboard.down(key)
    try:
        yield
    finally:
        page.keyboard.up(key)


def toast(page, text):
    expect(page.locator(".toast", has_text=text).last).to_be_visible(timeout=PATIENCE)


def exported(page, served, kind, folder):
    """Export by the queue's button; the zip, unpacked into `folder`."""
    if page.url != f"{served.base}/":
        page.goto(f"{served.base}/")
    page.get_by_label("Export format").select_option(kind)
    with page.expect_download(timeout=PATIENCE) as coming:
        page.get_by_role("button", name="Export", exact=True).click()
    return unpacked(coming.value, folder)


def unpacked(download, folder):
    """A download's zip, beside its folder."""
    packed = folder.with_suffix(".zip")
    download.save_as(packed)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return packed


def imported(page, served, packed):
    """Import by the queue's button."""
    page.goto(served.address)
    with page.expect_file_chooser() as asking:
        page.get_by_role("button", name="Import…").click()
    asking.value.set_files(packed)
    toast(page, packed.name)
    return page.locator(".toast", has_text=packed.name).inner_text()
