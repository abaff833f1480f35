"""What the back office shows of the program's own table."""

from typing import Final

from core.plugin_api import PLANNERS, STAFF, AdminSection, Message
from plugins.school_link.models import SchoolAgreement

AGREEMENTS: Final = AdminSection(
    key="school_link_agreements",
    name=Message("Agreements with schools"),
    model=SchoolAgreement,
    columns=("school", "contact", "valid_from", "valid_until"),
    form=("school", "rooms", "contact", "valid_from", "valid_until"),
    search=("school",),
    readers=STAFF,
    writers=PLANNERS,
    labels={
        "school": Message("Partner school"),
        "rooms": Message("Rooms and grounds that may be used"),
        "contact": Message("Office in charge at the school"),
        "valid_from": Message("Valid from"),
        "valid_until": Message("Valid until"),
    },
)
