"""A browser for tests: it sends forms as a person's would, with the token that the page gave it."""

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.functional.county import PASSWORD

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """A test client that reads the form token from a page before it sends a form."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: object) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, **options)  # type: ignore[arg-type]

    def send(self, path: str, form: Mapping[str, object], *, seen_on: str | None = None) -> TestResponse:
        """Send a form to `path` as it was seen on a page, which is the same path unless named."""
        page = self.client.get(seen_on or path).get_data(as_text=True)
        token = _TOKEN.search(page)
        assert token is not None, f"there is no form on {seen_on or path}"
        return self.client.post(path, data={"csrf_token": unescape(token[1]), **form})

    def sign_in(self, login: str, password: str = PASSWORD, *, to: str = "/account/sign-in") -> TestResponse:
        """Sign in with a login name."""
        return self.send(to, {"login": login, "password": password})


def fields_of(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the page's largest form if nobody touched it; the token is left out."""
    reader = _FormReader()
    reader.feed(page)
    largest = max(reader.forms, key=len)
    sent: dict[str, list[str]] = {}
    for name, value in largest:
        if name != "csrf_token":
            sent.setdefault(name, []).append(value)
    return sent


class _FormReader(HTMLParser):
    """Collects the successful controls of each form (HTML, section 4.10.22.4)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self._open = ""
        self._kind = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control, or begin to collect what stands in it."""
        given = dict(attrs)
        if tag == "form":
            self.forms.append([])
        elif tag == "input" and self.forms and given.get("name"):
            ticked = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            if ticked and given.get("type") not in {"submit", "button", "file"}:
                self.forms[-1].append((str(given["name"]), given.get("value") or ("" if "value" in given else "on")))
        elif tag in {"textarea", "select"}:
            self._open, self._kind, self._text = str(given.get("name")), tag, ""
        elif tag == "option" and "selected" in given:
            self.forms[-1].append((self._open, given.get("value") or ""))

    def handle_data(self, data: str) -> None:
        """Collect the text of a text area."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """End a text area; its first line break is not part of it."""
        if tag == "textarea" and self._kind == tag:
            self.forms[-1].append((self._open, self._text.removeprefix("\r").removeprefix("\n")))
