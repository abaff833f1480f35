"""The rules about children: who may join, clashes, limits, who stays together, and what was decided before."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from core.allocation.checking.joining import Bar, bars, pinned, together_in
from core.allocation.checking.violation import Rule, Violation
from core.allocation.problem import Activity, Child, Problem, Togetherness
from core.allocation.result import Allocation
from core.domain.errors import Message


def joining(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find places given twice, or to children who may not join."""
    excused = pinned(problem, place=True)
    for child, got in _placed(problem, allocation):
        for activity, times in Counter(got).items():
            ids, values = (child.id, activity), {"child": child.id, "activity": activity}
            if times > 1:
                yield Violation(Rule.TWICE, ids, Message("“%(child)s” has “%(activity)s” twice.", values))
            if ids not in excused:
                for bar in bars(child, problem.activity_of[activity]):
                    yield Violation(Rule(bar.value), ids, Message(_BARRED[bar].text, values))


_BARRED = {
    Bar.NOT_WISHED: Message("“%(child)s” has “%(activity)s” without a wish for it."),
    Bar.AGE: Message("“%(child)s” hasn't the age for “%(activity)s”."),
    Bar.GRADE: Message("“%(child)s” hasn't the grade for “%(activity)s”."),
    Bar.COMMUNITY: Message("“%(child)s” isn't of a community that “%(activity)s” is for."),
}


def clashes(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find children who would be in two places at once, have no time for the way, or are twice in one series."""
    ways = {(way.origin, way.destination): way.minutes for way in problem.ways}
    for child, got in _placed(problem, allocation):
        for one, two in combinations([problem.activity_of[name] for name in dict.fromkeys(got)], 2):
            ids, values = (child.id, one.id, two.id), {"child": child.id, "one": one.id, "two": two.id}
            if any(start < until and since < end for start, end in one.times for since, until in two.times):
                yield Violation(Rule.CLASH, ids, Message("“%(one)s” and “%(two)s” clash for “%(child)s”.", values))
            for first, second in ((one, two), (two, one)):
                minutes = ways.get((first.place or "", second.place or ""), problem.settings.minutes_between)
                if _late(first, second, timedelta(minutes=minutes)):
                    told = {"child": child.id, "one": first.id, "two": second.id, "minutes": minutes}
                    yield Violation(Rule.CLASH, ids, Message(_LATE.text, told))
            if one.series is not None and one.series == two.series:
                message = Message("“%(one)s” and “%(two)s” of “%(child)s” are of one series.", values)
                yield Violation(Rule.SERIES, ids, message)


_LATE = Message("“%(child)s” can't go from “%(one)s” to “%(two)s” in time: the way takes %(minutes)s minutes.")


def _late(first: Activity, second: Activity, way: timedelta) -> bool:
    if first.place is None or second.place is None or first.place == second.place:
        return False
    return any(end <= start < end + way for _, end in first.times for start, _ in second.times)


def limits(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find children with more places than they may have, in the term or on a day."""
    for child, got in _placed(problem, allocation):
        if len(got) > child.most:
            values = {"id": child.id, "count": len(got), "most": child.most}
            message = Message("“%(id)s” has %(count)s places and may have %(most)s.", values)
            yield Violation(Rule.LIMIT, (child.id,), message)
        if child.most_per_day is not None:
            yield from _days(problem, child, got, child.most_per_day)


def _days(problem: Problem, child: Child, got: tuple[str, ...], most: int) -> Iterator[Violation]:
    days = Counter(day for name in got for day in {start.date() for start, _ in problem.activity_of[name].times})
    for day, count in sorted(days.items()):
        if count > most:
            values = {"id": child.id, "count": count, "most": most, "day": day.isoformat()}
            message = Message("“%(id)s” has %(count)s activities on %(day)s and may have %(most)s.", values)
            yield Violation(Rule.LIMIT_PER_DAY, (child.id,), message)


def together(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find groups who must stay together and are split."""
    if problem.settings.together is not Togetherness.HARD:
        return
    for each in together_in(problem):
        if 0 < each.placed(allocation.places) < len(each.children):
            values = {"group": each.group, "activity": each.activity}
            message = Message("Group “%(group)s” is split over “%(activity)s”.", values)
            yield Violation(Rule.TOGETHER, (each.group, each.activity), message)


def pins(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    """Find decisions that aren't kept."""
    for pin in problem.pins:
        values = {"child": pin.child, "activity": pin.activity}
        has = pin.activity in allocation.places.get(pin.child, ())
        if pin.place and not has:
            message = Message("The place of “%(child)s” in “%(activity)s” was decided, and isn't given.", values)
            yield Violation(Rule.PIN, (pin.child, pin.activity), message)
        if has and not pin.place:
            message = Message("“%(child)s” has a place in “%(activity)s”, and it was decided to give none.", values)
            yield Violation(Rule.PIN, (pin.child, pin.activity), message)


def _placed(problem: Problem, allocation: Allocation) -> Iterator[tuple[Child, tuple[str, ...]]]:
    return ((problem.child_of[child], got) for child, got in allocation.places.items())
