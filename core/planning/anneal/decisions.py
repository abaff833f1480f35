"""What a problem has decided already, as tables: pins, relations, what was published, what lies behind us."""

import numpy as np

from core.planning.anneal import layout as at
from core.planning.anneal.filling import Filling
from core.planning.anneal.numbering import Numbering
from core.planning.moments import MINUTES_A_DAY, day_of
from core.planning.units import components

_KINDS = {
    "together": at.TOGETHER,
    "same_venue": at.SAME_VENUE,
    "before": at.BEFORE,
    "apart": at.APART,
    "needs": at.NEEDS,
}


def fill_decisions(filling: Filling, numbering: Numbering) -> None:
    """Add what is decided already."""
    _pins(filling, numbering)
    _relations(filling, numbering)
    _units(filling, numbering)
    _published(filling, numbering)
    _windows(filling, numbering)


def _pins(filling: Filling, numbering: Numbering) -> None:
    """Add what is pinned of each session; of two pins that contradict each other, neither can be kept."""
    problem, labels = numbering.problem, numbering.first[-1]
    asked, start, room = (np.full(labels, value, np.int64) for value in (0, -1, -1))
    staff: list[list[int]] = [[] for _ in range(labels)]
    for pin in problem.pins:
        label = numbering.label(pin.key)
        asked[label] = 1
        if pin.start is not None:
            start[label] = pin.start if start[label] in {-1, pin.start} else at.NEVER
        if pin.room is not None:
            wanted = numbering.room[pin.room]
            room[label] = wanted if room[label] in {-1, wanted} else len(problem.rooms)
        roles = [role.role for role in problem.activity_of[pin.activity].roles]
        first = numbering.first_role[numbering.activity[pin.activity]]
        for role, ids in pin.staff.items():
            for person in ids:
                staff[label] += [first + roles.index(role), numbering.person[person]]
    filling.table(at.PIN_ASKED, asked)
    filling.table(at.PIN_BROKEN, asked)
    filling.table(at.PIN_START, start)
    filling.table(at.PIN_ROOM, room)
    filling.lists(at.PIN_STAFF_AT, at.PIN_STAFF, staff)


def _relations(filling: Filling, numbering: Numbering) -> None:
    """Add the relations, and which of them each session takes part in."""
    relations = numbering.problem.relations
    of: list[list[int]] = [[] for _ in range(numbering.first[-1])]
    for number, relation in enumerate(relations):
        for label in {numbering.label(relation.a), numbering.label(relation.b)}:
            of[label].append(number)
    filling.lists(at.RELATIONS_AT, at.RELATIONS, of)
    filling.table(at.RELATION_KIND, [_KINDS[relation.kind] for relation in relations])
    filling.table(at.RELATION_A, [numbering.label(relation.a) for relation in relations])
    filling.table(at.RELATION_B, [numbering.label(relation.b) for relation in relations])
    filling.table(at.RELATION_GAP, [relation.gap for relation in relations])
    filling.blank(at.RELATION_BROKEN, len(relations))
    filling.number(at.RELATION_COUNT, len(relations))


def _units(filling: Filling, numbering: Numbering) -> None:
    """Add which sessions must begin together, and which can't be held without one another."""
    problem = numbering.problem
    keys = [(activity.id, index) for activity in problem.activities for index in range(activity.sessions)]
    for kinds, begins, lengths in (({"together"}, at.UNIT_AT, at.UNIT), ({"together", "needs"}, at.KIN_AT, at.KIN)):
        ties = [(relation.a, relation.b) for relation in problem.relations if relation.kind in kinds]
        lists: list[list[int]] = [[] for _ in keys]
        for members in components(keys, ties):
            labels = [numbering.label(key) for key in members]
            filling.widest = max(filling.widest, len(labels))
            for label in labels:
                lists[label] = [label, *(other for other in labels if other != label)]
        filling.lists(begins, lengths, lists)
        if kinds == {"together"}:
            tied = {
                numbering.label(key)
                for relation in problem.relations
                if relation.kind == "same_venue"
                for key in (relation.a, relation.b)
            }
            filling.table(at.UNIT_ONE_VENUE, [int(len(found) > 1 and tied.issuperset(found)) for found in lists])


