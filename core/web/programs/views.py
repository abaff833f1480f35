"""Views of programs."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.queries import programs as queries
from core.domain.errors import Message, NotFoundError
from core.extensions import actor, db, own_station, wiring
from core.services.program_switches import programs_switched_off, switch_program
from core.web.text import say

programs = Blueprint("programs", __name__, url_prefix="/programs")


@programs.get("/")
def listed() -> str:
    """List the programs of the station: those installed, and those that only its activities still know."""
    hooks, station = wiring().hooks, own_station()
    counts = Counter[str]()
    for type_key, count in db.session.execute(queries.activities_by_type()):
        counts[type_key.partition(".")[0]] += count
    return render_template(
        "programs/listed.html",
        programs=hooks.programs,
        off=programs_switched_off(db.session, station),
        counts=counts,
        orphans=sorted(set(counts) - set(hooks.programs)),
    )


@programs.post("/<key>")
def switch(key: str) -> Response:
    """Switch a program on or off for the station; nothing that was entered is lost."""
    app, on = wiring(), request.form.get("on") == "1"
    if key not in app.hooks.programs:
        raise NotFoundError(Message("There is no such program."))
    switch_program(db.session, actor(), app.clock, own_station(), key, on=on)
    name = say(app.hooks.programs[key].name)
    said = _("%(program)s is switched on.", program=name) if on else _("%(program)s is switched off.", program=name)
    flash(said, "success")
    return redirect(url_for("programs.listed"))
