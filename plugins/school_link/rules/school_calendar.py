"""The school's calendar: exams, closed days, hours of the house, and lessons come before what the station plans."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, Final

from core.plugin_api import Breach, Choices, Meeting, Message, Plan, Problem, Rule, clock_of, day_of, seating
from plugins.school_link.rules.reading import Linked, is_behind, linked

_ZERO: Final = date(2000, 1, 1)


class SchoolCalendar(Rule):
    """Pupils of a school meet when the school's calendar leaves them free, and at the school only while it is open.

    On its exam days nothing of the school's is held. On days on which it is closed nothing is held in its rooms, and no
    outing leaves from there. On days with lessons the pupils are free from the end of lessons on, elsewhere after the
    way from the school. What lies behind us is not judged.
    """

    name: ClassVar[str] = "school_link.school_calendar"
    reason: ClassVar[Message | None] = Message("The school has exams, is closed or has lessons at all of these times.")

    def narrow(self, choices: Choices) -> None:
        """Strike out starts at which the school leaves no place, and rooms on the wrong side of its gate."""
        problem = choices.problem
        for one in linked(problem):
            if one.activity.id not in choices.activities:
                continue
            inside = frozenset(room.id for room in problem.rooms if room.venue == one.school.venue)
            for start in choices.starts(one.activity.id):
                if not is_behind(problem, start):
                    _narrow_start(choices, one, start, inside)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session that the school's calendar has no room for."""
        series = seating(problem, plan).series
        for one in linked(problem):
            for meeting in series.get(one.activity.id, ()):
                text = None if is_behind(problem, meeting.start) else _objection(one, meeting)
                if text is not None:
                    values = {"activity": one.activity.id, "number": meeting.row.index + 1}
                    yield Breach(self.name, (meeting.key,), Message(text.text, values))


def _narrow_start(choices: Choices, one: Linked, start: int, inside: frozenset[str]) -> None:
    here, away = _here(one, start), _away(one, start)
    name = one.activity.id
    if one.activity.needs_room:
        rooms = choices.rooms(name, start)
        kept = (rooms & inside if here else frozenset()) | (rooms - inside if away else frozenset())
        if kept:
            choices.keep_rooms(name, kept, start)
            return
    elif here if one.activity.place == one.school.venue else away:
        return
    choices.keep_starts(name, [other for other in choices.starts(name) if other != start])


def _here(one: Linked, start: int) -> bool:
    """Say whether a session can be held at the school then."""
    day, clock, school = _day(start), clock_of(start), one.school
    earliest = max(school.opens, school.lessons_end if day in school.lessons else 0)
    return day not in school.exams | school.shut and earliest <= clock <= school.closes - one.activity.duration


def _away(one: Linked, start: int) -> bool:
    """Say whether a session can be held elsewhere then."""
    day, school = _day(start), one.school
    if day in school.exams or (day in school.shut and one.where == "away"):
        return False
    return day not in school.lessons or clock_of(start) >= school.lessons_end + school.way


def _day(start: int) -> str:
    return (_ZERO + timedelta(days=day_of(start))).isoformat()


def _objection(one: Linked, meeting: Meeting) -> Message | None:
    school = one.school
    day = (_ZERO + timedelta(days=meeting.day)).isoformat()
    begins, ends = meeting.start % 1440, meeting.end % 1440 or 1440
    at_school = meeting.venue == school.venue
    if day in school.exams:
        return Message("Session %(number)s of %(activity)s lies on an exam day of its school.")
    if day in school.shut and (at_school or one.where == "away"):
        return Message("Session %(number)s of %(activity)s lies on a day on which its school is closed.")
    if at_school and not (school.opens <= begins < ends <= school.closes):
        return Message("Session %(number)s of %(activity)s is held at its school outside the hours of the house.")
    if day in school.lessons and begins < school.lessons_end + (0 if at_school else school.way):
        return Message("Session %(number)s of %(activity)s begins before its pupils can come from lessons.")
    return None
