"""Views of a volunteer's secret address: to show, to print, to renew, to revoke."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.extensions import actor, db, wiring
from core.services import volunteer_links as links
from core.services.volunteering import find_person
from core.web.qr import picture_of

reply_links = Blueprint("reply_links", __name__, url_prefix="/volunteers")


@reply_links.get("/<uuid:volunteer_id>/address")
def page(volunteer_id: UUID) -> str:
    """Show a volunteer's address with its QR code, if there is one."""
    app, volunteer = wiring(), find_person(db.session, volunteer_id)
    token = links.known(db.session, app.clock, volunteer_id)
    address = "" if token is None else f"{app.settings.base_url}{url_for('replies.page', token=token)}"
    return render_template(
        "asking/address.html", row=volunteer, address=address, picture=picture_of(address) if address else ""
    )


@reply_links.post("/<uuid:volunteer_id>/address")
def make(volunteer_id: UUID) -> Response:
    """Make a new address and end the one before."""
    links.renew(db.session, actor(), wiring().clock, volunteer_id)
    flash(_("The address is made. Print it, or send it to the volunteer."), "success")
    return redirect(url_for("reply_links.page", volunteer_id=volunteer_id))


@reply_links.post("/<uuid:volunteer_id>/address/revoke")
def revoke(volunteer_id: UUID) -> Response:
    """End a volunteer's addresses."""
    links.revoke(db.session, actor(), wiring().clock, volunteer_id)
    flash(_("The address is revoked: whoever opens it finds nothing."), "success")
    return redirect(url_for("reply_links.page", volunteer_id=volunteer_id))
