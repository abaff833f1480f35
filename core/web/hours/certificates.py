"""Views of certificates of service: issuing, the paper, declaring one void, and the public page."""

from io import BytesIO
from uuid import UUID

import qrcode
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from qrcode.image.svg import SvgPathImage
from werkzeug.wrappers import Response

from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, limiter, signed_in, wiring
from core.services.hours import certificates as service
from core.web.text import say

certificates = Blueprint("certificates", __name__)


@certificates.post("/hours/volunteers/<uuid:volunteer_id>/certificate")
def issue(volunteer_id: UUID) -> Response:
    """Certify a volunteer's final hours."""
    return _issued(volunteer_id, url_for("hours.of_volunteer", volunteer_id=volunteer_id))


@certificates.post("/hours/mine/certificate")
def issue_own() -> Response:
    """Certify the reader's own final hours."""
    volunteer_id = actor().volunteer_id
    if volunteer_id is None:
        raise NotFoundError(Message("Your account has no file as a volunteer: ask the station."))
    return _issued(volunteer_id, url_for("hours.mine"))


@certificates.get("/hours/certificates/<uuid:certificate_id>.pdf")
def paper(certificate_id: UUID) -> Response:
    """Give out a certificate as PDF."""
    return _pdf(certificate_id)


@certificates.get("/hours/mine/certificates/<uuid:certificate_id>.pdf")
def own_paper(certificate_id: UUID) -> Response:
    """Give out a certificate of the reader's own as PDF."""
    return _pdf(certificate_id)


@certificates.post("/hours/certificates/<uuid:certificate_id>/void")
def revoke(certificate_id: UUID) -> Response:
    """Declare a certificate void."""
    row = service.find_certificate(db.session, actor(), certificate_id)
    try:
        service.revoke(db.session, actor(), wiring().clock, certificate_id, request.form.get("text", ""))
    except (ConflictError, InvalidInputError) as error:
        flash(say(error.message), "error")
    else:
        flash(_("The certificate is void; its page says so."), "success")
    return redirect(url_for("hours.of_volunteer", volunteer_id=row.volunteer_id))


@certificates.get("/verify/<token>")
@limiter.limit("60 per minute")
def verify(token: str) -> str:
    """Tell anybody who has the paper whether it is genuine, and no more than stands on it."""
    return render_template("hours/verify.html", found=service.check(db.session, token))


def _issued(volunteer_id: UUID, back: str) -> Response:
    app, person = wiring(), signed_in()
    try:
        handler = person.name if person else ""
        service.issue(db.session, actor(), app.clock, volunteer_id, today=app.today(), handler=handler)
    except ConflictError as error:
        flash(say(error.message), "error")
    else:
        flash(_("The certificate is ready: take it along as PDF below."), "success")
    return redirect(back)


def _pdf(certificate_id: UUID) -> Response:
    row = service.find_certificate(db.session, actor(), certificate_id)
    address = url_for("certificates.verify", token=service.token_of(db.session, row), _external=True)
    content = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage).save(content)
    headers = {
        "Content-Disposition": f'attachment; filename="certificate-{row.number}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(
        service.as_paper(row, address, content.getvalue().decode()), mimetype="application/pdf", headers=headers
    )
