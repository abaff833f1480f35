"""What went wrong, as a page in the reader's language; none tells a foreign thing from one that doesn't exist."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import structlog
from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from core.domain.errors import ConflictError, DomainError, Message, NotAllowedError, NotFoundError
from core.extensions import wiring

log = structlog.get_logger()

_TITLES: Final[Mapping[int, Message]] = MappingProxyType(
    {
        400: Message("That could not be understood"),
        403: Message("Not for your account"),
        404: Message("Nothing is found here"),
        405: Message("Not this way"),
        409: Message("That clashes with what is stored"),
        413: Message("That is too large"),
        415: Message("That kind of file can't be read"),
        429: Message("Too many requests"),
        500: Message("Something went wrong"),
    }
)
_WHAT_TO_DO: Final[Mapping[int, Message]] = MappingProxyType(
    {
        400: Message("Go back, check what you entered and send it again."),
        403: Message("Your role does not allow this. Ask an administrator of your station."),
        404: Message("The address may be mistyped, or what was here is gone."),
        405: Message("Open the page from the menu and try again."),
        413: Message("Send a smaller file."),
        429: Message("Wait a minute, then try again."),
        500: Message("Nothing was changed. Try again; if it goes on, tell your administrator when it happened."),
    }
)
_FORM_EXPIRED: Final = Message("The form is no longer valid. Load the page anew and send it again.")


def explain_errors(app: Flask) -> None:
    """Answer errors of the application with a page."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(Exception, _unforeseen)


def _http_error(error: HTTPException) -> HTTPException | tuple[str, int, list[tuple[str, str]]]:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 (a redirect that werkzeug raises as an exception)
        return error
    headers = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}]
    detail = _FORM_EXPIRED if isinstance(error, CSRFError) else None
    return _page(status, detail), status, headers


def _domain_error(error: DomainError) -> tuple[str, int]:
    match error:
        case NotFoundError():
            status = 404
        case NotAllowedError():
            status = 403
        case ConflictError():
            status = 409
        case _:
            status = 400
    return _page(status, error.message), status


def _unforeseen(error: Exception) -> tuple[str, int]:
    hooks, owner = wiring().hooks, wiring().owners.get(request.endpoint or "")
    if owner is None:
        log.error("unforeseen_error", exc_info=error)
        return _page(InternalServerError.code), InternalServerError.code
    hooks.fence_off(owner, str(request.endpoint), error)
    program = hooks.programs.get(owner)
    detail = Message(
        "This page of “%(name)s” failed. Nothing was changed, and everything else goes on. Tell your administrator.",
        {"name": owner if program is None else program.name},
    )
    return _page(InternalServerError.code, detail), InternalServerError.code


def _page(status: int, detail: Message | None = None) -> str:
    nearest = status if status in _TITLES else (400 if status < 500 else 500)  # noqa: PLR2004
    return render_template(
        "error.html", status=status, title=_TITLES[nearest], detail=detail or _WHAT_TO_DO.get(nearest)
    )
