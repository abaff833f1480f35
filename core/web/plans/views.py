"""Views of plans."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import PlanningRun
from core.db.models.plan import PlanStatus
from core.db.queries import plans as queries
from core.db.queries import runs as run_queries
from core.db.queries.week import terms_in_reach
from core.extensions import actor, db, wiring
from core.services.comparison import compare as compared
from core.services.comparison import find_plan, open_objections
from core.services.planning.pins import is_newest, placed_sessions
from core.services.planning.shortfalls import told
from core.services.planning.terms import AMOUNTS, STATUS
from core.services.publishing import publish_plan
from core.web.plans import words
from core.web.runs.care import looked_after

plans = Blueprint("plans", __name__, url_prefix="/plans")


@plans.get("/")
def listed() -> str:
    """List the plans, the newest first, the runs that will bring more, and the terms that could be planned."""
    return render_template(
        "plans/listed.html",
        plans=db.session.scalars(queries.plans_in_reach()).all(),
        runs=looked_after(db.session.scalars(run_queries.open_runs(PlanningRun)).all()),
        terms=db.session.scalars(terms_in_reach()).all(),
    )


@plans.get("/<uuid:plan_id>")
def page(plan_id: UUID) -> str:
    """Show how a run went, what it cost, what it could not fill, what it holds, and what is pinned."""
    plan = find_plan(db.session, plan_id)
    shortfalls = [told(db.session, wiring().hooks, shortfall) for shortfall in plan.shortfalls]
    amounts = plan.summary.get("amounts", {})
    return render_template(
        "plans/page.html",
        plan=plan,
        shortfalls=shortfalls,
        amounts=[(name, amounts[key]) for key, name in AMOUNTS.items() if amounts.get(key)],
        status=STATUS.get(plan.summary.get("status", "")),
        newest=is_newest(db.session, plan),
        placed=placed_sessions(db.session, plan),
        pins=db.session.scalars(run_queries.pins_of(plan.term_id)).all(),
    )


@plans.get("/<uuid:plan_id>/publish")
def compare(plan_id: UUID) -> str:
    """Show what publishing the plan would change; nothing is changed by looking."""
    plan = find_plan(db.session, plan_id)
    app, draft = wiring(), plan.status is PlanStatus.DRAFT
    return render_template(
        "plans/compare.html",
        plan=plan,
        changes=compared(db.session, plan) if draft else {},
        objections=open_objections(db.session, app.hooks, plan, now=app.wall_clock()) if draft else [],
        kinds=words.CHANGES,
    )


@plans.post("/<uuid:plan_id>/publish")
def publish(plan_id: UUID) -> Response:
    """Publish the plan, and tell what that changed."""
    app, plan = wiring(), find_plan(db.session, plan_id)
    now, timezone = app.wall_clock(), app.settings.timezone
    changes = publish_plan(db.session, actor(), app.clock, app.hooks, plan.id, timezone=timezone, now=now)
    flash(
        _("Version %(version)s is published: %(count)s changes.", version=plan.version, count=len(changes)), "success"
    )
    return redirect(url_for("timetable.of_term", term_id=plan.term_id))
