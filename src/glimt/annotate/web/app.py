"""The whole server: the API, the page's files, and one line for whatever goes wrong."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from glimt.annotate.web import editing, files, pixels, reading
from glimt.annotate.web.desk import Desk
from glimt.core.errors import GlimtError, OutputError, UnknownNameError

API = "/api/v1"
STATIC = Path(__file__).with_name("static")
SCREENS = ("/", "/s/{rest:path}", "/review", "/compare")


def make_app(desk: Desk) -> FastAPI:
    """The app of an open project, without the guard before it."""
    app = FastAPI(title="Glimt annotate", openapi_url=f"{API}/openapi.json", docs_url=None, redoc_url=None)
    app.state.desk = desk
    for part in (reading, pixels, editing, files):
        app.include_router(part.router, prefix=API)
    app.add_exception_handler(GlimtError, on_mistake)
    app.add_exception_handler(RequestValidationError, on_shape)
    app.add_exception_handler(HTTPException, on_refusal)
    for screen in SCREENS:
        app.add_api_route(screen, show_page, include_in_schema=False)
    app.mount("/", StaticFiles(directory=STATIC))
    return app


async def show_page() -> FileResponse:
    """The page; it reads from its address which screen to show."""
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


async def on_mistake(_: Request, error: Exception) -> JSONResponse:
    """What a person can do something about."""
    status = 404 if isinstance(error, UnknownNameError) else 507 if isinstance(error, OutputError) else 422
    return JSONResponse({"error": str(error)}, status)


async def on_shape(_: Request, error: Exception) -> JSONResponse:
    """A request that is not what it should be: the first fault, and where."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return JSONResponse({"error": f"{where}: {first['msg']}"}, 422)


async def on_refusal(_: Request, error: Exception) -> JSONResponse:
    """A path that is not there, a write that is not allowed."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": str(error.detail)}, error.status_code)
