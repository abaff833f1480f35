"""What the database refuses, said so that a person can put it right."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import UniqueConstraint, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from admin.words import LABELS
from core.db.guards import CLEARANCE_GUARD, ROOM_GUARD, VOLUNTEER_GUARD
from core.domain.errors import ConflictError, InvalidInputError, Message

_GUARDS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        ROOM_GUARD: Message("The room is taken at that time."),
        CLEARANCE_GUARD: Message("The volunteer may not serve on that day."),
        VOLUNTEER_GUARD: Message("The volunteer serves elsewhere at that time."),
    }
)
#: By the ending of the constraint's name.
_CHECKS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "first_before_last": Message("The last day must not come before the first."),
        "opens_before_it_closes": Message("The closing time must come after the opening time."),
        "from_before_to": Message("It must end after it begins: compare the two times."),
        "checked_before_it_ends": Message("It must be valid until a day after the check."),
        "from_age_before_to_age": Message("The oldest age must not be below the youngest."),
        "wanted_at_least_required": Message("At least as many people must be wished for as are needed."),
        "liking": Message("A liking is a number from -3 to 3."),
        "capacity": Message("A room has at least one place."),
        "session_count": Message("There must be at least one session."),
        "duration": Message("A session lasts at least one minute."),
        "priority": Message("The lowest priority is 1."),
        "weekday": Message("Choose one of the weekdays."),
    }
)
_OUT_OF_BOUNDS: Final = Message("A number or date is out of its bounds: compare what you entered.")
_REFERENCE: Final = Message("It belongs together with something that is no longer there, or that still needs it.")
_UNREADABLE: Final = Message("The database can't store what was entered: remove unusual characters and long numbers.")


@contextmanager
def undone_when_refused(session: Session, model: type[Any], labels: Mapping[str, Message]) -> Iterator[None]:
    """Do all of the block or nothing of it; raise what the database refused as a DomainError.

    The request's transaction goes on, so that the page can be shown again; the edge drops it by the answer's status.
    """
    try:
        with session.begin_nested():
            yield
    except DBAPIError as error:
        raise _explained(error, model, labels) from error


def _explained(error: DBAPIError, model: type[Any], labels: Mapping[str, Message]) -> ConflictError | InvalidInputError:
    name, text = _constraint_name(error), str(error.orig)
    for guard, message in _GUARDS.items():
        if guard in name or guard in text:
            return ConflictError(message)
    for ending, message in _CHECKS.items():
        if name.endswith(f"_{ending}") or text.endswith(f"_{ending}"):
            return InvalidInputError(message)
    if unique := _broken_unique(model, name, text):
        names = [labels.get(column, LABELS.get(column, Message(column))) for column in unique]
        return ConflictError(
            Message("There is one already with the same: %(columns)s. Choose something else.", {"columns": names})
        )
    if "foreign key" in text.lower() or name.startswith("fk_"):
        return ConflictError(_REFERENCE)
    if "check constraint" in text.lower() or name.startswith("ck_"):
        return InvalidInputError(_OUT_OF_BOUNDS)
    return InvalidInputError(_UNREADABLE)


def _constraint_name(error: DBAPIError) -> str:
    """Return the constraint that PostgreSQL names; SQLite has it in the text alone."""
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _broken_unique(model: type[Any], name: str, text: str) -> tuple[str, ...] | None:
    table = inspect(model).local_table
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            columns = tuple(column.name for column in constraint.columns)
            listed = ", ".join(f"{table.name}.{column}" for column in columns)
            if constraint.name == name or text.endswith(f"UNIQUE constraint failed: {listed}"):
                return columns
    return None
