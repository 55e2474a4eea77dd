"""web/API.md, which the page is written to, and the server name the same paths."""

import re
from pathlib import Path

from fastapi.routing import APIRoute

from glimt.annotate.lists import FRAME_STATUSES
from glimt.annotate.web import editing, files, pixels, reading

API = (Path(__file__).parents[3] / "web/API.md").read_text(encoding="utf-8")
TYPES = (Path(__file__).parents[3] / "web/src/api/types.ts").read_text(encoding="utf-8")


def plain(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_every_path_is_written_down_and_every_written_path_is_there():
    written = set()
    for cell in re.findall(r"^\| (.+?) \|", API, re.MULTILINE):
        found = re.match(r"(?:W )?(GET|POST|PUT|DELETE) (/\S+)", cell)
        if found is None:
            continue
        method, path = found[1], found[2].rstrip(",").partition("?")[0]
        written.add((method, plain(path)))
        for other in re.findall(r", (/\w+)", cell):
            written.add((method, plain(path).rpartition("/")[0] + other))
    routes = [
        route
        for part in (reading, pixels, editing, files)
        for route in part.router.routes
        if isinstance(route, APIRoute)
    ]
    served = {(method, plain(route.path)) for route in routes for method in route.methods}
    known = {("DELETE", "/frames/{}/lease"), ("GET", "/exports/{}/{}.zip")}  # told in the answers' column
    assert served - known == written


def test_the_page_and_the_server_count_statuses_alike():
    listed = re.search(r"FRAME_STATUSES: readonly FrameStatus\[\] = \[([^\]]+)\]", TYPES)
    assert tuple(re.findall(r'"(\w+)"', listed[1])) == FRAME_STATUSES
