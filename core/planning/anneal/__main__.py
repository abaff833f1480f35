"""Compile the walk for this machine, so that the first plan doesn't wait for it: `python -m core.planning.anneal`."""

from core.planning.activities import Activity
from core.planning.anneal.crew import Crew
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Problem


def main() -> None:
    """Walk a few steps through a problem of one session, which compiles whatever isn't in the cache yet."""
    published = Plan("one session", (PlannedSession("one", 0, start=0),))
    activity = Activity("one", "one", 1, duration=60, starts=(0,))
    problem = Problem(published.problem, activities=(activity,), incumbent=published)
    crew = Crew(problem, {"unscheduled": 1}, (), 1, seed=0)
    crew.construct()
    crew.walk(1, 1.0)


if __name__ == "__main__":
    main()
