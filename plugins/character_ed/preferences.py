"""What makes one plan better than another for the program: each group has each line often enough."""

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar, Final

from core.plugin_api import Model, Plan, Preference, Problem, seating
from plugins.character_ed.mix import line_of, times_per_line

#: Less than a session that is not held, more than anything else: of two that can't both be held, the line decides.
_PRICE: Final = 2000


class MixOfLines(Preference):
    """Where something must be left out, each group keeps its sessions on each of the five lines.

    Counted are the sessions that a group lacks to have each line as often as the station asks for. No more are counted
    than were described for it: what was never described no plan can hold.
    """

    name: ClassVar[str] = "character_ed.mix_of_lines"

    def weight(self, problem: Problem) -> int:
        """Return the price of a session that is missing."""
        return _PRICE if _targets(problem) else 0

    def penalize(self, model: Model) -> None:
        """Count what each group lacks of each line."""
        for (group, line), target in _targets(model.problem).items():
            names = [name for name in _on(model.problem, line) if group in model.problem.activity_of[name].groups]
            if set(names) & set(model.activities):
                lacking = model.new_amount(target, f"{line} that {group} lacks")
                model.at_least(target, [lacking, *(model.variables.held_count(name) for name in names)])
                model.penalize(self.name, _PRICE, lacking)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count what each group lacks of each line."""
        lines, held = line_of(problem), Counter[tuple[str, str]]()
        for group, meetings in seating(problem, plan).groups.items():
            held.update((group, lines[meeting.activity.id]) for meeting in meetings if meeting.activity.id in lines)
        return sum(max(0, target - held[key]) for key, target in _targets(problem).items())


def _targets(problem: Problem) -> Mapping[tuple[str, str], int]:
    """Return how often each group should have each line, as far as sessions were described."""
    described = Counter[tuple[str, str]]()
    for name, line in line_of(problem).items():
        activity = problem.activity_of[name]
        described.update({(group, line): activity.sessions for group in activity.groups})
    least = times_per_line(problem)
    return {key: min(least, sessions) for key, sessions in described.items() if least and sessions}


def _on(problem: Problem, line: str) -> list[str]:
    return [name for name, found in line_of(problem).items() if found == line]
