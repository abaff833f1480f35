"""Views of registering many: a school's class, and a workbook."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.domain.ages import school_year
from core.domain.child_file import Grade
from core.domain.errors import InvalidInputError
from core.domain.ids import new_id
from core.domain.registering import Channel
from core.extensions import db, wiring
from core.services.children.finding import Line, Wanted, find_children
from core.services.registration.giving import Wanted as WantedPlace
from core.services.registration.giving import register
from core.services.registration.importing import import_registrations, template
from core.services.registration.lists import numbers_of_term
from core.services.workbook.errors import InvalidWorkbookError, WorkbookError
from core.web.children.forms import WorkbookForm
from core.web.registration.desk import Page, answered, chosen_term, key_of, registration, the_desk

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@registration.route("/class", methods=["GET", "POST"])
def school_class() -> Page:
    """Show the children of a school's class, and register those who are ticked for one activity."""
    term = chosen_term()
    if request.method == "POST":
        activity, children = key_of(request.form.get("activity", "")), request.form.getlist("child")
        wanted = [WantedPlace(child, activity) for each in children if (child := key_of(each)) and activity]
        if wanted:
            request_id = key_of(request.form.get("request", "")) or new_id()
            outcomes = register(db.session, the_desk(), request_id, wanted, channel=Channel.CLASS_LIST)
            return answered(request_id, outcomes)
        flash(_("Choose an activity and tick the children."), "warning")
    grade = Grade(request.values["grade"]) if request.values.get("grade") in set(Grade) else None
    lines = _in_grade(grade) if grade else []
    schools = sorted({line.digest.school for line in lines if line.digest.school})
    school = request.values.get("school", "")
    return render_template(
        "registration/class.html",
        term=term,
        grades=list(Grade),
        grade=grade,
        schools=schools,
        school=school if school in schools else "",
        lines=[line for line in lines if line.digest.school == school],
        numbers=numbers_of_term(db.session, term.id) if term else (),
        request_id=new_id(),
    )


@registration.route("/import", methods=["GET", "POST"])
def take_in() -> Page:
    """Import registrations: every error at once and nothing stored, or all of them and the receipt."""
    form, term = WorkbookForm(), chosen_term()
    errors: tuple[WorkbookError, ...] = ()
    if term is not None and form.validate_on_submit():
        try:
            made = import_registrations(db.session, the_desk(), term.id, form.file.data.read())
        except InvalidWorkbookError as invalid:
            form.refuse(invalid)
            errors = invalid.errors
        except InvalidInputError as error:
            form.refuse(error, form.file)
        else:
            flash(_("All of it is registered."), "success")
            return redirect(url_for("registration.slip", receipt_id=made.request_id))
    page = render_template("registration/import.html", form=form, term=term, errors=errors)
    return page, 422 if form.errors else 200


@registration.get("/import/template")
def empty_workbook() -> Response:
    """Send the empty workbook."""
    headers = {"Content-Disposition": 'attachment; filename="registrations.xlsx"', "Cache-Control": "no-store"}
    return Response(template(), mimetype=_EXCEL, headers=headers)


def _in_grade(grade: Grade) -> list[Line]:
    """Return all children of a grade in reach; the list gives them by pages."""
    year = school_year(wiring().today())
    first = find_children(db.session, Wanted(grade=grade), school_year=year)
    rest = (
        find_children(db.session, Wanted(grade=grade, page=page), school_year=year)
        for page in range(2, first.pages + 1)
    )
    return [*first.lines, *(line for found in rest for line in found.lines)]
