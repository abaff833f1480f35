"""Views of the account that Flask-Security doesn't have."""

from flask import Blueprint, render_template
from flask_security import current_user

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("/factors")
def factors() -> str:
    """Show how one signs in, and lead to what changes it."""
    return render_template("account/factors.html", person=current_user.credentials)
