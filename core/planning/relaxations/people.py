"""What people could allow: a duty more, other hours; and people who are not there yet."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import ClassVar

from core.domain.errors import Message
from core.planning.model.model import Model
from core.planning.model.variables import Literal
from core.planning.moments import MINUTES_A_DAY, Window, day_of, iso
from core.planning.problem import Person, Problem
from core.planning.relaxations.base import Relaxation, hours, meet, with_person


@dataclass(frozen=True)
class DutyMoreThatDay(Relaxation):
    """Somebody serves once more on one day than they offered to on any; `day` counts as in `moments.day_of`."""

    kind: ClassVar[str] = "duty_that_day"
    size: ClassVar[int] = 2

    person: str
    day: int

    def apply(self, problem: Problem) -> Problem:
        """Raise their limit a day. The format has one for all days: `confine` keeps the others as they were."""
        person = problem.person_of[self.person]
        return with_person(problem, replace(person, max_per_day=person.max_per_day + 1))

    def touches(self, stretch: Window) -> bool:
        """Say whether the stretch begins on that day."""
        return day_of(stretch[0]) == self.day

    def said(self) -> Message:
        """Name the person and the date."""
        values = {"person": self.person, "date": iso(self.day * MINUTES_A_DAY)[:10]}
        return Message("%(person)s served once more on %(date)s than offered", values)

    def confine(self, model: Model, before: Problem) -> None:
        """Let them serve on other days as often as before."""
        literals = defaultdict[int, list[Literal]](list)
        for slot in model.variables.all_slots():
            literals[day_of(slot.start)] += model.variables.everyone(slot).get(self.person, [])
        most = before.person_of[self.person].max_per_day
        for day, found in literals.items():
            if day != self.day:
                model.at_most(most - model.background.load_on(self.person, day), found)


@dataclass(frozen=True)
class DutyMore(Relaxation):
    """Somebody serves once more in all than they offered."""

    kind: ClassVar[str] = "duty"
    size: ClassVar[int] = 3

    person: str

    def apply(self, problem: Problem) -> Problem:
        """Raise their limit."""
        person = problem.person_of[self.person]
        return with_person(problem, replace(person, max_sessions=person.max_sessions + 1))

    def said(self) -> Message:
        """Name the person."""
        return Message("%(person)s served once more in all than offered", {"person": self.person})


@dataclass(frozen=True)
class HoursMore(Relaxation):
    """Somebody comes at a time for which they have not said that they can."""

    kind: ClassVar[str] = "hours"
    size: ClassVar[int] = 4

    person: str
    stretch: Window

    def apply(self, problem: Problem) -> Problem:
        """Add the stretch to their hours."""
        person = problem.person_of[self.person]
        return with_person(problem, replace(person, available=(*person.available, self.stretch)))

    def touches(self, stretch: Window) -> bool:
        """Say whether it is about some of these hours."""
        return meet(self.stretch, stretch)

    def said(self) -> Message:
        """Name the person and the time."""
        return Message(
            "%(person)s could come on %(start)s until %(end)s", {"person": self.person, **hours(self.stretch)}
        )


@dataclass(frozen=True)
class VolunteersMore(Relaxation):
    """People come who are not there yet: so many adults of as many households, each with all of the skills.

    They come for one stretch and one duty, or, with more stretches, for as many duties as there are.
    """

    kind: ClassVar[str] = "volunteers"
    size: ClassVar[int] = 10

    count: int
    skills: tuple[str, ...]
    stretches: tuple[Window, ...]
    activity: str

    def apply(self, problem: Problem) -> Problem:
        """Add the people; their ids are in brackets, which no id of the product is."""
        most = len(self.stretches)
        # Two cures tried together may each bring some.
        first = len(problem.people) + 1
        crowd = tuple(
            Person(f"(new {at})", skills=self.skills, available=self.stretches, max_sessions=most, max_per_day=most)
            for at in range(first, first + self.count)
        )
        return replace(problem, people=(*problem.people, *crowd))

    def includes(self, other: Relaxation) -> bool:
        """Say whether the others are no more, and can do no more."""
        return (
            isinstance(other, VolunteersMore)
            and other.count <= self.count
            and set(other.skills) <= set(self.skills)
            and len(other.stretches) <= len(self.stretches)
        )

    def touches(self, stretch: Window) -> bool:
        """Say whether they come then."""
        return any(meet(found, stretch) for found in self.stretches)

    def said(self) -> Message:
        """Say how many, with which skills, and when."""
        values = {"count": self.count, "skills": self.skills, "activity": self.activity, **hours(self.stretches[0])}
        if len(self.stretches) > 1:
            if self.skills:
                return Message("there were %(count)s more with %(skills)s for all of %(activity)s", values)
            return Message("there were %(count)s volunteers more for all of %(activity)s", values)
        if self.count > 1:
            if self.skills:
                return Message("%(count)s more with %(skills)s came on %(start)s until %(end)s", values)
            return Message("%(count)s volunteers more came on %(start)s until %(end)s", values)
        if self.skills:
            return Message("one volunteer more with %(skills)s came on %(start)s until %(end)s", values)
        return Message("one volunteer more came on %(start)s until %(end)s", values)
