"""Views for giving a term's places: what is decided and drawn, runs, a result, publishing."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.models import AllocationRun, Term
from core.db.models.run import RunState
from core.db.queries import runs as run_queries
from core.domain.errors import DomainError, Message, NotFoundError
from core.domain.ways import DEFAULT_WAY
from core.domain.wishing import Errand
from core.extensions import db, wiring
from core.services.allocating import results
from core.services.allocating.news import News
from core.services.allocating.runs import (
    ALLOCATION_RUNS,
    AllocationUnderWayError,
    ask_allocation,
    ask_publishing,
    runs_of,
)
from core.services.allocating.sentences import sentence_of
from core.services.wishes.counts import lists_counted
from core.services.wishes.rounds import enter_draw, is_published, keep_round, round_draft, round_of
from core.web.forms import Form
from core.web.places import words
from core.web.places.forms import DrawForm, PublishForm, RoundForm, RunForm
from core.web.registration.desk import Page, the_desk
from core.web.runs.care import looked_after
from core.web.text import say

places = Blueprint("places", __name__, url_prefix="/registration/places")


@places.get("/terms/<uuid:term_id>")
def of_term(term_id: UUID) -> str:
    """Show what is decided of a term's wishes, and its runs side by side."""
    return _shown(term_id)


@places.post("/terms/<uuid:term_id>/round")
def decide(term_id: UUID) -> Page:
    """Decide what is held back and how long lists are."""
    form = RoundForm()
    return _done(term_id, form, "round_form", lambda: keep_round(db.session, the_desk(), term_id, form.draft()))


@places.post("/terms/<uuid:term_id>/draw")
def draw(term_id: UUID) -> Page:
    """Enter the public draw."""
    form = DrawForm()

    def enter() -> None:
        enter_draw(db.session, the_desk(), term_id, form.draw(), form.source.data or "")

    return _done(term_id, form, "draw_form", enter)


@places.post("/terms/<uuid:term_id>/runs")
def ask(term_id: UUID) -> Page:
    """Have the term's places given, and go on to the page that shows how it goes."""
    form = RunForm()
    form.offer()
    _term(term_id)
    if form.validate_on_submit():
        try:
            run = ask_allocation(db.session, the_desk(), term_id, form.wanted(), seconds=form.seconds.data)
        except AllocationUnderWayError as error:
            flash(say(error.message), "warning")
            return redirect(url_for("places.page", allocation_id=error.run_id))
        except DomainError as error:
            form.refuse(error)
        else:
            return _started(run.id)
    return _shown(term_id, run_form=form), 422


@places.get("/runs/<uuid:allocation_id>")
def page(allocation_id: UUID) -> str:
    """Show how far a run has come, or what it has found; the page asks for itself again while the run goes on."""
    run = ALLOCATION_RUNS.find(db.session, allocation_id)
    looked_after([run])
    return _page(run, PublishForm())


@places.post("/runs/<uuid:allocation_id>/cancel")
def cancel(allocation_id: UUID) -> Response:
    """Stop a run; it keeps the best places that it has found."""
    desk = the_desk()
    ALLOCATION_RUNS.cancel(db.session, desk.actor, desk.clock, allocation_id)
    return redirect(url_for("places.page", allocation_id=allocation_id))


@places.post("/runs/<uuid:allocation_id>/publish")
def publish(allocation_id: UUID) -> Page:
    """Have a run's places published, and go on to the page that shows how it goes."""
    run, form = ALLOCATION_RUNS.find(db.session, allocation_id), PublishForm()
    if form.validate_on_submit():
        try:
            return _started(ask_publishing(db.session, the_desk(), allocation_id).id)
        except DomainError as error:
            form.refuse(error)
    return _page(run, form), 422


@places.get("/compared")
def compared() -> str:
    """Show how the places of one run differ from another's."""
    first, second = (_run_named(name) for name in ("first", "second"))
    found = results.compare_runs(db.session, the_desk(), first.id, second.id)
    return render_template("places/compared.html", first=first, second=second, found=found, words=words)


@places.post("/runs/<uuid:allocation_id>/files/<document>")
def take_out(allocation_id: UUID, document: str) -> Response:
    """Hand out what a run was asked or has found, in the exchange format, or the closed lists; it is noted."""
    if document not in set(results.Document):
        raise NotFoundError(Message("There is no such file."))
    content = results.take_out(db.session, the_desk(), allocation_id, results.Document(document))
    kind, mime = ("txt", "text/plain") if document == results.Document.LISTS else ("json", "application/json")
    disposition = f"attachment; filename={document}-{allocation_id.hex[:8]}.{kind}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content, mimetype=mime, headers=headers)


def _shown(term_id: UUID, **forms: Form) -> str:
    # What looks beyond the wall comes first: it lets go whatever was loaded.
    counted = lists_counted(db.session, term_id)
    term, draft = _term(term_id), round_draft(db.session, term_id)
    run_form = forms.get("run_form") or RunForm(formdata=None, held_back_percent=draft.held_back_percent)
    if isinstance(run_form, RunForm):
        run_form.offer()
    runs = looked_after(runs_of(db.session, term_id))
    return render_template(
        "places/term.html",
        term=term,
        round=round_of(db.session, term_id),
        lists=counted,
        runs=[run for run in runs if run.errand is Errand.SOLVE],
        publishing=next((run for run in runs if run.errand is Errand.PUBLISH), None),
        published=is_published(db.session, term_id),
        now=the_desk().now,
        words=words,
        round_form=forms.get("round_form") or RoundForm(formdata=None, obj=draft),
        draw_form=forms.get("draw_form") or DrawForm(formdata=None),
        run_form=run_form,
        default_way=DEFAULT_WAY,
    )


def _page(run: AllocationRun, form: PublishForm) -> str:
    going_on = run.state in run_queries.OPEN
    found = run.errand is Errand.SOLVE and run.state is RunState.DONE and run.sealed_allocation is not None
    return render_template(
        "places/run.html",
        run=run,
        news=News.of(run.progress),
        going_on=going_on,
        result=results.result_of(db.session, the_desk(), run.id) if found else None,
        refused=results.refused_of(db.session, the_desk(), run.id) if run.errand is Errand.PUBLISH else (),
        published=is_published(db.session, run.term_id),
        reason=sentence_of(run.error) if run.error else None,
        form=form,
        words=words,
    )


def _done(term_id: UUID, form: Form, name: str, deed: Callable[[], object]) -> Page:
    _term(term_id)
    if form.validate_on_submit():
        try:
            deed()
        except DomainError as error:
            form.refuse(error)
        else:
            flash(say(Message("Saved.")), "success")
            return redirect(url_for("places.of_term", term_id=term_id))
    return _shown(term_id, **{name: form}), 422


def _started(run_id: UUID) -> Response:
    # The process looks for the row at once, so it has to be there.
    db.finish(keep=True)
    wiring().engine.start(run_id)
    return redirect(url_for("places.page", allocation_id=run_id))


def _run_named(name: str) -> AllocationRun:
    try:
        return ALLOCATION_RUNS.find(db.session, UUID(request.args.get(name, "")))
    except ValueError:
        raise NotFoundError(Message("There is no such run.")) from None


def _term(term_id: UUID) -> Term:
    term = db.session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    return term
