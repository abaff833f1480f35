"""Views of scans of signed consents."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import Child
from core.domain.errors import ConflictError, InvalidInputError
from core.extensions import actor, db, wiring
from core.services import consent_scans as services
from core.web.consents.forms import ScanForm

consent_scans = Blueprint("consent_scans", __name__, url_prefix="/consents")
Page = str | Response | tuple[str, int]


@consent_scans.route("/<uuid:consent_id>/scan", methods=["GET", "POST"])
def add(consent_id: UUID) -> Page:
    """Add the scan of a signed consent."""
    row, form = services.find_consent(db.session, consent_id), ScanForm()
    if form.validate_on_submit():
        try:
            services.add_scan(db.session, actor(), wiring().clock, consent_id, form.scan())
        except InvalidInputError as error:
            form.refuse(error, form.file)
        except ConflictError as error:
            form.refuse(error)
        else:
            flash(_("The scan is kept."), "success")
            return _back(row.child_id)
    child = db.session.get_one(Child, row.child_id)
    page = render_template("consents/scan.html", form=form, row=row, child=child)
    return page, 422 if form.errors else 200


@consent_scans.post("/<uuid:consent_id>/scan/open")
def read(consent_id: UUID) -> Response:
    """Send the scan to whoever has leave to read it; that it was read is noted."""
    kept, content = services.read_scan(db.session, actor(), wiring().clock, consent_id)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return Response(content, mimetype=kept.media_type.value, headers=headers)


@consent_scans.post("/<uuid:consent_id>/scan/remove")
def drop(consent_id: UUID) -> Response:
    """Drop a scan that is of another paper; the consent counts as before."""
    row = services.drop_scan(db.session, actor(), wiring().clock, consent_id)
    flash(_("The scan is removed. The consent counts as before: scan the right paper."), "success")
    return _back(row.child_id)


def _back(child_id: UUID) -> Response:
    return redirect(url_for("consents.of_child", child_id=child_id))
