"""Activities are spread over days."""

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


class NotTooOftenADay(Rule):
    """No more sessions of an activity on one day than it allows."""

    name = "not_too_often_a_day"

    def constrain(self, model: Model) -> None:
        """Bound the sessions of each day."""
        for name in model.activities:
            days = defaultdict[int, list[Literal]](list)
            for slot in model.variables.slots(name):
                days[model.variables.day(slot)].append(model.variables.held(slot))
            for held in days.values():
                model.at_most(model.problem.activity_of[name].max_per_day, held)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each day with too many sessions of an activity."""
        for name, meetings in seating(problem, plan).series.items():
            most = problem.activity_of[name].max_per_day
            for day, sessions in Counter(meeting.day for meeting in meetings).items():
                if sessions > most:
                    date = iso(day * MINUTES_A_DAY)[:10]
                    values = {"activity": name, "sessions": sessions, "date": date, "most": most}
                    text = Message("%(activity)s has %(sessions)s sessions on %(date)s; %(most)s are allowed.", values)
                    yield Breach(self.name, tuple(found.key for found in meetings if found.day == day), text)
