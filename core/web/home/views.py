"""Views of the start page."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core.db.models.plan import PlanStatus
from core.db.queries import plans as plan_queries
from core.domain.capabilities import Capability
from core.extensions import actor, db, own_station, wiring
from core.security.permissions import may
from core.services.grants import to_acknowledge, to_decide
from core.services.requests import waiting_until
from core.services.serving_rules import rules_of
from core.services.timetable import coming_cards
from core.web.menu import first_page

home = Blueprint("home", __name__)
_AHEAD = timedelta(days=7)


@home.get("/")
def start() -> Response:
    """Lead everybody to what concerns them first."""
    return redirect(url_for(first_page(actor().role)))


@home.get("/overview")
def overview() -> str:
    """Show staff what is held in the days ahead, where people are missing, drafts that wait, and failed plugins."""
    now = wiring().wall_clock()
    cards = coming_cards(db.session, now, now + _AHEAD)
    plans = db.session.scalars(plan_queries.newest_plans()).all()
    drafts = [plan for plan in plans if plan.status is PlanStatus.DRAFT]
    hooks = wiring().hooks
    return render_template(
        "home/overview.html",
        cards=cards,
        soon=now + rules_of(db.session, own_station()).late,
        drafts=drafts,
        left_out=hooks.broken,
        failures=hooks.failures,
        broken_glass=to_acknowledge(db.session, actor()),
        requests_due=waiting_until(db.session, wiring().today() + _AHEAD) if _answers() else 0,
        to_decide=len(to_decide(db.session, actor(), wiring().clock.now())),
    )


def _answers() -> bool:
    return may(actor().role, Capability.ANSWER_REQUESTS)


@home.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    """Answer that the application serves; whoever watches it needs no more."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
