"""A plugin that fails in a page: the reader and staff are told whose it is, and the rest goes on."""

from http import HTTPStatus
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from core.app import create_app
from core.config import Settings
from core.db.session import Database
from core.domain.capabilities import Capability
from core.domain.errors import Message
from core.hooks.calling import Plugin
from core.hooks.manager import build_hooks
from core.hooks.specs import hookimpl
from core.hooks.types import Program, WebPart
from tests.functional.browsing import Browser
from tests.functional.county import MovingClock

SECRET = "what somebody entered about a child"


@pytest.fixture
def failing_browser(settings: Settings, database: Database, clock: MovingClock) -> Browser:
    """Return a browser on an application with a plugin whose only page fails."""

    def page() -> str:
        raise LookupError(SECRET)

    def mount(app: Flask) -> None:
        app.add_url_rule("/toys", "toy.page", page)

    module: Any = ModuleType("toy_package.plugin")
    module.__file__ = __file__
    module.program = hookimpl(lambda: Program("toy", Message("Toys"), Message("Play.")))
    module.web_parts = hookimpl(lambda: [WebPart("toy", mount, {"toy.page": Capability.SEE_PLANS})])
    app = create_app(settings, build_hooks([Plugin("toy", module)]), database=database, clock=clock)
    return Browser(app.test_client())


def test_a_page_that_fails_names_its_program_and_the_rest_goes_on(
    failing_browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    failing_browser.sign_in("station_staff@qingshi")
    assert "插件" not in failing_browser.get("/overview").get_data(as_text=True)
    failed = failing_browser.get("/toys")
    assert failed.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "“Toys”的这个页面出错了" in failed.get_data(as_text=True)
    overview = failing_browser.get("/overview")
    assert overview.status_code == HTTPStatus.OK
    assert "插件 toy 出错（toy.page）" in overview.get_data(as_text=True)
    said = capsys.readouterr().err
    assert '"plugin": "toy"' in said
    assert SECRET not in said + failed.get_data(as_text=True) + overview.get_data(as_text=True)
