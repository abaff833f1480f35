"""Who may take part in an open class: children of its age who haven't been to the same class elsewhere."""

from collections.abc import Sequence
from typing import Final

from core.plugin_api import ActivityOutline, Applicant, Audience, Capability, CuredOn, Message, Obstacle
from plugins.character_ed.activities import COURSE, OPEN_CLASS, age_band

OUTSIDE_AGE_BAND: Final = "outside_age_band"
ALREADY_TOOK_PART: Final = "already_took_part"


def obstacles(applicant: Applicant, activity: ActivityOutline) -> Sequence[Obstacle]:
    """Return why somebody can't take part in one of the program's activities."""
    if activity.type_key != OPEN_CLASS.key or applicant.audience is not Audience.CHILDREN:
        return ()
    return (*_of_age(applicant, activity), *_of_the_course(applicant, activity))


def course_of(activity: ActivityOutline) -> str | None:
    """Return the course of an open class in the one spelling that counts, None where it stands for itself."""
    if activity.type_key != OPEN_CLASS.key:
        return None
    return "".join(str(activity.settings.get(COURSE.key, "")).split()).casefold() or None


def _of_age(applicant: Applicant, activity: ActivityOutline) -> Sequence[Obstacle]:
    band = age_band(activity.settings)
    if band is None or applicant.age is None or band[0] <= applicant.age <= band[1]:
        return ()
    values = {"age": applicant.age, "first": band[0], "last": band[1]}
    reason = Message("This class is for children of %(first)s to %(last)s, and the child is %(age)s.", values)
    cure = Message("Choose an open class for children of %(age)s.", values)
    return (Obstacle(OUTSIDE_AGE_BAND, reason, cure, Capability.PLAN, CuredOn.OTHERS),)


def _of_the_course(applicant: Applicant, activity: ActivityOutline) -> Sequence[Obstacle]:
    course = course_of(activity)
    same = [other for other in applicant.joined if other.id != activity.id and course_of(other) == course]
    if course is None or not same:
        return ()
    reason = Message("The child takes part in the same class already: %(class)s.", {"class": same[0].title})
    cure = Message("Choose a class of another course, or take the child out of the other class first.")
    about = tuple(other.id for other in same)
    return (Obstacle(ALREADY_TOOK_PART, reason, cure, Capability.PLAN, CuredOn.REGISTRATIONS, about),)
