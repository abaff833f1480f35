"""An accompanying teacher: pupils come with somebody of their school, beside the station's own volunteers."""

from collections.abc import Iterator
from typing import ClassVar

from core.plugin_api import Breach, Choices, Message, Model, Plan, Problem, Rule, seating
from plugins.school_link.activities import TEACHER
from plugins.school_link.rules.reading import Linked, is_behind, linked


class AccompanyingTeacher(Rule):
    """Pupils are accompanied by a teacher of their own school, in addition to the volunteers of the other roles.

    The role is filled by that school's teachers alone, who are cleared like everybody. Where the activity requires one,
    no session ahead is held without one.
    """

    name: ClassVar[str] = "school_link.accompanying_teacher"
    reason: ClassVar[Message | None] = Message("Pupils are accompanied by a teacher of their own school.")

    def narrow(self, choices: Choices) -> None:
        """Leave nobody but the school's teachers for the role."""
        for one in _accompanied(choices.problem):
            name = one.activity.id
            if name in choices.activities:
                for start in choices.starts(name):
                    if not is_behind(choices.problem, start):
                        choices.keep_people(name, one.school.teachers, TEACHER, start)

    def constrain(self, model: Model) -> None:
        """Hold no session ahead without a teacher where one is required."""
        for one in _accompanied(model.problem):
            if one.activity.id not in model.activities or not one.activity.role_of[TEACHER].required:
                continue
            for slot in model.variables.slots(one.activity.id):
                if not is_behind(model.problem, slot.start):
                    present = model.total(model.variables.staff(slot, TEACHER).values())
                    model.implies(model.variables.held(slot), present)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session without a teacher of the school, and each with somebody else in the role."""
        series = seating(problem, plan).series
        for one in _accompanied(problem):
            for meeting in series.get(one.activity.id, ()):
                if is_behind(problem, meeting.start):
                    continue
                present = set(meeting.row.staff.get(TEACHER, ()))
                values = {"activity": one.activity.id, "number": meeting.row.index + 1}
                if present - one.school.teachers:
                    text = Message(
                        "In session %(number)s of %(activity)s the teacher is not of the pupils' school.", values
                    )
                    yield Breach(self.name, (meeting.key,), text)
                elif not present and one.activity.role_of[TEACHER].required:
                    text = Message("No teacher accompanies the pupils in session %(number)s of %(activity)s.", values)
                    yield Breach(self.name, (meeting.key,), text)


def _accompanied(problem: Problem) -> Iterator[Linked]:
    return (one for one in linked(problem) if TEACHER in one.activity.role_of)
