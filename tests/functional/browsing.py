"""A browser for tests: it sends forms as a person's would, with the token that the page gave it."""

import re
from collections.abc import Mapping
from html import unescape

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
