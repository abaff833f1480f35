"""Nobody serves more often than they offered."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.moments import MINUTES_A_DAY, iso, week_of
from core.planning.plan import Plan
from core.planning.problem import Person, Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import Meeting, seating


class BearableLoad(Rule):
    """Nobody serves in more sessions, in all, in one week or on one day, than they offered."""

    name = "bearable_load"

    def constrain(self, model: Model) -> None:
        """Bound each person's sessions, in all, in each week and on each day, by what the background leaves of it."""
        per_day = defaultdict[tuple[str, int], list[Literal]](list)
        per_week = defaultdict[tuple[str, int], list[Literal]](list)
        overall = defaultdict[str, list[Literal]](list)
        for slot in model.variables.all_slots():
            for name, literals in model.variables.everyone(slot).items():
                per_day[name, model.variables.day(slot)] += literals
                per_week[name, week_of(slot.start)] += literals
                overall[name] += literals
        people, background = model.problem.person_of, model.background
        for (name, day), literals in per_day.items():
            model.at_most(people[name].max_per_day - background.load_on(name, day), literals)
        for (name, week), literals in per_week.items():
            most = people[name].max_per_week
            if most is not None:
                model.at_most(max(0, most - background.load_in_week(name, week)), literals)
        for name, literals in overall.items():
            model.at_most(people[name].max_sessions - background.load(name), literals)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each person with too many sessions."""
        for name, meetings in seating(problem, plan).duties.items():
            person, keys = problem.person_of[name], tuple(meeting.key for meeting in meetings)
            if len(meetings) > person.max_sessions:
                values = {"person": name, "sessions": len(meetings), "most": person.max_sessions}
                text = Message("%(person)s serves in %(sessions)s sessions; %(most)s were offered.", values)
                yield Breach(self.name, keys, text)
            for day, sessions in Counter(meeting.day for meeting in meetings).items():
                if sessions > person.max_per_day:
                    date = iso(day * MINUTES_A_DAY)[:10]
                    values = {"person": name, "sessions": sessions, "most": person.max_per_day, "date": date}
                    text = Message("%(person)s serves %(sessions)s times on %(date)s; %(most)s were offered.", values)
                    that_day = tuple(meeting.key for meeting in meetings if meeting.day == day)
                    yield Breach(self.name, that_day, text)
            if person.max_per_week is not None:
                yield from _busy_weeks(problem, person, meetings)


def _busy_weeks(problem: Problem, person: Person, meetings: tuple[Meeting, ...]) -> Iterator[Breach]:
    """Yield the weeks with too many sessions, of which some lie ahead: nothing can be changed about the others."""
    for week, sessions in Counter(week_of(meeting.start) for meeting in meetings).items():
        that_week = tuple(meeting.key for meeting in meetings if week_of(meeting.start) == week)
        ahead = [key for key in that_week if key not in problem.frozen]
        if ahead and person.max_per_week is not None and sessions > person.max_per_week:
            values = {"person": person.id, "sessions": sessions, "most": person.max_per_week}
            text = Message("%(person)s serves %(sessions)s times in a week; %(most)s were offered.", values)
            yield Breach(BearableLoad.name, that_week, text)
