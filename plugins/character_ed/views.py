"""The program's pages: the virtue of the month for everybody, the mix of lines and the stamps for staff."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, render_template

from core.plugin_api import (
    ActivityLine,
    Capability,
    MenuEntry,
    Message,
    NotFoundError,
    WebPart,
    db,
    groups_offered,
    terms_ahead,
    today,
)
from plugins.character_ed import queries, services

blueprint = Blueprint("character_ed", __name__, url_prefix="/character-ed", template_folder="templates")


@blueprint.get("/virtue")
def virtue() -> str:
    """Show the virtue of this month."""
    virtues = db.session.scalars(queries.virtues_of_the_month(today()))
    return render_template("character_ed/virtue.html", virtues=list(virtues))


@blueprint.get("/mix")
def mix() -> str:
    """Show how often each group has each line in the terms that are not over."""
    mixes = [services.term_mix(db.session, term) for term in terms_ahead(db.session, today())]
    return render_template("character_ed/mix.html", mixes=mixes, lines=list(ActivityLine))


@blueprint.get("/stamps")
def stamps() -> str:
    """Show the groups whose stamps can be looked at, and the awards."""
    awards = list(db.session.scalars(queries.awards()))
    return render_template("character_ed/stamps.html", groups=groups_offered(db.session), awards=awards)


@blueprint.get("/stamps/<uuid:group_id>")
def stamps_of_group(group_id: UUID) -> str:
    """Show the stamps and awards of the children in a group."""
    return _cards("character_ed/group.html", group_id)


@blueprint.get("/stamps/<uuid:group_id>/cards")
def cards(group_id: UUID) -> str:
    """Show a stamp card for each child of a group, to be printed."""
    return _cards("character_ed/cards.html", group_id)


def _cards(template: str, group_id: UUID) -> str:
    name = dict(groups_offered(db.session)).get(str(group_id))
    if name is None:
        raise NotFoundError(Message("There is no such group."))
    return render_template(
        template,
        group=name,
        group_id=group_id,
        cards=services.cards_of_group(db.session, group_id, today()),
        lines=list(ActivityLine),
    )


def _mount(app: Flask) -> None:
    app.register_blueprint(blueprint)


PAGES: Final = WebPart(
    name="character_ed",
    mount=_mount,
    permissions={
        "character_ed.virtue": Capability.USE_ACCOUNT,
        "character_ed.mix": Capability.SEE_PLANS,
        "character_ed.stamps": Capability.NOTE_ATTENDANCE,
        "character_ed.stamps_of_group": Capability.NOTE_ATTENDANCE,
        "character_ed.cards": Capability.NOTE_ATTENDANCE,
    },
    menu=(MenuEntry(Message("Character education"), "character_ed.virtue"),),
)
