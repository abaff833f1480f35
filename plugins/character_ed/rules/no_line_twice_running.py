"""No line twice running: whoever had something on virtues the last time now learns, helps, or is comforted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from typing import ClassVar

from core.plugin_api import Breach, Linear, Meeting, Message, Model, Plan, Problem, Rule, seating
from plugins.character_ed.mix import is_alternating, line_of

#: The decisions on what is held at one moment, by line; a session that is held fixed is the number 1.
_Moment = Mapping[str, list[Linear]]


class NoLineTwiceRunning(Rule):
    """Of the program's sessions of a group no two that follow one another are on the same line.

    The next session is the next in time, on whatever day, and of whichever of the program's activities; one that is
    left out doesn't count. Sessions of a group at the same moment follow on the same last time. What lies behind us is
    not judged, but the first session ahead differs from the last one behind us.
    """

    name: ClassVar[str] = "character_ed.no_line_twice_running"
    reason: ClassVar[Message | None] = Message("A group doesn't have the same line twice running.")

    def constrain(self, model: Model) -> None:
        """Remember for each group, from start to start, on which line the last session was."""
        if not is_alternating(model.problem):
            return
        lines = line_of(model.problem)
        decided = lines.keys() & set(model.activities)
        for group in sorted({group for name in decided for group in model.problem.activity_of[name].groups}):
            _alternate(model, group, _timeline(model, group, lines))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each session that is on the line of its group's last one."""
        lines = line_of(problem) if is_alternating(problem) else {}
        for met in seating(problem, plan).groups.values():
            own = [meeting for meeting in met if meeting.activity.id in lines]
            times = [tuple(found) for _, found in groupby(own, key=_start)]
            for last_time, next_time in pairwise(times):
                before = {lines[meeting.activity.id]: meeting for meeting in last_time}
                for meeting in next_time:
                    line = lines[meeting.activity.id]
                    if line in before and not _is_behind(problem, meeting.start):
                        yield Breach(self.name, (before[line].key, meeting.key), _reason(before[line], meeting))


def _start(meeting: Meeting) -> int:
    return meeting.start


def _is_behind(problem: Problem, start: int) -> bool:
    return problem.frozen_before is not None and start < problem.frozen_before


def _reason(before: Meeting, after: Meeting) -> Message:
    values = {
        "activity": after.row.activity,
        "number": after.row.index + 1,
        "other": before.row.activity,
        "other_number": before.row.index + 1,
    }
    return Message(
        "Session %(number)s of %(activity)s follows session %(other_number)s of %(other)s, which is on the same line.",
        values,
    )


def _timeline(model: Model, group: str, lines: Mapping[str, str]) -> Mapping[int, _Moment]:
    """Return what may be held for a group at each moment, decided or fixed."""
    found = defaultdict[int, defaultdict[str, list[Linear]]](lambda: defaultdict(list))
    for name, line in lines.items():
        if group in model.problem.activity_of[name].groups:
            for slot in model.variables.slots(name):
                found[slot.start][line].append(model.variables.held(slot))
    for meeting in model.background.of_group(group):
        if meeting.activity.id in lines:
            found[meeting.start][lines[meeting.activity.id]].append(1)
    return dict(sorted(found.items()))


def _alternate(model: Model, group: str, timeline: Mapping[int, _Moment]) -> None:
    """Go through the moments in order; `last` is for each line whether the last session may have been on it."""
    last: dict[str, Linear] = {}
    for start, moment in timeline.items():
        if not _is_behind(model.problem, start):
            for line, decisions in moment.items():
                for held in decisions:
                    _keep_apart(model, last.get(line, 0), held)
        last = {
            line: lasting
            for line in {**last, **moment}
            if not _is_never(lasting := _lasting(model, f"{line} last by {start} for {group}", line, moment, last))
        }


def _keep_apart(model: Model, last: Linear, held: Linear) -> None:
    # What is fixed breaks the rule, if it does, whatever is decided here.
    if not (isinstance(last, int) and isinstance(held, int)):
        model.forbid(last, held)


def _lasting(model: Model, name: str, line: str, moment: _Moment, last: Mapping[str, Linear]) -> Linear:
    """Return whether the last session is on a line, seen from after a moment; a number where that is certain."""
    own = moment.get(line, [])
    others = [held for other, decisions in moment.items() if other != line for held in decisions]
    before = 0 if any(map(_is_so, others)) else last.get(line, 0)
    if any(map(_is_so, own)) or (_is_so(before) and not others):
        return 1
    if not own and _is_never(before):
        return 0
    lasting = model.new_decision(name)
    for held in own:
        model.implies(held, lasting)
    model.at_least(before, [lasting, *others])
    return lasting


def _is_so(decision: Linear) -> bool:
    return isinstance(decision, int) and decision == 1


def _is_never(decision: Linear) -> bool:
    return isinstance(decision, int) and decision == 0
