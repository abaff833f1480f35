"""Views of the start page."""

from flask import Blueprint, render_template

home = Blueprint("home", __name__)


@home.get("/")
def start() -> str:
    """Show what there is to do."""
    return render_template("home/start.html")


@home.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    """Answer that the application serves; whoever watches it needs no more."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
