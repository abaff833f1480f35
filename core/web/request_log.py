"""One log line a request: what was asked and how it went, without query, cookie or secret address."""

import re
import time

import structlog
from flask import Flask, Response, g, request

from core.web.identity import signed_in

log = structlog.get_logger()
_SECRET_PATH = re.compile(r"(/feeds/)[^/]{16,}")


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
    """Return a path for the log: a feed's secret address becomes an ellipsis."""
    return _SECRET_PATH.sub(r"\1…", path)
