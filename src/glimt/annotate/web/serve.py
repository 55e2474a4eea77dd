"""Serve a project until Ctrl-C: find a port, make a token, listen."""

import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

import uvicorn

from glimt.annotate.web.app import make_app
from glimt.annotate.web.desk import Desk
from glimt.annotate.web.guard import Rules, guarded
from glimt.core.errors import OptionError

PORT = 8642
TRIES = 20  # ports after that one, where nobody asked for one


@dataclass(frozen=True)
class Door:
    """A bound socket, and the address with the token that lets a browser in."""

    socket: socket.socket
    rules: Rules
    address: str


def open_door(host: str = "127.0.0.1", port: int | None = None, token: str | None = None) -> Door:
    """Bind a port: the one asked for, 0 for any, else the first free one from 8642 on.

    Raises OptionError where that is taken, or the host is not one of this machine.
    """
    wanted = [port] if port is not None else range(PORT, PORT + TRIES)
    fault: OSError | None = None
    for one in wanted:
        try:
            bound = bind(host, one)
        except OSError as error:
            fault = error
            continue
        return door(bound, host, token or secrets.token_urlsafe(24))
    reason = fault.strerror if fault else "no port is free"
    raise OptionError(
        f"cannot listen on {host}, port {wanted[0]}: {reason}; give another --port, or 0 for any free one"
    )


def bind(host: str, port: int) -> socket.socket:
    """A socket that hears `host`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(128)  # from here on nobody else can have the port
    except OSError:
        bound.close()
        raise
    return bound


def door(bound: socket.socket, host: str, token: str) -> Door:
    """The rules of a socket. On this machine alone, a browser must have come by one of its names."""
    port = bound.getsockname()[1]
    alone = is_loopback(host)
    hosts = tuple(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")) if alone else None
    name = f"[{host}]" if ":" in host else socket.gethostname() if host == "0.0.0.0" else host
    return Door(bound, Rules(token, port, hosts), f"http://{name}:{port}/?token={token}")


def is_loopback(host: str) -> bool:
    """Whether only this machine can come in."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(desk: Desk, door: Door, ready: Callable[[], None]) -> None:
    """Answer until Ctrl-C or a signal to end; `ready` is called when either is heard."""
    app = guarded(make_app(desk), door.rules)
    config = uvicorn.Config(app, log_level="warning", ws="none", lifespan="off", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    try:
        for number in (signal.SIGINT, signal.SIGTERM):  # from now on: the server itself hears only once it runs
            signal.signal(number, server.handle_exit)
        ready()
        server.run(sockets=[door.socket])
    finally:
        desk.close()
