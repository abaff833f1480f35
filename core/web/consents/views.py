"""Views of consents for staff: what is to be done, a child's consents, guardians' addresses."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import Child, Guardian, GuardianLeave, GuardianLink
from core.db.queries import consents as queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ConsentPurpose, GuardianAccess, SensitiveField
from core.extensions import actor, db, wiring
from core.services import consent_lists as lists
from core.services import consents as services
from core.services import guardian_links as links
from core.services.consent_scans import give_on_paper, kept_scans
from core.services.consent_texts import text_in_force
from core.services.grants import readable_fields
from core.web.consents.forms import AccessForm, ConsentForm, DutyForm, WithdrawalForm
from core.web.consents.texts import purpose_of, words_of
from core.web.qr import picture_of
from core.web.text import say

consents = Blueprint("consents", __name__, url_prefix="/consents")
Page = str | Response | tuple[str, int]
_PAGE_DIGITS = 5


@consents.get("/")
def due() -> str:
    """Show one of the lists of what is to be done, and how long each is."""
    day, asked = wiring().today(), request.args
    counts = lists.counts(db.session, day)
    first = next((to_do for to_do, count in counts.items() if count), lists.ToDo.BASIS)
    to_do = lists.ToDo(asked["list"]) if asked.get("list") in set(lists.ToDo) else first
    number = asked.get("page", "")
    page = int(number) if number.isdecimal() and len(number) <= _PAGE_DIGITS else 1
    return render_template(
        "consents/due.html",
        counts=counts,
        to_do=to_do,
        found=lists.listed(db.session, to_do, day, page),
        days=lists.SOON.days,
    )


@consents.get("/children/<uuid:child_id>")
def of_child(child_id: UUID) -> str:
    """Show all consents for a child, and what its guardians may do."""
    return _page(_child(child_id))


@consents.post("/children/<uuid:child_id>")
def give(child_id: UUID) -> Page:
    """Note a consent that a guardian has given on paper."""
    child, app = _child(child_id), wiring()
    form = _consent_form(child)
    if form.validate():
        try:
            give_on_paper(db.session, actor(), app.clock, child, form.given(), form.scan(), today=app.today())
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(_("The consent is noted."), "success")
            return redirect(url_for("consents.of_child", child_id=child.id))
    return _page(child, consent_form=form), 422


@consents.post("/children/<uuid:child_id>/duty")
def note_duty(child_id: UUID) -> Page:
    """Note that a law obliges the station to keep something."""
    child, app = _child(child_id), wiring()
    form = _duty_form()
    if form.validate():
        try:
            services.note_duty(
                db.session, actor(), app.clock, child, form.duty.data, law=form.law.data, today=app.today()
            )
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(_("The duty is noted."), "success")
            return redirect(url_for("consents.of_child", child_id=child.id))
    return _page(child, duty_form=form), 422


@consents.post("/children/<uuid:child_id>/withdraw")
def withdraw(child_id: UUID) -> Page:
    """Note that a guardian has withdrawn consent at the station."""
    child, app = _child(child_id), wiring()
    form = _withdrawal_form(child)
    if form.validate():
        try:
            services.withdraw_consents(db.session, actor(), app.clock, child, form.withdrawal(), today=app.today())
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(_("The consent is withdrawn from today on."), "success")
            return redirect(url_for("consents.of_child", child_id=child.id))
    return _page(child, withdrawal_form=form), 422


@consents.get("/children/<uuid:child_id>/paper/<purpose>")
def paper(child_id: UUID, purpose: str) -> str:
    """Show the text in force as a paper to print and to have signed."""
    child, wanted = _child(child_id), purpose_of(purpose)
    text = text_in_force(db.session, wanted, wiring().today())
    return render_template("consents/paper.html", child=child, purpose=wanted, text=text, words=words_of(text))


@consents.post("/guardians/<uuid:guardian_id>/access")
def decide_access(guardian_id: UUID) -> Response:
    """Decide what a guardian may do."""
    form, guardian = _access_form(), db.session.get(Guardian, guardian_id)
    if guardian is not None and not form.validate():
        raise InvalidInputError(Message("Choose what the guardian may do, and say why in 500 characters at most."))
    leave = links.decide_access(
        db.session, actor(), wiring().clock, guardian_id, form.access.data, reason=form.reason.data or ""
    )
    flash(_("It is decided."), "success")
    return redirect(url_for("consents.of_child", child_id=leave.child_id))


@consents.post("/guardians/<uuid:guardian_id>/link")
def make_link(guardian_id: UUID) -> str:
    """Make a guardian's address, and show it with its code this one time, to print."""
    made = links.make_link(db.session, actor(), wiring().clock, guardian_id)
    guardian = db.session.get_one(Guardian, guardian_id)
    address = f"{wiring().settings.base_url}{url_for('guardians.page', token=made.token)}"
    return render_template(
        "consents/slip.html",
        guardian=guardian,
        child=_child(guardian.child_id),
        made=made,
        until=made.expires_at.astimezone(wiring().zone).date(),
        address=address,
        picture=picture_of(address),
    )


