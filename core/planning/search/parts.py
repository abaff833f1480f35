"""A task cut down to a few activities, for models that are made by the dozen."""

from collections.abc import Collection
from dataclasses import replace

from core.planning.problem import Problem
from core.planning.search.modelling import Task


def part(problem: Problem, activities: Collection[str]) -> Problem:
    """Return the problem without the starts of all other activities.

    Their sessions can still be held fixed beside, but the rules need not narrow them, which is most of the work.
    """
    kept = tuple(found if found.id in activities else replace(found, starts=()) for found in problem.activities)
    return replace(problem, activities=kept)


def part_task(task: Task, problem: Problem) -> Task:
    """Return the task for a cut or changed problem; one processor is enough for what is that small."""
    return replace(task, problem=problem, preferences=(), workers=1)
