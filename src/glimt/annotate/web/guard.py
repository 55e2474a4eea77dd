"""Who may come in: the browser that was given the token, by this machine's own name, from this very page."""

import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 8 << 20  # bytes of a request
LARGEST_IMPORT = 256 << 20
SAFE = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
WAY_IN = "open the address that `glimt annotate` printed: this one lacks its token, or the server was started anew"


@dataclass(frozen=True)
class Rules:
    """`hosts` are the names the server answers to, None for any: then a browser must know the token all the same."""

    token: str
    port: int
    hosts: tuple[str, ...] | None

    @property
    def cookie(self) -> str:
        """Browsers share cookies between the ports of a machine."""
        return f"glimt-{self.port}"


def guarded(app: ASGIApp, rules: Rules) -> ASGIApp:
    """The app behind the rules."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        refusal, way = refused(scope, rules), with_headers(send, scope, rules)
        if refusal is not None:
            return await refusal(scope, receive, way)
        return await app(scope, limited(receive, limit_of(scope)), way)

    return run


def refused(scope: Scope, rules: Rules) -> Response | None:
    """The answer to a request that may not come in; None where it may."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if rules.hosts is not None and host not in rules.hosts:
        return no(403, f"this server does not answer to {host[:80]!r}")
    origin = headers.get("origin")
    if scope["method"] not in SAFE and origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return no(403, f"a page of {origin[:80]!r} may not write here")
    if scope["method"] not in SAFE and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return no(403, "a foreign page may not write here")
    if not knows_token(scope, headers, rules):
        wants_page = not scope["path"].startswith("/api/")
        return HTMLResponse(f"<!doctype html><title>Glimt</title><p>{WAY_IN}", 401) if wants_page else no(401, WAY_IN)
    length = headers.get("content-length", "0")
    return no(413, too_large(limit_of(scope))) if not length.isdigit() or int(length) > limit_of(scope) else None


def no(status: int, error: str) -> Response:
    """A refusal."""
    return JSONResponse({"error": error}, status)


def knows_token(scope: Scope, headers: Headers, rules: Rules) -> bool:
    """Whether the cookie or the address has the token."""
    return any(secrets.compare_digest(one.encode(), rules.token.encode()) for one in tokens(scope, headers, rules))


def tokens(scope: Scope, headers: Headers, rules: Rules) -> list[str]:
    """What a request shows as a token."""
    given = asked_token(scope)
    try:
        kept = SimpleCookie(headers.get("cookie", "")).get(rules.cookie)
    except CookieError:
        kept = None
    return [*given, *([] if kept is None else [kept.value])]


def asked_token(scope: Scope) -> list[str]:
    """The token of an address."""
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [])


def limit_of(scope: Scope) -> int:
    """Bytes that a request may have."""
    return LARGEST_IMPORT if scope["path"] == "/api/v1/imports" else LARGEST


def too_large(limit: int) -> str:
    """What is said of a request that is larger."""
    return f"the request is larger than {limit >> 20} MiB"


def limited(receive: Receive, limit: int) -> Receive:
    """The same, counting: a request may not tell its length, or tell another."""
    seen = 0

    async def take() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, too_large(limit))
        return message

    return take


def with_headers(send: Send, scope: Scope, rules: Rules) -> Send:
    """The same, with the headers of safety, and the cookie for the browser that came with the token."""
    given: list[Any] = asked_token(scope)

    async def put(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if given and secrets.compare_digest(given[0].encode(), rules.token.encode()):
                headers.append("set-cookie", f"{rules.cookie}={rules.token}; HttpOnly; SameSite=Strict; Path=/")
        await send(message)

    return put
