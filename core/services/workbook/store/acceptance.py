"""Finds rows by which somebody would get near children round the rules: accepted unchecked, a failed check undone."""

from collections.abc import Callable, Collection, Iterator
from uuid import UUID

from core.db.models import Volunteer
from core.domain.errors import Message
from core.domain.serving import Check, Stage, Step
from core.services.assignable import checks_of
from core.services.workbook.content import ClearanceRow, VolunteerRow, WorkbookContent
from core.services.workbook.errors import WorkbookError
from core.services.workbook.sheets import BY_ATTRIBUTE
from core.services.workbook.store.shelf import Names

_UNCHECKED = Message("Nobody is accepted whose background check was not passed: enter the check on the sheet 从业查询.")
_GONE = Message("This person was refused or has left: note on their page that they come back, then import again.")
_FAILED = Message("A check of this day that was not passed is noted already, and stays: enter a newer check.")

StationId = Callable[[str], UUID | None]


def unfounded(names: Names, content: WorkbookContent, station_id: StationId) -> Iterator[WorkbookError]:
    """Yield an error for each acceptance without a passed check, and for each failed check that would be changed."""
    told: dict[str, list[Check]] = {}
    for check in content.clearances:
        told.setdefault(check.volunteer, []).append(Check(check.checked_on, check.valid_until, check.passed))
    stored = {row.number: _stored(names, row, station_id) for row in content.volunteers}
    for row in content.volunteers:
        yield from _acceptance(row, stored[row.number], told.get(row.number, ()))
    for check in content.clearances:
        person = stored[check.volunteer] if check.volunteer in stored else _by_number(names, check.volunteer)
        if check.passed and person is not None and _undoes(person, check):
            yield _error("clearances", check, "passed", _FAILED)


def _acceptance(row: VolunteerRow, stored: Volunteer | None, told: Collection[Check]) -> Iterator[WorkbookError]:
    if row.accepted_on is None or _is_known(row, stored):
        return
    if stored is not None and stored.stage not in {Stage.APPLICANT, Stage.ACCEPTED}:
        yield _error("volunteers", row, "accepted_on", _GONE)
    checks = (*told, *(checks_of(stored) if stored else ()))
    newest = max(checks, key=lambda one: (one.checked_on, not one.passed), default=None)
    if newest is None or not newest.passed:
        yield _error("volunteers", row, "accepted_on", _UNCHECKED)


def _is_known(row: VolunteerRow, stored: Volunteer | None) -> bool:
    steps = stored.steps if stored else ()
    return any(one.step is Step.ACCEPTED and one.happened_on == row.accepted_on for one in steps)


def _undoes(person: Volunteer, check: ClearanceRow) -> bool:
    return any(not row.passed and row.checked_on == check.checked_on for row in person.clearances)


def _stored(names: Names, row: VolunteerRow, station_id: StationId) -> Volunteer | None:
    return names.rows("volunteers").get((station_id(row.station), row.number))


def _by_number(names: Names, number: str) -> Volunteer | None:
    try:
        found: Volunteer = names.named("volunteers", number)
    except KeyError:
        return None
    return found


def _error(sheet: str, row: VolunteerRow | ClearanceRow, attribute: str, message: Message) -> WorkbookError:
    form = BY_ATTRIBUTE[sheet]
    return WorkbookError(form.heading, row.line, form.column(attribute).heading, message)
