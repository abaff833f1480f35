"""Volunteers, whose phone is sealed and found again by its blind index, and their background checks."""

from typing import Any

from admin.base import StaffView
from core.db.session import vault_of
from core.domain.errors import ConflictError, Message
from core.domain.serving import a_year_after
from core.extensions import db, today
from core.services.clearances import CheckDraft, require_plausible
from core.services.volunteering import find_person
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


class ClearanceView(StaffView):
    """Background checks by the rules of their own page: until a year later, and an outcome stays what it was."""

    #: What can be put right of a check that is noted.
    _AFTERWARDS = ("authority", "reference")

    def fields(self, row: Any | None) -> dict[str, Any]:
        """Return the fields of a row's form; of a check that is noted neither the day nor the outcome changes."""
        names = self.section.form if row is None else self._AFTERWARDS
        found = super().fields(row)
        return {name: found[name] for name in names}

    def fill(self, form: Form, row: Any) -> frozenset[str]:
        """Put the answers into the row; a new check is refused unless its own page would take it."""
        changed = super().fill(form, row)
        if row.valid_until is None:
            draft = CheckDraft(row.checked_on, row.passed, row.authority, row.reference)
            require_plausible(find_person(db.session, row.volunteer_id), draft, today())
            row.valid_until = a_year_after(row.checked_on)
            return changed | {"valid_until"}
        return changed

    def delete_model(self, model: Any) -> bool:
        """Delete a check that was passed; one that was not stays."""
        if not model.passed:
            raise ConflictError(Message("A check that was not passed stays: enter a newer one instead."))
        return super().delete_model(model)
