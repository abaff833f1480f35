"""The program's page: the virtue of the month, for everybody who is signed in."""

from typing import Final

from flask import Blueprint, Flask, render_template

from core.plugin_api import SIGNED_IN, MenuEntry, Message, WebPart, db, today
from plugins.character_ed import queries

blueprint = Blueprint("character_ed", __name__, url_prefix="/character-ed", template_folder="templates")


@blueprint.get("/virtue")
def virtue() -> str:
    """Show the virtue of this month."""
    virtues = db.session.scalars(queries.virtues_of_the_month(today()))
    return render_template("character_ed/virtue.html", virtues=list(virtues))


def _mount(app: Flask) -> None:
    app.register_blueprint(blueprint)


PAGES: Final = WebPart(
    name="character_ed",
    mount=_mount,
    permissions={"character_ed.virtue": SIGNED_IN},
    menu=(MenuEntry(Message("Virtue of the month"), "character_ed.virtue"),),
)
