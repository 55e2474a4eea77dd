"""Who is let in. Every refusal is tried on a path that would have answered, or changed something."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from annotate.web.caller import RULES, Caller
from starlette.testclient import TestClient

from glimt.annotate.web.app import make_app
from glimt.annotate.web.guard import LARGEST, Rules, guarded
from glimt.annotate.web.serve import door, is_loopback, open_door
from glimt.core.errors import OptionError

DONE = {"json": {"verdict": "done"}, "headers": {"if-match": '"0"', "idempotency-key": "k"}}


@pytest.fixture
def stranger(desk):
    """A browser without the token."""
    return TestClient(guarded(make_app(desk), RULES), base_url="http://127.0.0.1:8642")


def test_without_the_token_there_is_neither_page_nor_answer(stranger):
    for path in ("/", "/review", "/api/v1/project", "/api/v1/frames/1/raw", "/favicon.svg"):
        answer = stranger.get(path)
        assert answer.status_code == 401
        assert "open the address" in answer.text
    assert stranger.get("/?token=wrong").status_code == 401
    assert stranger.get("/api/v1/project", headers={"cookie": "glimt-8642=wrong"}).status_code == 401
    assert not stranger.cookies


def test_the_token_is_given_once_and_kept_where_scripts_cannot_read_it(stranger):
    answer = stranger.get("/?token=secret")
    assert answer.headers["set-cookie"] == "glimt-8642=secret; HttpOnly; SameSite=Strict; Path=/"
    assert stranger.get("/api/v1/project").status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'self'; frame-ancestors 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "evil.example:8642"},
        {"host": "127.0.0.1.evil.example:8642"},
    ],
)
def test_a_foreign_page_cannot_write_even_with_the_cookie(web, headers):
    request = {"json": DONE["json"], "headers": DONE["headers"] | headers}
    answer = web.client.put("/api/v1/frames/1", **request)
    assert answer.status_code == 403
    assert web.frame()["rev"] == 0


def test_the_page_s_own_origin_can_write(web):
    own = {"origin": "http://127.0.0.1:8642", "sec-fetch-site": "same-origin"}
    answer = web.client.put("/api/v1/frames/1", json=DONE["json"], headers=DONE["headers"] | own)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2fapp.py",
        "/assets/..%2f..%2fapp.py",
        "/%2e%2e/app.py",
        "//etc/passwd",
        "/static/../app.py",
        "/api/v1/frames/..%2f..%2fetc/raw",
        "/api/v1/exports/..%2f..%2fetc/passwd.zip",
        "/api/v1/frames/1%00/raw",
    ],
)
def test_no_path_leads_out_of_the_page_s_folder(web, path):

    answer = web.client.get(path)
    assert answer.status_code in (400, 404, 422), answer.text
    assert "def make_app" not in answer.text


def test_what_is_too_large_is_refused_whether_it_tells_its_size_or_not(web):
    headers = {"if-match": '"0"', "idempotency-key": "k", "content-type": "application/json"}
    told = web.client.put("/api/v1/frames/1", content=b" " * (LARGEST + 1), headers=headers)
    assert (told.status_code, told.json()["error"]) == (413, "the request is larger than 8 MiB")
    untold = web.client.put("/api/v1/frames/1", content=(b" " * (1 << 20) for _ in range(9)), headers=headers)
    assert untold.status_code == 413
    assert web.frame()["rev"] == 0


def test_another_machine_may_come_by_any_name_but_not_without_the_token(desk):
    client = TestClient(guarded(make_app(desk), Rules("secret", 8642, None)), base_url="http://lab.example:8642")
    assert client.get("/api/v1/project").status_code == 401
    client.get("/?token=secret")
    assert client.get("/api/v1/project").status_code == 200


def test_what_is_no_request_passes(desk):
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    with ThreadPoolExecutor() as pool:  # a thread has no event loop of a browser's
        pool.submit(asyncio.run, guarded(inner, RULES)({"type": "lifespan"}, None, None)).result()
    assert seen == ["lifespan"]


def test_every_launch_has_a_token_of_its_own_and_takes_a_free_port():
    first, second = open_door(), open_door()
    try:
        assert first.rules.token != second.rules.token
        assert len(first.rules.token) == 32
        assert first.rules.port != second.rules.port
        assert first.rules.hosts == tuple(f"{name}:{first.rules.port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        assert first.address == f"http://127.0.0.1:{first.rules.port}/?token={first.rules.token}"
        with pytest.raises(OptionError, match=f"port {first.rules.port}: Address already in use; give another --port"):
            open_door(port=first.rules.port)
    finally:
        first.socket.close()
        second.socket.close()
    with pytest.raises(OptionError, match=r"cannot listen on 203\.0\.113\.9"):
        open_door("203.0.113.9")


def test_only_an_explicit_host_lets_other_machines_in():
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "192.168.1.4")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    opened = open_door("0.0.0.0", 0)
    try:
        assert door(opened.socket, "0.0.0.0", "t").rules.hosts is None
    finally:
        opened.socket.close()


def test_two_people_have_their_names_in_their_own_browsers(web, desk):
    assert Caller(desk, "bob").get("/project").json()["user"] == "bob"
    assert web.get("/project").json()["user"] == "ann"
    assert web.client.put("/api/v1/me", json={"user": "<b>"}).status_code == 422
