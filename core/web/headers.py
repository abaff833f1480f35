"""Headers that keep a page to itself: what it may load, who may frame it, who may keep a copy."""

from types import MappingProxyType
from typing import Final

from flask import Flask, Response, request

from core.extensions import signed_in

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS: Final = MappingProxyType(
    {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)
_A_YEAR: Final = 31_536_000
_HSTS: Final = f"max-age={_A_YEAR}; includeSubDomains"


def protecting(*, secure: bool) -> dict[str, str]:
    """Return the headers that go with every answer; `secure` when it is served over TLS."""
    return {**_ALWAYS, **({"Strict-Transport-Security": _HSTS} if secure else {})}


def send_headers(app: Flask, *, secure: bool) -> None:
    """Send the headers with every answer of the application; `secure` when it is served over TLS."""
    protection = protecting(secure=secure)

    @app.after_request
    def _protect(response: Response) -> Response:
        response.headers.extend((name, value) for name, value in protection.items() if name not in response.headers)
        if request.endpoint == "static":
            response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
        elif signed_in() is not None or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
