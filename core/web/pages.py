"""All blueprints of core, one for each area of the site."""

from flask import Flask

from core.web.account.views import account
from core.web.home.views import home
from core.web.language.views import language

_AREAS = (home, account, language)


def register(app: Flask) -> None:
    """Add core's pages to the application."""
    for area in _AREAS:
        app.register_blueprint(area)
