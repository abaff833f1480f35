"""Compile the planner for this machine, so that nobody's plan waits for it: `python -m core.planning.compilation`."""

from core.planning.activities import Activity, Role
from core.planning.anneal.crew import Crew
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Problem
from core.planning.repair import RepairDesk


def main() -> None:
    """Walk a step through a problem of one session and ask for repairs, which compiles what isn't in the cache yet."""
    published = Plan("one session", (PlannedSession("one", 0, start=0),))
    activity = Activity("one", "one", 1, duration=60, starts=(0,), roles=(Role("lead", wanted=1),))
    problem = Problem(published.problem, activities=(activity,), incumbent=published)
    crew = Crew(problem, {"unscheduled": 1}, (), 1, seed=0)
    crew.construct()
    crew.walk(1, 1.0)
    desk = RepairDesk(problem, published)
    desk.session(("one", 0))
    desk.place(("one", 0), "lead")


if __name__ == "__main__":
    main()
