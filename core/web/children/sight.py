"""What of a file the reader may see: by grants, opened by a posted form, so that the note of it is kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.db.models import Child
from core.domain.vocabulary import SensitiveField
from core.extensions import actor, db, wiring
from core.services.grants import read_fields, readable_fields

#: The form's fields that each sensitive field of a file covers.
COVERED: Final[Mapping[SensitiveField, tuple[str, ...]]] = MappingProxyType(
    {
        SensitiveField.ID_NUMBER: ("document", "id_number", "birth_date", "ethnicity"),
        SensitiveField.ADDRESS: ("address", "registered_address"),
        SensitiveField.HEALTH: ("health", "diet"),
        SensitiveField.CONTACTS: ("emergency_name", "emergency_relation", "emergency_phone"),
    }
)
#: All that a form leaves empty, and keeps, for whoever has no grant.
HIDDEN: Final = frozenset(name for names in COVERED.values() for name in names)


def readable(child: Child) -> frozenset[SensitiveField]:
    """Return what the reader has leave to open of a file."""
    return readable_fields(db.session, actor(), child, wiring().clock.now())


def open_all(child: Child) -> frozenset[SensitiveField]:
    """Open all that the reader has leave for, note the reading, and return it; for posted requests."""
    return read_fields(db.session, actor(), wiring().clock, child, readable(child))


def hidden_beside(opened: frozenset[SensitiveField]) -> frozenset[str]:
    """Return the form's fields that stay empty beside what is opened."""
    return HIDDEN - {name for one in opened for name in COVERED.get(one, ())}