@consents.post("/links/<uuid:link_id>/code")
def renew_code(link_id: UUID) -> str:
    """Make a new code for an address, and show it this one time, to hand over or to say on the telephone."""
    code = links.renew_code(db.session, actor(), wiring().clock, link_id)
    link = db.session.get_one(GuardianLink, link_id)
    guardian = db.session.get_one(Guardian, link.guardian_id)
    return render_template("consents/code.html", guardian=guardian, code=code)


@consents.post("/links/<uuid:link_id>/revoke")
def revoke_link(link_id: UUID) -> Response:
    """End an address."""
    link = links.revoke_link(db.session, actor(), wiring().clock, link_id)
    flash(_("The address is revoked, and its calendar with it."), "success")
    return redirect(url_for("consents.of_child", child_id=link.child_id))


def _child(child_id: UUID) -> Child:
    child = db.session.get(Child, child_id)
    if child is None:
        raise NotFoundError(Message("There is no such child."))
    return child


def _guardians(child: Child) -> list[Guardian]:
    return list(db.session.scalars(queries.guardians_of(child.id)))


def _consent_form(child: Child, given_on: date | None = None) -> ConsentForm:
    form = ConsentForm() if given_on is None else ConsentForm(formdata=None, given_on=given_on)
    form.offer(_guardians(child))
    return form


def _withdrawal_form(child: Child, *, empty: bool = False) -> WithdrawalForm:
    form = WithdrawalForm(formdata=None) if empty else WithdrawalForm()
    given = {row.purpose for row in services.given_consents(db.session, child.id, wiring().today())}
    # What is withdrawn meanwhile is still a choice of whoever sends a page that was open: they are told.
    form.offer([purpose for purpose in ConsentPurpose if not empty or purpose in given], _guardians(child))
    return form


def _duty_form(*, empty: bool = False) -> DutyForm:
    form = DutyForm(formdata=None) if empty else DutyForm()
    form.duty.choices = [(one.value, say(one)) for one in ConsentPurpose if one in services.DUTIES]
    return form


def _access_form(leave: GuardianLeave | None = None, *, empty: bool = False) -> AccessForm:
    access, reason = (leave.access, leave.reason) if leave else (GuardianAccess.NONE, None)
    form = AccessForm(formdata=None, access=access, reason=reason) if empty else AccessForm()
    form.access.choices = [(one.value, say(one)) for one in GuardianAccess]
    return form


def _page(
    child: Child,
    consent_form: ConsentForm | None = None,
    duty_form: DutyForm | None = None,
    withdrawal_form: WithdrawalForm | None = None,
) -> str:
    app, found = wiring(), _guardians(child)
    live = db.session.scalars(queries.live_links(child.id, app.clock.now()))
    leaves = {leave.guardian_id: leave for leave in db.session.scalars(queries.leaves_of_child(child.id))}
    allowed = services.consents_of(db.session, child.id, app.today())
    values: dict[str, Any] = {
        "child": child,
        "today": app.today(),
        "rows": services.consents_listed(db.session, child.id),
        "scans": kept_scans(db.session, child.id),
        "may_open": SensitiveField.EVIDENCE in readable_fields(db.session, actor(), child, app.clock.now()),
        "guardians": [(one, leaves.get(one.id), _access_form(leaves.get(one.id), empty=True)) for one in found],
        "deciders": [user.display_name or user.login for user in links.deciders(db.session)],
        "names": {one.id: one.name for one in found},
        "links": {link.guardian_id: link for link in live},
        "missing": [one for one in ConsentPurpose if one not in allowed],
        "purposes": tuple(ConsentPurpose),
    }
    return render_template(
        "consents/of_child.html",
        consent_form=consent_form or _consent_form(child, app.today()),
        duty_form=duty_form or _duty_form(empty=True),
        withdrawal_form=withdrawal_form or _withdrawal_form(child, empty=True),
        none=GuardianAccess.NONE,
        **values,
    )
