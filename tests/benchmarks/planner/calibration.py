"""How fast this machine is: the seconds of one fixed piece of solver's work, the same on every machine."""

from random import Random
from time import perf_counter

from ortools.sat.python import cp_model

JOBS, MACHINES = 15, 10
#: The solver counts its own work in these units and stops at the same point everywhere.
DETERMINISTIC_TIME = 1.0


def calibrate() -> float:
    """Return the seconds that one worker needs for the fixed work on a fixed job shop."""
    model = a_job_shop()
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = DETERMINISTIC_TIME
    started = perf_counter()
    solver.solve(model)
    return perf_counter() - started


def a_job_shop() -> cp_model.CpModel:
    """Return jobs that visit each machine once in an order of their own, to be done as early as possible."""
    random = Random(1)  # noqa: S311 - the same jobs every time
    model = cp_model.CpModel()
    horizon = JOBS * MACHINES * 20
    end = model.new_int_var(0, horizon, "end")
    on_machine: dict[int, list[cp_model.IntervalVar]] = {machine: [] for machine in range(MACHINES)}
    for _job in range(JOBS):
        ready: cp_model.LinearExprT = 0
        for machine in random.sample(range(MACHINES), MACHINES):
            minutes = random.randint(1, 20)
            start = model.new_int_var(0, horizon, "")
            on_machine[machine].append(model.new_fixed_size_interval_var(start, minutes, ""))
            model.add(start >= ready)
            ready = start + minutes
        model.add(end >= ready)
    for intervals in on_machine.values():
        model.add_no_overlap(intervals)
    model.minimize(end)
    return model
