"""What lies behind us stays as it was."""

from collections import defaultdict
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.choices import Choices, Slot
from core.planning.model.model import Model
from core.planning.model.variables import Linear
from core.planning.moments import iso
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class PastUnchanged(Rule):
    """Sessions of the published plan that have begun are held as they were, and no other is put into the past."""

    name = "past_unchanged"

    def narrow(self, choices: Choices) -> None:
        """Keep of the past only the starts of frozen sessions, with their rooms and people."""
        line = choices.problem.frozen_before
        if line is None:
            return
        past: defaultdict[str, defaultdict[int, list[PlannedSession]]] = defaultdict(lambda: defaultdict(list))
        for row in choices.problem.frozen.values():
            past[row.activity][row.start].append(row)
        for activity in choices.problem.activities:
            ahead = {start for start in activity.starts if start >= line}
            choices.keep_starts(activity.id, ahead | past[activity.id].keys())
            for start, rows in past[activity.id].items():
                if activity.needs_room and all(row.room is not None for row in rows):
                    choices.keep_rooms(activity.id, [row.room for row in rows if row.room is not None], start)
                for role in activity.roles:
                    people = [person for row in rows for person in row.staff.get(role.role, ())]
                    choices.keep_people(activity.id, people, role.role, start)

    def constrain(self, model: Model) -> None:
        """Hold the frozen sessions as they were; of the past, `narrow` has left nothing else."""
        for row in model.problem.frozen.values():
            if row.activity in model.activities:
                places = model.numbering.places(row.key)
                model.exactly_one(literal for slot, literal in places.items() if slot.start == row.start)
                for slot, literal in places.items():
                    if slot.start == row.start:
                        _hold(model, row, slot, literal)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each frozen session that has changed, and each other session before the line."""
        meetings = seating(problem, plan).meetings
        for key, row in problem.frozen.items():
            values = {"activity": key[0], "number": key[1] + 1}
            if key not in meetings or not _same(row, meetings[key].row):
                text = Message("Session %(number)s of %(activity)s has begun already and can't be changed.", values)
                yield Breach(self.name, (key,), text)
        for key, meeting in meetings.items():
            line = problem.frozen_before
            if line is not None and meeting.start < line and key not in problem.frozen:
                values = {"activity": key[0], "number": key[1] + 1, "line": iso(line)}
                text = Message("Session %(number)s of %(activity)s can't begin before %(line)s any more.", values)
                yield Breach(self.name, (key,), text)


def _hold(model: Model, row: PlannedSession, slot: Slot, literal: Linear) -> None:
    if row.room is not None:
        model.implies(literal, model.variables.in_room(slot, row.room))
    for role in model.problem.activity_of[row.activity].roles:
        then = row.staff.get(role.role, ())
        for person in then:
            model.implies(literal, model.variables.serves(person, slot, role.role))
        for person, serves in model.variables.staff(slot, role.role).items():
            if person not in then:
                model.forbid(literal, serves)


def _same(then: PlannedSession, now: PlannedSession) -> bool:
    return (
        then.start == now.start
        and then.room in {None, now.room}
        and all(set(then.staff.get(role, ())) == set(now.staff.get(role, ())) for role in {*then.staff, *now.staff})
    )
