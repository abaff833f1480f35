"""Nobody serves more often than they offered."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.moments import MINUTES_A_DAY, iso
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class BearableLoad(Rule):
    """Nobody serves in more sessions, in all or on one day, than they offered."""

    name = "bearable_load"

    def constrain(self, model: Model) -> None:
        """Bound each person's sessions, in all and on each day, by what the background leaves of their offer."""
        per_day = defaultdict[tuple[str, int], list[Literal]](list)
        overall = defaultdict[str, list[Literal]](list)
        for slot in model.variables.all_slots():
            for name, literals in model.variables.everyone(slot).items():
                per_day[name, model.variables.day(slot)] += literals
                overall[name] += literals
        people, background = model.problem.person_of, model.background
        for (name, day), literals in per_day.items():
            model.at_most(people[name].max_per_day - background.load_on(name, day), literals)
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
