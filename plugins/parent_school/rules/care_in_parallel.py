"""Parents who can't come without their children find care for them at every talk."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from core.plugin_api import Breach, Choices, Message, Model, Plan, Problem, Rule, seating
from plugins.parent_school.activities import PROGRAM

KEY: Final = "care_in_parallel"


def extension(cared_for: Mapping[str, int]) -> dict[str, Any]:
    """Return what the rule is told: of talks that have too little care beside them, how many sessions have some."""
    return {KEY: dict(cared_for)} if cared_for else {}


class CareInParallel(Rule):
    """A talk that needs child care is not held where the term has no care session of its number.

    Where it has one, relations of the exchange format keep the two together. What lies behind us is not judged.
    """

    name: ClassVar[str] = "parent_school.care_in_parallel"
    reason: ClassVar[Message] = Message(
        "It needs child care beside it, and the term has none for it:"
        " check the title of the care and its number of sessions."
    )

    def narrow(self, choices: Choices) -> None:
        """Strike out all of a talk that has no care at all."""
        line = choices.problem.frozen_before
        for talk, cared in _cared_for(choices.problem).items():
            if not cared and talk in choices.activities:
                behind = [start for start in choices.starts(talk) if line is not None and start < line]
                choices.keep_starts(talk, behind)

    def constrain(self, model: Model) -> None:
        """Hold no session without care of its number, but for those behind us."""
        for talk, cared in _cared_for(model.problem).items():
            if cared and talk in model.activities:
                for index in range(cared, model.problem.activity_of[talk].sessions):
                    if (talk, index) not in model.problem.frozen:
                        model.forbid(model.numbering.is_held((talk, index)))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each talk that needs care and has none."""
        line = problem.frozen_before
        for talk, cared in _cared_for(problem).items():
            for meeting in seating(problem, plan).series.get(talk, ()):
                if meeting.row.index >= cared and (line is None or meeting.start >= line):
                    values = {"activity": talk, "number": meeting.row.index + 1}
                    text = Message("Session %(number)s of %(activity)s has no child care beside it.", values)
                    yield Breach(self.name, (meeting.key,), text)


def _cared_for(problem: Problem) -> Mapping[str, int]:
    found = problem.extension(PROGRAM.key).get(KEY)
    return {} if found is None else {talk: cared.whole(0) for talk, cared in found.members()}
