"""Views of lists that come in and go out: an import with its progress, its template, the national system's export."""

from collections.abc import Iterator
from itertools import chain

from flask import Blueprint, Response, render_template, stream_template

from core.domain.errors import DomainError, InvalidInputError, Message, NotAllowedError
from core.extensions import actor, db, signed_in, wiring
from core.services.workbook.children_alone import SHEETS_ALONE, Phase, Step, import_children
from core.services.workbook.content import WorkbookContent
from core.services.workbook.errors import InvalidWorkbookError, WorkbookError
from core.services.workbook.national_list import covered, export_children
from core.services.workbook.write import write_workbook
from core.web.children.forms import WorkbookForm
from core.web.forms import Form

child_trade = Blueprint("child_trade", __name__, url_prefix="/children")
Page = str | Response | tuple[str, int]
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@child_trade.route("/import", methods=["GET", "POST"])
def take_in() -> Page:
    """Import a list: every error at once and nothing stored, or all of it, with how far it is while it goes on."""
    form = WorkbookForm()
    errors: tuple[WorkbookError, ...] = ()
    if form.validate_on_submit():
        steps = _steps(form.file.data.read())
        try:
            begun = list(_until_storing(steps))
        except InvalidWorkbookError as invalid:
            form.refuse(invalid)
            errors = invalid.errors
        except (InvalidInputError, NotAllowedError) as error:
            form.refuse(error, form.file)
        else:
            # Sent as it goes on: whoever waits sees how far it is.
            return Response(stream_template("children/importing.html", steps=_told(chain(begun, steps))))
    return render_template("children/import.html", form=form, errors=errors), 422 if form.errors else 200


@child_trade.get("/import/template")
def template() -> Response:
    """Send the empty workbook."""
    return _file(write_workbook(WorkbookContent(), {}, SHEETS_ALONE), "children.xlsx")


@child_trade.route("/export", methods=["GET", "POST"])
def give_out() -> Page:
    """Say for how many children a grant covers the export, and send it once it is asked for."""
    app, form = wiring(), Form()
    if form.validate_on_submit():
        try:
            made = export_children(db.session, actor(), app.clock, today=app.today())
        except NotAllowedError as error:
            form.refuse(error)
        else:
            return _file(made.content, f"children-{app.today().isoformat()}.xlsx")
    ready, left_out = covered(db.session, actor(), app.clock)
    page = render_template("children/export.html", form=form, ready=len(ready), left_out=left_out)
    return page, 422 if form.errors else 200


def _steps(data: bytes) -> Iterator[Step]:
    """Yield how far the import is; the last step comes only when everything is kept.

    It has a transaction of its own: the request's ends before its answer is sent.
    """
    app, found, person = wiring(), signed_in(), actor()
    if found is None:
        return
    last = None
    with app.database.writing(found.scope) as session:
        for step in import_children(session, person, app.clock, data, demo=app.settings.demo):
            last = step
            if step.phase is not Phase.DONE:
                yield step
    if last is not None:
        yield last


def _until_storing(steps: Iterator[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if step.phase in {Phase.STORING, Phase.DONE}:
            return


def _told(steps: Iterator[Step]) -> Iterator[Step | Message]:
    """Yield the steps, and in the end what went wrong if anything did: by then the answer has begun."""
    try:
        yield from steps
    except DomainError as error:
        yield error.message


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=_EXCEL, headers=headers)
