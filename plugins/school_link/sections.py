"""What the back office shows of the program's own tables."""

from typing import Final

from core.plugin_api import AdminSection, Capability, Message
from plugins.school_link.models import School, SchoolAgreement, SchoolClass, SchoolDay, SchoolTeacher

AGREEMENTS: Final = AdminSection(
    key="school_link_agreements",
    name=Message("Agreements with schools"),
    model=SchoolAgreement,
    columns=("school", "contact", "valid_from", "valid_until"),
    form=("school", "rooms", "contact", "valid_from", "valid_until"),
    search=("school",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "school": Message("Partner school"),
        "rooms": Message("Rooms and grounds that may be used"),
        "contact": Message("Office in charge at the school"),
        "valid_from": Message("Valid from"),
        "valid_until": Message("Valid until"),
    },
)
SCHOOLS: Final = AdminSection(
    key="school_link_schools",
    name=Message("Partner schools"),
    model=School,
    columns=("venue_id", "liaison", "lessons_end", "way", "confirms"),
    form=("venue_id", "opens", "closes", "lessons_end", "way", "liaison", "liaison_id", "confirms"),
    search=("liaison",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "venue_id": Message("Partner school"),
        "opens": Message("Rooms can be used from"),
        "closes": Message("Rooms can be used until"),
        "lessons_end": Message("Lessons end at"),
        "way": Message("Minutes from the school to the station"),
        "liaison": Message("Office in charge at the school"),
        "liaison_id": Message("Liaison teacher"),
        "confirms": Message("The school confirms sessions before they are published"),
    },
)
DAYS: Final = AdminSection(
    key="school_link_school_days",
    name=Message("Exam days and other days of schools"),
    model=SchoolDay,
    columns=("school_id", "first", "last", "kind", "note"),
    form=("school_id", "first", "last", "kind", "note"),
    search=("note",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "school_id": Message("Partner school"),
        "first": Message("First day"),
        "last": Message("Last day"),
        "kind": Message("What is special"),
        "note": Message("Note on the days"),
    },
)
TEACHERS: Final = AdminSection(
    key="school_link_teachers",
    name=Message("Accompanying teachers"),
    model=SchoolTeacher,
    columns=("school_id", "volunteer_id"),
    form=("school_id", "volunteer_id"),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={"school_id": Message("Partner school"), "volunteer_id": Message("Accompanying teacher")},
)
CLASSES: Final = AdminSection(
    key="school_link_classes",
    name=Message("Class lists"),
    model=SchoolClass,
    columns=("school_id", "name", "grade", "group_id", "pupils"),
    form=("school_id", "name", "grade", "group_id", "pupils"),
    search=("name",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={
        "school_id": Message("Partner school"),
        "name": Message("Class"),
        "grade": Message("Grade"),
        "group_id": Message("Group with its children"),
        "pupils": Message("Pupils, where there is no group"),
    },
)
#: What schools have said, and their secret addresses, come about and are shown on the program's page alone.
SECTIONS: Final = (SCHOOLS, DAYS, TEACHERS, CLASSES, AGREEMENTS)
