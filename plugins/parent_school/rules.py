"""Looked after meanwhile: parents can attend a lecture because their children are in good hands."""

from collections.abc import Sequence

from core.plugin_api import ActivityOutline, Contribution, Relation
from plugins.parent_school.activities import ALONGSIDE, LECTURE, PROGRAM


def contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return relations that let each lecture begin together with a session of the children's activity it names.

    The sessions go in pairs for as long as both series have one. A title that no activity of the term has asks for
    nothing.
    """
    by_title = {activity.title.strip(): activity for activity in activities}
    relations = [
        Relation("together", (lecture.id, index), (companion.id, index))
        for lecture in activities
        if lecture.type_key == LECTURE.key
        and (companion := by_title.get(str(lecture.settings.get(ALONGSIDE.key, "")).strip())) is not None
        and companion.id != lecture.id
        for index in range(min(lecture.sessions, companion.sessions))
    ]
    return Contribution(PROGRAM.key, relations=tuple(relations))
