"""Repair of one session while all else stays: other starts, rooms and people, what each costs, and why not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from core.domain.errors import ConflictError, Message, NotFoundError
from core.planning.anneal import trying
from core.planning.anneal.encode import encode
from core.planning.anneal.numbering import Numbering
from core.planning.anneal.tryout import Try, Tryout
from core.planning.check import Audit
from core.planning.compare import differences
from core.planning.errors import AuditFailedError
from core.planning.moments import iso
from core.planning.plan import Plan, SessionKey
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.modelling import Task
from core.planning.suggestions import Hindrance, Repair, Suggestions, repair_of

#: For so many places that are taken, those that look cheapest, whoever is there is tried elsewhere.
_GIVING_WAY = 24

_HINDRANCES = {
    trying.AGAINST_RULES: Hindrance.RULES,
    trying.FIXED: Hindrance.RULES,
    trying.NO_ROOM: Hindrance.ROOM,
    trying.GROUP_BUSY: Hindrance.GROUP,
    trying.UNSAFE: Hindrance.STAFF,
    trying.AWAY: Hindrance.AWAY,
    trying.BUSY: Hindrance.BUSY,
    trying.FULL: Hindrance.FULL,
}
#: Of a start that is no alternative in several rooms, the reason is told that is nearest to its being one.
_NEAREST = (Hindrance.STAFF, Hindrance.RULES, Hindrance.GROUP, Hindrance.ROOM)


class RepairDesk:
    """A plan on the desk, to ask about one session after another; the plan stays as it is. Not for two threads at once.

    ConflictError if the plan breaks rules: nothing could be told of what a repair costs.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        *,
        rules: Iterable[Rule] = DEFAULT_RULES,
        preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
    ) -> None:
        self._task = Task(problem, tuple(rules), tuple(preferences), seed=0, workers=1)
        self._problem, self._plan = problem, plan
        self._audit = self._task.audit(plan)
        if not self._audit.valid:
            raise ConflictError(Message("The plan breaks rules: “weibao plan check” says which."))
        self._rows = {row.key: row for row in plan.sessions}
        numbering = Numbering(problem, self._task.weights, self._task.program_rules)
        self._tryout = Tryout(numbering, *encode(numbering), plan)

    def session(self, key: SessionKey, *, limit: int = 10) -> Suggestions:
        """Return the cheapest other starts and rooms for a session, held or not, each with its staff.

        Whoever can come stays with it; the other places are filled as costs least. Where somebody is in the way, one
        session may give way. NotFoundError if the problem has no such session.
        """
        self._check(key)
        tries = [] if key in self._problem.frozen else self._tryout.starts(key)
        ranked = [one for one in tries if one.result == trying.POSSIBLE and one.what[2] == trying.NOBODY]
        taken = (one for one in tries if one.result == trying.POSSIBLE and one.what[2] == trying.SOMEBODY)
        for one in sorted(taken, key=_cheapest)[:_GIVING_WAY]:
            moves = (each for each in self._tryout.giving_way(key, one) if each.result == trying.POSSIBLE)
            ranked += sorted(moves, key=_cheapest)[:1]
        hindered = self._hindered_starts(key, tries, ranked)
        possible = len({one.what[0] for one in ranked})
        repairs = self._audited(key, ranked, limit)
        return self._suggestions(key, None, repairs, possible, hindered)

    def place(self, key: SessionKey, role: str, *, limit: int = 10) -> Suggestions:
        """Return who else could serve in a role of a held session at the least cost: in an empty place, or for another.

        Who serves elsewhere meanwhile may be called away, if that session stays safe. ConflictError if the session is
        not held, NotFoundError if there is no such session or role.
        """
        self._check(key, role)
        if key not in self._rows:
            raise ConflictError(Message("The session is not held: ask for a start first."))
        roles = [each.role for each in self._problem.activity_of[key[0]].roles]
        tries = [] if key in self._problem.frozen else self._tryout.people(key, roles.index(role))
        cheapest, others = dict[int, Try](), dict[int, Try]()
        for one in sorted(tries, key=_cheapest):
            (cheapest if one.result == trying.POSSIBLE else others).setdefault(one.what[1], one)
        hindered = Counter(
            _HINDRANCES[one.result]
            for who, one in others.items()
            if who not in cheapest and one.result != trying.SERVES
        )
        repairs = self._audited(key, list(cheapest.values()), limit, role)
        if tries:
            hindered[Hindrance.SKILL] = self._unskilled(key, role)
        return self._suggestions(key, role, repairs, len(cheapest), +hindered)

    def _unskilled(self, key: SessionKey, role: str) -> int:
        skill = self._problem.activity_of[key[0]].role_of[role].skill
        return sum(skill is not None and skill not in person.skills for person in self._problem.people)

    def _check(self, key: SessionKey, role: str | None = None) -> None:
        """Refuse a session or role that the problem doesn't have."""
        activity = self._problem.activity_of.get(key[0])
        if activity is None or not 0 <= key[1] < activity.sessions:
            values = {"activity": key[0], "index": key[1]}
            raise NotFoundError(Message("There is no session %(index)s of “%(activity)s”.", values))
        if role is not None and role not in activity.role_of:
            raise NotFoundError(Message("“%(activity)s” has no role %(role)s.", {"activity": key[0], "role": role}))

    def _hindered_starts(self, key: SessionKey, tries: Iterable[Try], ranked: Iterable[Try]) -> Counter[Hindrance]:
        """Return how many starts are no alternatives, by what is nearest to being mended of each."""
        found: Counter[Hindrance] = Counter()
        if key in self._problem.frozen:
            return found
        possible = {one.what[0] for one in ranked}
        met = defaultdict[int, set[Hindrance]](set)
        for one in tries:
            if one.what[0] not in possible and one.what[2] == trying.NOBODY:
                met[one.what[0]].add(_HINDRANCES.get(one.result, Hindrance.RULES))
        found.update(next(each for each in _NEAREST if each in reasons) for reasons in met.values())
        found[Hindrance.ROOM] += self._without_room(key)
        return +found

    def _without_room(self, key: SessionKey) -> int:
        """Return at how many starts no room that would do is open at all."""
        line = self._problem.frozen_before
        ahead = {start for start in self._task.choices.starts(key[0]) if line is None or start >= line}
        return len(ahead) - len(ahead & self._tryout.starts_of(key[0]))

    def _audited(
        self, key: SessionKey, ranked: Iterable[Try], limit: int, role: str | None = None
    ) -> tuple[Repair, ...]:
        """Return the best of what was tried, each with its audited plan; none that breaks a program's rule."""
        found: list[Repair] = []
        for one in sorted(ranked, key=_cheapest):
            if len(found) == limit:
                break
            plan = self._same_rows(self._tryout.moved(key, one) if role is None else self._tryout.served(one))
            audit = self._task.audit(plan)
            if not audit.valid:
                self._refuse_defects(audit)
                continue
            amounts, before = audit.amounts, self._audit.amounts
            terms = {name: amounts[name] - before[name] for name in amounts if amounts[name] != before[name]}
            where = self._tryout.where(one) if role is None else (self._rows[key].start, self._rows[key].room)
            mine = [row for row in plan.sessions if row.activity == key[0] and (row.start, row.room) == where]
            session = min(mine, key=lambda row: row.key != key)
            repair = repair_of(self._problem, session, self._plan, plan, audit.cost - self._audit.cost, terms)
            if repair is not None:
                found.append(repair)
        found.sort(key=lambda repair: (repair.difference, repair.disturbed))
        return tuple(found)

    def _refuse_defects(self, audit: Audit) -> None:
        """Raise AuditFailedError unless only rules of programs are broken, which the search doesn't know."""
        standard = {rule.name for rule in DEFAULT_RULES}
        for breach in audit.breaches:
            if breach.rule in standard:
                values = {"rule": breach.rule, "message": str(breach.message)}
                raise AuditFailedError(Message("The plan breaks the rule %(rule)s: %(message)s", values))

    def _same_rows(self, plan: Plan) -> Plan:
        """Return the plan with the present rows where nothing has changed, though people may be listed otherwise."""
        rows = []
        for row in plan.sessions:
            old = self._rows.get(row.key)
            same = old is not None and not tuple(differences(old, row))
            rows.append(old if old is not None and same else row)
        return Plan(plan.problem, tuple(rows))

    def _suggestions(
        self,
        key: SessionKey,
        role: str | None,
        ranked: tuple[Repair, ...],
        possible: int,
        hindered: Mapping[Hindrance, int],
    ) -> Suggestions:
        fixed = _fixed(self._problem, key)
        return Suggestions(key, role, self._rows.get(key), self._audit.cost, ranked, possible, hindered, fixed)


def repairs(
    problem: Problem,
    plan: Plan,
    key: SessionKey,
    *,
    role: str | None = None,
    limit: int = 10,
    rules: Iterable[Rule] = DEFAULT_RULES,
    preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
) -> Suggestions:
    """Return the cheapest alternatives for a session, or with `role` for a place in it; see `RepairDesk`."""
    desk = RepairDesk(problem, plan, rules=rules, preferences=preferences)
    return desk.session(key, limit=limit) if role is None else desk.place(key, role, limit=limit)


def _cheapest(one: Try) -> tuple[int, tuple[int, int, int]]:
    return one.cost, one.what


def _fixed(problem: Problem, key: SessionKey) -> Message | None:
    """Return what the past or pins leave no choice about."""
    if key in problem.frozen:
        return Message("It lies behind us and stays as it was.")
    parts: list[object] = []
    for pin in problem.pins:
        if pin.key != key:
            continue
        parts += [iso(pin.start)] if pin.start is not None else []
        parts += [pin.room] if pin.room is not None else []
        parts += [person for ids in pin.staff.values() for person in ids]
    if parts:
        return Message("It is pinned: %(decisions)s.", {"decisions": tuple(parts)})
    return None
