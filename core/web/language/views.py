"""Views of the language switch."""

from flask import Blueprint, abort, redirect, request, session
from werkzeug.wrappers import Response

from core.extensions import db, signed_in
from core.services.accounts import choose_language
from core.web.identity import safe_target
from core.web.languages import NAMES

language = Blueprint("language", __name__)


@language.post("/language")
def choose() -> Response:
    """Show the site in the language from now on, and keep that with the account of somebody who has signed in."""
    wanted = request.form.get("language", "")
    if wanted not in NAMES:
        abort(400)
    session["language"] = wanted
    if (found := signed_in()) is not None:
        choose_language(db.session, found.actor, wanted)
    return redirect(safe_target(request.form.get("next")))
