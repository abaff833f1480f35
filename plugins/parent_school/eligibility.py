"""Who can come: guardians to talks and to advice, and to child care the children whose guardians are at the talk."""

from collections.abc import Iterator

from core.plugin_api import ActivityOutline, Applicant, Audience, Capability, CuredOn, Message, Obstacle, Standing
from plugins.parent_school.activities import (
    ALONGSIDE,
    CARE,
    COUNSELLING,
    COURSE,
    FOR_PARENTS,
    OLDEST,
    YOUNGEST,
)


def obstacles(applicant: Applicant, activity: ActivityOutline, standing: Standing) -> tuple[Obstacle, ...]:
    """Return why somebody can't take part in an activity of the program; nothing if nothing stands in the way."""
    if activity.type_key in FOR_PARENTS:
        return (*_for_guardians(applicant), *_begun(activity, standing))
    if activity.type_key == COUNSELLING.key:
        return (*_for_guardians(applicant), *_booked_up(activity, standing))
    if activity.type_key == CARE.key:
        return (*_guardian_is_there(applicant, activity), *_of_its_age(applicant, activity))
    return ()


def _for_guardians(applicant: Applicant) -> Iterator[Obstacle]:
    if applicant.audience is Audience.CHILDREN:
        yield Obstacle(
            "for_guardians",
            Message("This is for parents and other guardians."),
            Message("Register a guardian; for the child there may be child care beside it."),
        )


def _begun(activity: ActivityOutline, standing: Standing) -> Iterator[Obstacle]:
    if activity.type_key == COURSE.key and standing.held:
        yield Obstacle(
            "course_begun",
            Message("The course has begun, and its parts build on one another."),
            Message("Register for the next course, or ask an organizer."),
            waived_by=Capability.PLAN,
            cured_on=CuredOn.OTHERS,
        )


def _booked_up(activity: ActivityOutline, standing: Standing) -> Iterator[Obstacle]:
    if standing.taking_part >= activity.sessions - standing.held:
        yield Obstacle(
            "no_free_slot",
            Message("Every appointment of this series is taken: each is for one family."),
            Message("Take an appointment of another series, or wait until one is cancelled."),
            cured_on=CuredOn.OTHERS,
        )


def _guardian_is_there(applicant: Applicant, activity: ActivityOutline) -> Iterator[Obstacle]:
    title = activity.title.strip()
    talks = (one for one in applicant.joined if one.type_key in FOR_PARENTS)
    if not any(str(talk.settings.get(ALONGSIDE.key, "")).strip() == title for talk in talks):
        yield Obstacle(
            "guardian_absent",
            Message("Children are looked after here while their guardians are at the talk beside it."),
            Message("Register the guardian for the talk first."),
            waived_by=Capability.PLAN,
        )


def _of_its_age(applicant: Applicant, activity: ActivityOutline) -> Iterator[Obstacle]:
    youngest = int(activity.settings.get(YOUNGEST.key, YOUNGEST.default))
    oldest = int(activity.settings.get(OLDEST.key, OLDEST.default))
    values = {"youngest": youngest, "oldest": oldest}
    if applicant.age is not None and applicant.age < youngest:
        yield Obstacle(
            "too_young",
            Message("Too young: the adults who are there are enough for children from %(youngest)s on.", values),
            Message("Ask an organizer, who may plan for younger children."),
            waived_by=Capability.PLAN,
            cured_on=CuredOn.OTHERS,
        )
    elif applicant.age is not None and applicant.age > oldest:
        yield Obstacle(
            "too_old",
            Message("Too old: this is for children up to %(oldest)s.", values),
            Message("Choose an activity for their age at the same time."),
            waived_by=Capability.PLAN,
            cured_on=CuredOn.OTHERS,
        )
