"""The log: a line of JSON an event, on standard error, and one for each request.

No query, cookie or secret address is in it, and of an error only its kind and where it arose: an error's own text, and
all the more a frame's variables, may quote what somebody entered about a child.
"""

import re
import sys
import time
import traceback
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict

from core.extensions import signed_in

log = structlog.get_logger()
_SECRET_PATH = re.compile(r"(/(?:feeds|by-link|invitation|codes|passkeys?|passkey-again)/)[^/]{16,}")


def set_up_logs() -> None:
    """Write the log in this process as the module says."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            name_errors,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        # Asked for each time, since a test run exchanges the stream.
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )


def name_errors(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put an error's kind and the places it came through in place of the error itself, the innermost last."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["frames"] = _frames(error.__traceback__)
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def log_requests(app: Flask) -> None:
    """Write a line for every request of the application but those for its own files."""

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _write(response: Response) -> Response:
        if request.endpoint != "static":
            found = signed_in()
            log.info(
                "request",
                method=request.method,
                path=without_secrets(request.path),
                status=response.status_code,
                milliseconds=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000),
                user=str(found.actor.user_id) if found else None,
            )
        return response


def without_secrets(path: str) -> str:
    """Return a path for the log: a secret address, of a feed or behind `by-link/`, becomes an ellipsis."""
    return _SECRET_PATH.sub(r"\1…", path)
