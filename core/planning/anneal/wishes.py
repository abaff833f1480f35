"""Where, how often a week and with whom people serve, for the memory of a walk."""

from core.planning.anneal import layout as at
from core.planning.anneal.filling import Filling
from core.planning.anneal.numbering import Numbering
from core.planning.moments import MINUTES_A_DAY, week_of


def fill_wishes(filling: Filling, numbering: Numbering) -> None:
    """Add what people ask beside their times; whoever is shunned shuns too."""
    people, venues = numbering.problem.people, [*numbering.venue, None]
    choosy = any(
        person.max_per_week is not None or person.venues is not None or person.never_with or person.only_with
        for person in people
    )
    filling.number(at.CHOOSY, int(choosy))
    filling.table(at.DAY_WEEK, [week_of(day * MINUTES_A_DAY) for day in numbering.day] or [0])
    filling.table(at.PERSON_WEEK_MOST, [at.NEVER if p.max_per_week is None else p.max_per_week for p in people])
    filling.table(at.PERSON_GOES, [int(person.goes_to(venue)) for person in people for venue in venues])
    filling.table(at.PERSON_ALONE, [int(not person.only_with) for person in people])
    filling.lists(at.PERSON_APART_AT, at.PERSON_APART, _apart(numbering))
    company = [[numbering.person[it] for it in person.only_with if it in numbering.person] for person in people]
    filling.lists(at.PERSON_WITH_AT, at.PERSON_WITH, company)


def _apart(numbering: Numbering) -> list[list[int]]:
    apart: list[set[int]] = [set() for _ in numbering.problem.people]
    for number, person in enumerate(numbering.problem.people):
        for other in person.never_with:
            if other in numbering.person and other != person.id:
                apart[number].add(numbering.person[other])
                apart[numbering.person[other]].add(number)
    return [sorted(found) for found in apart]
