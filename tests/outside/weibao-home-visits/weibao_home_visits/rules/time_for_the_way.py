"""Time for the way: from one child's home to the next a visitor has to walk."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import ClassVar

from core.plugin_api import Breach, Choices, Literal, Message, Model, Plan, Problem, Rule, Slot, seating

from weibao_home_visits.contribution import is_behind, series_in, way_in


class TimeForTheWay(Rule):
    """Between two visits of one visitor there is time for the way from home to home.

    Addresses are not in a planning problem, so one number of minutes stands for all ways. The way between a home and a
    room is kept by core where the activity names a place, such as the community's rooms nearby.
    """

    name: ClassVar[str] = "home_visits.time_for_the_way"

    def narrow(self, choices: Choices) -> None:
        """Strike out, at starts too near to a visit that lies behind us, those who served in it."""
        problem, way = choices.problem, way_in(choices.problem)
        series = series_in(problem).keys() & set(choices.activities)
        for made in problem.frozen.values():
            if made.activity not in series_in(problem):
                continue
            free_again = made.start + problem.activity_of[made.activity].duration + way
            others = frozenset(problem.person_of) - set(made.people())
            for activity in series:
                for start in choices.starts(activity):
                    if start < free_again and not is_behind(problem, start):
                        choices.keep_people(activity, others, start=start)

    def constrain(self, model: Model) -> None:
        """Let nobody serve twice among the visits that, with the way on, reach into the start of a visit."""
        way, slots = way_in(model.problem), _slots_ahead(model)
        for start in {slot.start for slot in slots}:
            by_person = defaultdict[str, list[Literal]](list)
            for slot in slots:
                if slot.start <= start < model.variables.end(slot) + way:
                    for person, serves in model.variables.everyone(slot).items():
                        by_person[person] += serves
            for serves in by_person.values():
                model.at_most_one(serves)
        for slot in slots:
            _keep_clear_of_what_is_fixed(model, slot, way)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each visit that begins before its visitor could have come from another."""
        series, way = series_in(problem), way_in(problem)
        for person, duties in seating(problem, plan).duties.items():
            visits = [duty for duty in duties if duty.row.activity in series]
            for before, after in combinations(visits, 2):
                if before.key != after.key and after.start < before.end + way and not is_behind(problem, after.start):
                    values = {"person": person, "minutes": way}
                    text = Message("%(person)s has less than %(minutes)s minutes from one home to the next.", values)
                    yield Breach(self.name, (before.key, after.key), text)


def _slots_ahead(model: Model) -> list[Slot]:
    return [
        slot
        for activity in series_in(model.problem)
        for slot in model.variables.slots(activity)
        if not is_behind(model.problem, slot.start)
    ]


def _keep_clear_of_what_is_fixed(model: Model, slot: Slot, way: int) -> None:
    """Let nobody serve here who serves too near in a visit that is not decided on."""
    for fixed in model.background.near(slot.start, model.variables.end(slot), way):
        if fixed.row.activity in series_in(model.problem):
            for person in fixed.serving:
                model.variables.rule_out_person(slot, person)
