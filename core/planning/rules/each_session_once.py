"""Sessions exist, and are held once at most."""

from collections.abc import Iterator

from core.domain.errors import Message
from core.planning.plan import Plan, SessionKey
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import exists, is_housed


class EachSessionOnce(Rule):
    """A plan holds only sessions that there are, and each of them once at most. The model can't say anything else."""

    name = "each_session_once"

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session that doesn't exist or was held before."""
        held: set[SessionKey] = set()
        for row in plan.sessions:
            values = {"activity": row.activity, "number": row.index + 1}
            if not exists(problem, row):
                yield Breach(self.name, (row.key,), Message("%(activity)s has no session %(number)s.", values))
            elif row.key in held:
                yield Breach(
                    self.name, (row.key,), Message("Session %(number)s of %(activity)s is held twice.", values)
                )
            elif is_housed(problem, row):
                held.add(row.key)
