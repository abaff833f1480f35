"""What must be settled before a course is published: its modules, its group, and what its make-ups repeat."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import Message, Objection, PlannedOutline, TermOutline, activities_of, children_of
from plugins.sst.activities import MAKE_UP, PROGRAM
from plugins.sst.curriculum import Curriculum, course_of, curricula, make_ups


def objections(term: TermOutline, sessions: Sequence[PlannedOutline], session: Session) -> Sequence[Objection]:
    """Return one objection for each thing that isn't settled, at the first session that it concerns."""
    first: dict[str, PlannedOutline] = {}
    for planned in sessions:
        first.setdefault(planned.activity.id, planned)
    found = [
        Objection(planned.activity.id, planned.index, reason)
        for planned in first.values()
        for course in curricula([planned.activity])
        for reason in _of_course(course, planned, session)
    ]
    repeating = {one.activity.id: one for one in first.values() if one.activity.type_key == MAKE_UP.key}
    courses = curricula(activities_of(session, PROGRAM.key, term.id)) if repeating else ()
    for make_up in make_ups(one.activity for one in repeating.values()):
        if course_of(make_up, courses) is None:
            values = {"course": make_up.course, "number": make_up.index + 1}
            reason = Message("There is no course “%(course)s” with a module %(number)s: correct the make-up.", values)
            found.append(Objection(make_up.activity.id, repeating[make_up.activity.id].index, reason))
    return found


def _of_course(course: Curriculum, planned: PlannedOutline, session: Session) -> Iterator[Message]:
    if len(course.modules) != course.activity.sessions:
        values = {"modules": len(course.modules), "sessions": course.activity.sessions}
        yield Message("The course has %(modules)s modules and %(sessions)s sessions: make them as many.", values)
    if len(course.activity.groups) != 1:
        yield Message("A course is for one closed group: choose just one.")
        return
    children = len(children_of(session, UUID(course.activity.id)))
    values = {"children": children, "fewest": course.fewest, "most": course.most}
    # Before anybody has been registered nothing is known; and a course that has begun goes on with those who stay.
    if planned.index == 0 and 0 < children < course.fewest:
        yield Message("The group has %(children)s children and opens with %(fewest)s: wait, or find more.", values)
    if children > course.most:
        yield Message("The group has %(children)s children and is closed at %(most)s: divide it.", values)
