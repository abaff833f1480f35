"""Views of runs of the planner."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.models import PlanningRun
from core.db.models.run import RunState
from core.db.queries import runs as queries
from core.domain.errors import Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services.planning.news import News
from core.services.planning.runs import RunUnderWayError, ask_run, cancel_run, find_run
from core.services.planning.shortfalls import named_json
from core.web.runs import words
from core.web.runs.care import looked_after
from core.web.text import say

runs = Blueprint("runs", __name__, url_prefix="/plans/runs")


@runs.post("/")
def ask() -> Response:
    """Have a term planned, and go on to the page that shows how it goes."""
    app = wiring()
    try:
        seconds = request.form.get("seconds", type=int) or 0
        run = ask_run(db.session, actor(), app.clock, _asked_term(), seconds=seconds)
    except RunUnderWayError as error:
        flash(say(error.message), "warning")
        return redirect(url_for("runs.page", run_id=error.run_id))
    # The process looks for the row at once, so it has to be there.
    db.finish(keep=True)
    app.engine.start(run.id)
    return redirect(url_for("runs.page", run_id=run.id))


@runs.get("/<uuid:run_id>")
def page(run_id: UUID) -> str:
    """Show how far a run has come, or how it ended; the page asks for itself again while the run goes on."""
    run = find_run(db.session, run_id)
    looked_after([run])
    news = News.of(run.progress)
    stage = words.stage(run, news)
    return render_template(
        "runs/page.html",
        run=run,
        news=news,
        stage=stage,
        # What was announced already is left out, so that it isn't read aloud every second.
        seen=request.args.get("seen") == stage,
        status=words.STAGES[stage],
        going_on=run.state in queries.OPEN,
        **_failure(run),
    )


@runs.post("/<uuid:run_id>/cancel")
def cancel(run_id: UUID) -> Response:
    """Stop a run; it keeps the best plan that it has found."""
    cancel_run(db.session, actor(), wiring().clock, run_id)
    return redirect(url_for("runs.page", run_id=run_id))


def _asked_term() -> UUID:
    try:
        return UUID(request.form.get("term", ""))
    except ValueError:
        raise NotFoundError(Message("There is no such term.")) from None


def _failure(run: PlanningRun) -> dict[str, object]:
    """Return why a run failed, with names, and the pins where they are the reason."""
    if run.state is not RunState.FAILED:
        return {"reason": None, "pins": ()}
    about_pins = run.error_code in words.ABOUT_PINS
    return {
        "reason": named_json(db.session, wiring().hooks, run.error),
        "pins": db.session.scalars(queries.pins_of(run.term_id)).all() if about_pins else (),
    }
