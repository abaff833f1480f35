"""Volunteers: their phone is sealed, and found again by its blind index."""

from typing import Any

from admin.base import StaffView
from core.db.session import vault_of
from core.extensions import db
from core.web.forms import Form


class VolunteerView(StaffView):
    """A volunteer's own data; skills, checks and times are parts with sections of their own."""

    def fill(self, form: Form, row: Any) -> frozenset[str]:
        """Keep the phone's index with the phone."""
        changed = super().fill(form, row)
        if "phone" in changed:
            index = vault_of(db.session).blind_index
            row.phone_index = None if row.phone is None else index("volunteers.phone", row.phone)
        return changed
