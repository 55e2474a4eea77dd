"""A browser's requests without one: the token's cookie, the revision it saw, a key a gesture."""

import uuid

import numpy as np
from starlette.testclient import TestClient

from glimt.annotate.web.app import make_app
from glimt.annotate.web.guard import Rules, guarded

RULES = Rules("secret", 8642, ("127.0.0.1:8642",))


class Caller:
    def __init__(self, desk, user=None):
        self.desk = desk
        self.client = TestClient(guarded(make_app(desk), RULES), base_url="http://127.0.0.1:8642")
        self.client.get("/?token=secret")
        if user:
            assert self.client.put("/api/v1/me", json={"user": user}).json() == {"user": user}

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", params=query)

    def frame(self, number=1):
        return self.get(f"/frames/{number}").json()

    def send(self, method, path, body=None, rev=None, key=None):
        headers = {"idempotency-key": key or uuid.uuid4().hex} | ({} if rev is None else {"if-match": f'"{rev}"'})
        return self.client.request(method, f"/api/v1{path}", json=body, headers=headers)

    def propose(self, number=1, row=10, col=10, generator="fuse", **more):
        wanted = {"seeds": [{"row": row, "col": col}], "negatives": [], "generator": generator, "params": {}}
        return self.client.post(f"/api/v1/frames/{number}/candidates", json=wanted | more)

    def add(self, number=1, row=10, col=10, rev=0, **more):
        """The gesture of a click: a proposal, and its target."""
        made = self.propose(number, row, col).json()
        body = {name: made[name] for name in ("mask", "generator", "params", "quality")}
        body |= {"op": "create", "uuid": str(uuid.uuid4()), "seeds": [{"row": row, "col": col}], "negatives": []}
        return self.send("POST", f"/frames/{number}/targets", body | {"status": "candidate"} | more, rev)


def pixels_of(mask, shape):
    """The slow reading of run lengths: one pixel after another, column by column."""
    whole, at, value = np.zeros(shape, bool), 0, False
    for run in mask["counts"]:
        for i in range(at, at + run):
            whole[mask["top"] + i % mask["height"], mask["left"] + i // mask["height"]] = value
        at, value = at + run, not value
    assert at == mask["height"] * mask["width"]
    return whole


def run_mask(pixels, top=0, left=0):
    """Run lengths of a box of pixels."""
    flat, counts, value = pixels.T.ravel(), [0], False
    for one in flat:
        if bool(one) != value:
            counts.append(0)
            value = not value
        counts[-1] += 1
    return {"top": top, "left": left, "height": pixels.shape[0], "width": pixels.shape[1], "counts": counts}
