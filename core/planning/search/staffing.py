"""Choosing staff for one session at a time, with an eye on continuity, likes, load and what only few people can do."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping

from core.planning.moments import day_of
from core.planning.plan import PlannedSession
from core.planning.problem import Activity, Person, Problem, Role
from core.planning.search.ledger import Ledger

_SEVERAL = 2


class Recruiter:
    """Staffs sessions from a ledger. Skills that few people have are spared for the roles that ask for them."""

    def __init__(self, ledger: Ledger, rng: random.Random) -> None:
        self._rng = rng
        self._ledger = ledger
        self._problem = ledger.problem
        self._rarity = _rarity(ledger.problem)
        self._teams: dict[tuple[str, str], frozenset[str]] = {}

    def staff(
        self, activity: Activity, start: int, venue: str | None, given: Mapping[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]] | None:
        """Return staff for a session, those given among them, as many as are required if there are; None if not safe.

        Roles that ask for a skill choose first. Wanted places are used only where safety takes them.
        """
        staff = {role.role: list(given.get(role.role, ())) for role in activity.roles}
        taken = [person for ids in staff.values() for person in ids]
        for role in sorted(activity.roles, key=lambda role: role.skill is None):
            candidates = self.candidates(activity, start, venue, role)
            _fill(self._problem, staff[role.role], taken, candidates, role.required)
        for role in activity.roles:
            if not is_safe(self._problem, activity, taken):
                candidates = self.candidates(activity, start, venue, role)
                self._make_safe(activity, staff[role.role], taken, candidates, role.wanted)
        found = {role: tuple(sorted(ids)) for role, ids in staff.items()}
        return found if self.is_allowed(activity, found) else None

    def is_allowed(self, activity: Activity, staff: Mapping[str, tuple[str, ...]]) -> bool:
        """Say whether the staff makes a session safe and brings no face too many."""
        few = all(
            role.max_people is None
            or len(_faces(self._ledger, activity, role) | set(staff[role.role])) <= role.max_people
            for role in activity.roles
        )
        everybody = [person for ids in staff.values() for person in ids]
        company = all(gets_on(self._problem, person, everybody) for person in everybody)
        return few and company and is_safe(self._problem, activity, everybody)

    def candidates(self, activity: Activity, start: int, venue: str | None, role: Role) -> list[str]:
        """Return who could serve in a role then and there, the most suitable first."""
        ledger, end = self._ledger, start + activity.duration
        left = ledger.choices.people(activity.id, start, role.role)
        if role.max_people is not None:
            left &= self._team(activity, role, role.max_people)
        free = [person for person in left if ledger.can_serve(person, start, end, venue)]
        return sorted(free, key=lambda person: (self._price(person, activity, role, start), person))

    def top_up(self, row: PlannedSession, *, wanted: bool) -> PlannedSession:
        """Return the session with empty places filled, the wanted ones too if asked and if it lowers the cost."""
        activity = self._problem.activity_of[row.activity]
        venue = self._problem.venue(activity, row.room)
        staff = {role.role: list(row.staff.get(role.role, ())) for role in activity.roles}
        taken = list(row.people())
        for role in sorted(activity.roles, key=lambda role: role.skill is None):
            candidates = self.candidates(activity, row.start, venue, role)
            _fill(self._problem, staff[role.role], taken, candidates, role.required)
            if wanted:
                worth = self._problem.weights.get("wanted", 0)
                cheap = [person for person in candidates if self._price(person, activity, role, row.start) < worth]
                _fill(self._problem, staff[role.role], taken, cheap, role.wanted)
        full = {role: tuple(sorted(ids)) for role, ids in staff.items()}
        return PlannedSession(row.activity, row.index, row.start, row.room, full)

    def _make_safe(
        self, activity: Activity, ids: list[str], taken: list[str], candidates: Iterable[str], limit: int
    ) -> None:
        homes = {self._problem.person_of[person].home for person in taken if self._problem.person_of[person].adult}
        adults = [person for person in candidates if self._problem.person_of[person].adult]
        for person in sorted(adults, key=lambda name: self._problem.person_of[name].home in homes):
            if is_safe(self._problem, activity, taken) or len(ids) >= limit:
                return
            if person not in taken and gets_on(self._problem, person, taken):
                ids.append(person)
                taken.append(person)

    def _price(self, person: str, activity: Activity, role: Role, start: int) -> float:
        """Return about what it costs to let somebody serve: the weights, and a little for what is rare."""
        weights, who = self._problem.weights, self._problem.person_of[person]
        price = weights.get("load", 0) * (2 * self._ledger.load[person] + 1) + 20.0 * (not who.adult)
        price -= weights.get("likes", 0) * who.likes.get(activity.id, 0)
        if not self._ledger.serves_on(person, day_of(start)):
            price += weights.get("trips", 0)
        if role.continuity and person not in _faces(self._ledger, activity, role):
            price += weights.get("staff", 0)
        return price + (self._rarity[person] if role.skill is None else 0)

    def _team(self, activity: Activity, role: Role, most: int) -> frozenset[str]:
        """Return who may fill a role that allows few different people: those who serve, else who can most often."""
        used = _faces(self._ledger, activity, role)
        if len(used) >= most:
            return used
        key = (activity.id, role.role)
        if key not in self._teams:
            self._teams[key] = self._choose_team(activity, role, most)
        if not used <= self._teams[key]:
            return used
        return self._teams[key]

    def _choose_team(self, activity: Activity, role: Role, most: int) -> frozenset[str]:
        days: dict[str, set[int]] = {}
        for start in self._ledger.choices.starts(activity.id):
            end = start + activity.duration
            for person in self._ledger.choices.people(activity.id, start, role.role):
                if self._ledger.can_serve(person, start, end, activity.place):
                    days.setdefault(person, set()).add(day_of(start))
        team = set(_faces(self._ledger, activity, role))
        covered = {day for person in team for day in days.pop(person, ())}
        while days and len(team) < most:
            noise = {person: self._rng.random() for person in sorted(days)}
            reach = {person: self._reach(person, found - covered) + noise[person] for person, found in days.items()}
            best = max(noise, key=lambda person: reach[person])
            covered |= days.pop(best)
            team.add(best)
        return frozenset(team)

    def _reach(self, person: str, days: set[int]) -> int:
        """Return how many sessions somebody could take on, given the days on which they could serve in one."""
        return min(len(days), self._problem.person_of[person].max_sessions - self._ledger.load[person])


def is_safe(problem: Problem, activity: Activity, people: Iterable[str]) -> bool:
    """Say whether enough adults are among the people for a session to be held."""
    adults: list[Person] = [problem.person_of[person] for person in people if problem.person_of[person].adult]
    homes = {person.home for person in adults}
    return len(adults) >= activity.min_adults and (activity.min_adults < _SEVERAL or len(homes) >= _SEVERAL)


def gets_on(problem: Problem, person: str, others: Iterable[str]) -> bool:
    """Say whether somebody would serve beside the others: with nobody whom one of them shuns, and in their company."""
    who, beside = problem.person_of[person], frozenset(others) - {person}
    shunned = not beside.isdisjoint(who.never_with) or any(person in problem.person_of[it].never_with for it in beside)
    return not shunned and (not who.only_with or not beside.isdisjoint(who.only_with))


def _fill(problem: Problem, ids: list[str], taken: list[str], candidates: Iterable[str], limit: int) -> None:
    homes = {problem.person_of[person].home for person in taken}
    for person in candidates:
        if len(ids) >= limit:
            return
        # A second member of a household makes no session safer, so strangers to each other come first.
        if person in taken or not gets_on(problem, person, taken):
            continue
        if problem.person_of[person].home not in homes:
            ids.append(person)
            taken.append(person)
            homes.add(problem.person_of[person].home)


def _faces(ledger: Ledger, activity: Activity, role: Role) -> frozenset[str]:
    line = ledger.problem.frozen_before
    rows = ledger.series[activity.id].values()
    ahead = [row for row in rows if line is None or row.start >= line or role.max_people is None]
    return frozenset(person for row in ahead for person in row.staff.get(role.role, ()))


def _rarity(problem: Problem) -> Mapping[str, float]:
    """Return for each person how badly their skills are needed: places that ask for one, by people who have it."""
    have = Counter(skill for person in problem.people for skill in set(person.skills))
    need = Counter[str]()
    for activity in problem.activities:
        for role in activity.roles:
            if role.skill is not None:
                need[role.skill] += role.required * activity.sessions
    return {
        person.id: sum(need[skill] / have[skill] for skill in set(person.skills) if need[skill])
        for person in problem.people
    }
