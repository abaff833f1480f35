"""Who may take part: outings need a guardian's consent, and what is for classes is for their children."""

from collections.abc import Iterator, Sequence
from typing import Final

from core.plugin_api import (
    ActivityOutline,
    Applicant,
    Audience,
    Capability,
    ConsentPurpose,
    CuredOn,
    Message,
    Obstacle,
)
from plugins.school_link.activities import FOR_CLASSES, OUTING, SCHOOL_CLASS

NO_CONSENT: Final = Obstacle(
    "no_consent",
    Message("No guardian has agreed to outings."),
    Message("Ask a guardian for a consent to outings, and enter it with the child's file."),
    cured_on=CuredOn.CONSENTS,
)
NOT_OF_CLASS: Final = Obstacle(
    "not_of_class",
    Message("This is for children of certain classes only."),
    Message("If the child belongs to one of them, add it to the group of its class."),
    waived_by=Capability.PLAN,
    cured_on=CuredOn.FILE,
)


def obstacles(applicant: Applicant, activity: ActivityOutline) -> Sequence[Obstacle]:
    """Return why somebody can't take part in an activity of the program."""
    return tuple(_obstacles(applicant, activity))


def _obstacles(applicant: Applicant, activity: ActivityOutline) -> Iterator[Obstacle]:
    children = applicant.audience is not Audience.GUARDIANS
    if activity.type_key == OUTING.key and children and ConsentPurpose.OUTING not in applicant.consents:
        yield NO_CONSENT
    if is_for_classes(activity) and applicant.groups is not None and applicant.groups.isdisjoint(activity.groups):
        yield NOT_OF_CLASS


def is_for_classes(activity: ActivityOutline) -> bool:
    """Tell whether an activity is for classes of its school only."""
    asked = activity.type_key in {SCHOOL_CLASS.key, OUTING.key}
    return asked and bool(activity.settings.get(FOR_CLASSES.key, FOR_CLASSES.default))
