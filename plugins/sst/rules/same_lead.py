"""The same lead: a course belongs to one person, from its first module to the last make-up session."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from core.plugin_api import (
    Breach,
    Choices,
    Literal,
    Meeting,
    Message,
    Model,
    Plan,
    PlannedSession,
    Problem,
    Rule,
    seating,
)
from plugins.sst.activities import LEADING
from plugins.sst.rules.courses import Course, courses_of, is_behind


class SameLead(Rule):
    """All sessions of a group course, and the make-ups of its modules, have the same lead; the substitute may step in.

    The lead is whom the coordinator has named; otherwise whoever led the last session behind us; otherwise one person
    whom the planner chooses. A session may go without a lead, and is then shown as short.
    """

    name: ClassVar[str] = "sst.same_lead"
    reason: ClassVar[Message | None] = Message("One person leads the whole course, or the substitute named for them.")

    def narrow(self, choices: Choices) -> None:
        """Leave the lead and the substitute alone for the place of the lead, where it is known who leads."""
        problem = choices.problem
        for course in courses_of(problem):
            lead = course.lead or _led_last(course, problem.frozen.values())
            allowed = {person for person in (lead, course.substitute) if person is not None}
            for activity in course.series if lead is not None else ():
                if activity not in choices.activities:
                    continue
                for start in choices.starts(activity):
                    if not is_behind(problem, start):
                        choices.keep_people(activity, allowed, LEADING, start)

    def constrain(self, model: Model) -> None:
        """Where the planner chooses, let it choose one person for all that it decides and all that is held fixed."""
        for course in courses_of(model.problem):
            if course.lead is None and _led_last(course, model.problem.frozen.values()) is None:
                _choose_one(model, course)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session ahead that somebody leads who is neither the course's lead nor its substitute."""
        for course in courses_of(problem):
            meetings = _in_order(problem, plan, course)
            lead = course.lead
            for meeting in meetings if lead is None else ():
                others = [person for person in _leading(meeting) if person != course.substitute]
                if others and (lead is None or is_behind(problem, meeting.start)):
                    lead = others[0]
            for meeting in meetings:
                if is_behind(problem, meeting.start):
                    continue
                if strangers := set(_leading(meeting)) - {lead, course.substitute}:
                    values = {
                        "activity": meeting.row.activity,
                        "number": meeting.row.index + 1,
                        "person": min(strangers),
                    }
                    text = Message(
                        "%(person)s leads session %(number)s of %(activity)s, and is neither the course's lead nor the"
                        " substitute.",
                        values,
                    )
                    yield Breach(self.name, (meeting.key,), text)


def _led_last(course: Course, frozen: Iterable[PlannedSession]) -> str | None:
    """Return who led the last session behind us, the substitute aside."""
    rows = [row for row in frozen if row.activity in course.series]
    for row in sorted(rows, key=lambda found: (found.start, found.key), reverse=True):
        others = [person for person in row.staff.get(LEADING, ()) if person != course.substitute]
        if others:
            return others[0]
    return None


def _choose_one(model: Model, course: Course) -> None:
    fixed = {
        person
        for activity in course.series
        if activity not in model.activities
        for meeting in model.background.seating.series.get(activity, ())
        for person in meeting.row.staff.get(LEADING, ())
    } - {course.substitute}
    found = defaultdict[str, list[Literal]](list)
    for activity in course.series:
        for slot in model.variables.slots(activity) if activity in model.activities else ():
            if LEADING in model.problem.activity_of[activity].role_of:
                for person, literal in model.variables.staff(slot, LEADING).items():
                    found[person].append(literal)
    found.pop(course.substitute or "", None)
    chosen = []
    for person, literals in sorted(found.items()):
        leads = model.new_decision(f"{person} leads {course.activity}")
        for literal in literals:
            model.implies(literal, leads)
        if fixed and person not in fixed:
            model.forbid(leads)
        chosen.append(leads)
    if not fixed:
        model.at_most_one(chosen)


def _in_order(problem: Problem, plan: Plan, course: Course) -> list[Meeting]:
    series = seating(problem, plan).series
    found = [meeting for activity in course.series for meeting in series.get(activity, ())]
    return sorted(found, key=lambda meeting: (meeting.start, meeting.key))


def _leading(meeting: Meeting) -> Sequence[str]:
    return meeting.row.staff.get(LEADING, ()) if LEADING in meeting.activity.role_of else ()
