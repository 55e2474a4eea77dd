"""What a browser that was not let in, or a page from elsewhere, can do: nothing."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser.database import rows
from browser.page import open_frame
from browser.scenes import write_blobs

# A page of another port is of the same site, so that the browser sends the cookie with what it asks.
TRIES = """async (base) => {
  const table = "image,row,col\\nstill/000,1,1\\n";
  const json = { "content-type": "application/json", "if-match": '"0"', "idempotency-key": "k" };
  const body = JSON.stringify({ verdict: "done" });
  const tried = async (path, how) => {
    try {
      const answer = await fetch(base + path, { credentials: "include", ...how });
      return `${answer.type} ${answer.status} ${(await answer.text()).length}`;
    } catch {
      return "refused";
    }
  };
  const loaded = (made) => new Promise((done) => {
    made.onload = () => done("loaded");
    made.onerror = () => done("refused");
    document.body.append(made);
  });
  return {
    read: await tried("/api/v1/project", {}),
    blind: await tried("/api/v1/project", { mode: "no-cors" }),
    write: await tried("/api/v1/frames/1", { method: "PUT", headers: json, body }),
    post: await tried("/api/v1/imports?name=a.csv", { method: "POST", mode: "no-cors", body: table }),
    picture: await loaded(Object.assign(new Image(), { src: base + "/api/v1/frames/1/thumb" })),
    script: await loaded(Object.assign(document.createElement("script"), { src: base + "/api/v1/project" })),
  };
}"""
FRAME = "(base) => document.body.append(Object.assign(document.createElement('iframe'), { src: base }))"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere(tmp_path):
    """A foreign page on another port of this machine."""
    (tmp_path / "page").mkdir()
    (tmp_path / "page/index.html").write_text("<!doctype html><title>Elsewhere</title><p>Hello")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "page"))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_from_elsewhere_can_neither_read_nor_write_nor_embed(served, tmp_path, elsewhere, window):
    folder = write_blobs(tmp_path / "set/still", 1).parent
    running = served(folder)
    page = window().new_page()
    open_frame(page, running, "still")
    page.goto(elsewhere)
    assert page.evaluate(TRIES, running.base) == dict.fromkeys(
        ("read", "blind", "write", "post", "picture", "script"), "refused"
    )
    page.evaluate(
        "(base) => document.body.append(Object.assign(document.createElement('iframe'), { src: base }))", running.base
    )
    page.wait_for_timeout(500)
    assert all("glimt" not in frame.content().lower() or frame == page.main_frame for frame in page.frames)
    assert rows(folder) == []
    assert rows(folder, "SELECT COUNT(*) AS count FROM op") == [{"count": 0}]
    open_frame(page, running, "still")  # the cookie held all the while


def test_a_browser_without_the_token_is_told_what_to_open(served, tmp_path, window, shot):
    running = served(write_blobs(tmp_path / "set/still", 1).parent)
    page = window().new_page()
    for address in (running.base, f"{running.base}/?token=guessed", f"{running.base}/s/still/0"):
        assert page.goto(address).status == 401
        assert "open the address that `glimt annotate` printed" in page.locator("body").inner_text()
    assert page.context.request.get(f"{running.base}/api/v1/project").status == 401
    shot(page)
    page.goto(running.address)
    page.get_by_role("heading", name="set").wait_for()
    assert "token" not in page.url