def _published(filling: Filling, numbering: Numbering) -> None:
    """Add what was published of each session, and which activities have rules on single sessions at all."""
    problem, labels = numbering.problem, numbering.first[-1]
    priced = any(numbering.weights.get(name, 0) for name in ("moved", "rehoused", "restaffed"))
    start, room = np.full(labels, -1, np.int64), np.full(labels, -1, np.int64)
    staff: list[list[int]] = [[] for _ in range(labels)]
    most = int(filling.head[at.MOST_SEATS])
    seats = np.full((labels, max(1, most)), -1, np.int64)
    for (name, index), row in problem.incumbent_of.items():
        activity = problem.activity_of.get(name)
        if activity is None or not 0 <= index < activity.sessions:
            continue
        label = numbering.label((name, index))
        start[label] = row.start
        room[label] = -1 if row.room is None else numbering.room.get(row.room, -2)
        end = row.start + activity.duration
        people = (problem.person_of[p] for p in dict.fromkeys(row.people()) if p in numbering.person)
        staff[label] = [numbering.person[person.id] for person in people if person.is_available(row.start, end)]
        place = 0
        for role in activity.roles:
            for offset, person in enumerate(row.staff.get(role.role, ())[: role.wanted]):
                seats[label, place + offset] = numbering.person.get(person, -1)
            place += role.wanted
    filling.table(at.OLD_START, start)
    filling.table(at.OLD_ROOM, room)
    filling.lists(at.OLD_STAFF_AT, at.OLD_STAFF, staff)
    filling.blank(at.OLD_PRICE, labels)
    filling.table(at.OLD_SEAT, seats[:, :most])
    filling.number(at.REPLANS, int(priced and bool((start >= 0).any())))
    filling.number(at.PUBLISHED, int(bool((start >= 0).any())))
    ruled = {relation.a[0] for relation in problem.relations} | {relation.b[0] for relation in problem.relations}
    ruled |= {pin.activity for pin in problem.pins} | ({name for name, _ in problem.incumbent_of} if priced else set())
    filling.table(at.ACTIVITY_RULED, [int(activity.id in ruled) for activity in problem.activities])


def _windows(filling: Filling, numbering: Numbering) -> None:
    """Add between which starts each label's session must lie for the fixed ones of its series to keep their numbers."""
    problem, labels = numbering.problem, numbering.first[-1]
    fixed = {key: row.start for key, row in problem.frozen.items()}
    fixed.update({pin.key: pin.start for pin in problem.pins if pin.start is not None})
    keys = [(activity.id, index) for activity in problem.activities for index in range(activity.sessions)]
    ties = [(relation.a, relation.b) for relation in problem.relations if relation.kind == "together"]
    for members in components(keys, ties):
        starts = [fixed[key] for key in members if key in fixed]
        if starts:
            fixed.update(dict.fromkeys(members, starts[0]))
    low, high = np.zeros(labels, np.int64), np.full(labels, at.NEVER, np.int64)
    for activity in problem.activities:
        mine = [
            (index, fixed[activity.id, index]) for index in range(activity.sessions) if (activity.id, index) in fixed
        ]
        for index in range(activity.sessions):
            label = numbering.label((activity.id, index))
            if (activity.id, index) in fixed:
                low[label] = high[label] = fixed[activity.id, index]
            elif activity.ordered:
                low[label] = max(((day_of(s) + index - n) * MINUTES_A_DAY for n, s in mine if n < index), default=0)
                after = [(day_of(s) + index - n + 1) * MINUTES_A_DAY - 1 for n, s in mine if n > index]
                high[label] = min(after, default=at.NEVER)
    filling.table(at.WINDOW_FROM, low)
    filling.table(at.WINDOW_TO, high)
