"""Who may join a group course or a make-up session, and until when."""

from collections.abc import Iterator, Sequence

from core.plugin_api import ActivityOutline, Applicant, Audience, Capability, CuredOn, Message, Obstacle, Standing
from plugins.sst.activities import COURSE, GROUP_COURSE, MAKE_UP, MODULE
from plugins.sst.curriculum import Curriculum, curriculum


def obstacles(applicant: Applicant, activity: ActivityOutline, standing: Standing) -> Sequence[Obstacle]:
    """Return why somebody can't join; whoever is in a group already stays in it."""
    if activity.id in {joined.id for joined in applicant.joined}:
        return ()
    if activity.type_key == GROUP_COURSE.key:
        return tuple(_of_course(applicant, curriculum(activity), standing))
    if activity.type_key == MAKE_UP.key:
        return tuple(_of_make_up(applicant, activity))
    return ()


def _of_course(applicant: Applicant, course: Curriculum, standing: Standing) -> Iterator[Obstacle]:
    yield from _children_only(applicant)
    if standing.taking_part >= course.most:
        yield Obstacle(
            "group_closed",
            Message("The group is closed: it has its %(most)s children.", {"most": course.most}),
            Message("Ask for the next course, or for a second group."),
            cured_on=CuredOn.OTHERS,
        )
    if standing.held >= course.join_until:
        yield Obstacle(
            "too_late",
            Message(
                "The course has had %(held)s sessions; joining was open until session %(last)s.",
                {"held": standing.held, "last": course.join_until},
            ),
            Message("Ask the organizer, who knows whether the missed modules can be made up."),
            waived_by=Capability.PLAN,
            cured_on=CuredOn.OTHERS,
        )
    if applicant.age is not None and not (course.from_age or 0) <= applicant.age <= (course.to_age or applicant.age):
        yield Obstacle(
            "other_age",
            Message("The group is for children of another age."),
            Message("Look for a course for this age."),
            waived_by=Capability.PLAN,
            cured_on=CuredOn.OTHERS,
        )


def _of_make_up(applicant: Applicant, activity: ActivityOutline) -> Iterator[Obstacle]:
    yield from _children_only(applicant)
    title, number = activity.settings.get(COURSE.key), activity.settings.get(MODULE.key)
    courses = [one for one in applicant.joined if one.type_key == GROUP_COURSE.key and one.title == title]
    if not courses:
        yield Obstacle(
            "other_group",
            Message("Only children of the course make up its modules here."),
            Message("Ask which course the child can join."),
        )
    elif number is None or all(number - 1 not in applicant.missed_of.get(one.id, ()) for one in courses):
        yield Obstacle(
            "nothing_missed",
            Message("The child hasn't missed this module."),
            Message("If the child did miss it, put the attendance of that session right first."),
            cured_on=CuredOn.ATTENDANCE,
            about=tuple(one.id for one in courses),
        )


def _children_only(applicant: Applicant) -> Iterator[Obstacle]:
    if applicant.audience is not Audience.CHILDREN:
        yield Obstacle("children_only", Message("Only children take part."))
