"""People serve with whom they said they would."""

from collections.abc import Iterator, Mapping

from core.domain.errors import Message
from core.planning.model.choices import Slot
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.plan import Plan
from core.planning.problem import Person, Problem
from core.planning.rules.base import Breach, Rule
from core.planning.seating import seating


class ChosenCompany(Rule):
    """Nobody serves beside somebody with whom they never serve, or without one of those with whom alone they do."""

    name = "chosen_company"

    def constrain(self, model: Model) -> None:
        """Keep apart who doesn't serve together, and let nobody serve without their company."""
        choosy = [person for person in model.problem.people if person.never_with or person.only_with]
        for slot in model.variables.all_slots() if choosy else ():
            there = model.variables.everyone(slot)
            for person in choosy:
                if person.id in there:
                    _keep_company(model, slot, person, there)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session with company that somebody didn't want; it isn't said who. What lies behind us stays."""
        for key, meeting in seating(problem, plan).meetings.items():
            serving = set(meeting.serving)
            people = [problem.person_of[name] for name in sorted(serving) if name in problem.person_of]
            alone = any(not person.has_company(serving) for person in people)
            unwanted = any(person.shuns(serving) for person in people)
            if key not in problem.frozen and (alone or unwanted):
                values = {"activity": key[0], "number": key[1] + 1}
                text = Message(
                    "In session %(number)s of %(activity)s serve people who did not want to together.", values
                )
                yield Breach(self.name, (key,), text)


def _keep_company(model: Model, slot: Slot, person: Person, there: Mapping[str, list[Literal]]) -> None:
    mine = model.total(there[person.id])
    for other in person.never_with:
        if other in there and other != person.id:
            model.at_most(1, [mine, model.total(there[other])])
    if person.only_with:
        company = [literal for other in person.only_with if other != person.id for literal in there.get(other, ())]
        if company:
            model.implies(mine, model.total(company))
        else:
            model.variables.rule_out_person(slot, person.id)
