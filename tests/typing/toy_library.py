"""What a plugin may ask of core besides its hooks, as an author writes it: mypy reads it strictly; nothing runs it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, assert_type
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from core.plugin_api import (
    ANYONE,
    Activity,
    ActivityOutline,
    Actor,
    Asked,
    Attended,
    Base,
    BySecret,
    Capability,
    ChildFacts,
    Clock,
    ConflictError,
    ConsentPurpose,
    DomainError,
    Encrypted,
    Feature,
    HeldSession,
    Home,
    InvalidInputError,
    Key,
    Linear,
    Literal,
    LocalTime,
    Meeting,
    Message,
    Model,
    Moment,
    Node,
    NotAllowedError,
    NotFoundError,
    OfAChild,
    Person,
    Plan,
    PlannedOutline,
    PlannedSession,
    Presence,
    Problem,
    RestrictedUseError,
    Role,
    Sealed,
    SealedText,
    Serving,
    SessionKey,
    Slot,
    StationScoped,
    TermOutline,
    Text20,
    Text200,
    Text2000,
    Told,
    VenueKind,
    VolunteerKind,
    account_names,
    activities_of,
    actor,
    attended,
    child_by_number,
    child_facts,
    children_in_group,
    children_of,
    days_off,
    enter_by_secret,
    festival_on,
    groups_offered,
    held_sessions,
    home_shown,
    label,
    lesson_days,
    limiter,
    may,
    new_id,
    other_starts,
    planned_sessions,
    record,
    require,
    seating,
    serving,
    terms_ahead,
    today,
    venue_of_room,
    venues_offered,
    volunteers_offered,
    wiring,
    word,
)

KEY: Final = "toy"
LENDERS: Final[Asked] = Capability.USE_ACCOUNT
READERS: Final[Asked] = ANYONE
OWN: Final = Role.VOLUNTEER


class Reader(OfAChild, Base):
    """A child who borrows books; a sealed file shows to its named workers alone."""

    __tablename__ = "toy_readers"
    told = Told(Message("Readers"), {"joined_on": Message("Joined on"), "left_on": Message("Left on")})
    ended_by = frozenset({"left_on"})

    id: Mapped[Key]
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class Loan(StationScoped, Base):
    """A toy that a child took home: a column of every kind that the contract has."""

    __tablename__ = "toy_loans"

    id: Mapped[Key]
    number: Mapped[Text20]
    toy: Mapped[Text200]
    terms: Mapped[Text2000]
    lent_at: Mapped[LocalTime]
    noted_at: Mapped[Moment]
    kind: Mapped[VolunteerKind] = mapped_column(word(VolunteerKind))
    sealed_reason: Mapped[Sealed | None] = mapped_column("reason", Encrypted())
    reason = SealedText[str | None]("sealed_reason")


def lend(session: Session, clock: Clock, station_id: UUID, reason: str | None) -> Loan:
    """Note a loan, with its reason sealed, and that somebody did."""
    loan = Loan(id=new_id(), station_id=station_id, number="1", toy="ball", noted_at=clock.now())
    loan.reason = reason
    who: Actor = actor()
    if not may(who.role, Capability.USE_ACCOUNT):
        raise NotAllowedError(Message("Only some lend toys."))
    require(who, Capability.OWN_DUTIES)
    record(
        session,
        who,
        wiring().clock,
        station_id=station_id,
        action="toy.lent",
        subject_kind="toy.loan",
        subject_id=loan.id,
        detail={},
    )
    return loan


def what_a_program_reads(session: Session, term: TermOutline, number: str) -> None:
    """Read all that a program may know of its station."""
    days = (term.first, today())
    assert_type(activities_of(session, KEY, term.id), tuple[ActivityOutline, ...])
    held = assert_type(held_sessions(session, KEY, *days), tuple[HeldSession, ...])
    assert_type(planned_sessions(session, KEY, term.id), tuple[PlannedOutline, ...])
    assert_type(serving(session, [row.id for row in held]), Mapping[UUID, tuple[Serving, ...]])
    assert_type(attended(session, KEY, *days), tuple[Attended, ...])
    child = assert_type(child_by_number(session, number, today()), ChildFacts)
    assert_type(child_facts(session, list(children_of(session, held[0].id)), days[0]), tuple[ChildFacts, ...])
    assert_type(terms_ahead(session, today()), tuple[TermOutline, ...])
    assert_type(volunteers_offered(session, term), Sequence[tuple[str, str]])
    assert_type(venues_offered(session, VenueKind.SCHOOL), Sequence[tuple[str, str]])
    assert_type(other_starts(session, wiring().hooks, term.id, held[0].activity.id, 0), tuple[datetime, ...])
    if held[0].room_id is not None:
        assert_type(venue_of_room(session, held[0].room_id), UUID | None)
    home = home_shown(session, actor(), wiring().clock, session_id=held[0].id, child_id=child.id)
    assert_type(home, Home)


class ToyLink(BySecret, Base):
    """A secret address under which a shop says what it has."""

    __tablename__ = "toy_links"

    id: Mapped[Key]


@limiter.limit("20 per minute")
def what_the_holder_of_a_secret_reaches(session: Session, token: str) -> UUID:
    """Enter a station by a secret that was handed out."""
    return assert_type(enter_by_secret(session, ToyLink, token), ToyLink).station_id


def what_the_calendar_and_the_lists_say(session: Session, term: TermOutline, school: UUID) -> Sequence[str]:
    """Read days, groups and names."""
    assert_type(days_off(session, term), frozenset[date])
    assert_type(lesson_days(session, term.station_id, school, term.first, term.last), tuple[date, ...])
    assert_type(festival_on(term.first), Message | None)
    groups = assert_type(groups_offered(session), Sequence[tuple[str, str]])
    assert_type(children_in_group(session, UUID(groups[0][0])), frozenset[UUID])
    names = assert_type(account_names(session, [term.id]), Mapping[UUID, str])
    return [*names.values(), str(label(Feature.PIANO))]


def what_goes_wrong(presence: Presence, consents: frozenset[ConsentPurpose]) -> date:
    """Refuse what can't be, each with an error that people are told of."""
    refusals: Mapping[Presence, DomainError] = {
        Presence.ABSENT: NotFoundError(Message("Nobody came.")),
        Presence.EXCUSED: ConflictError(Message("Somebody is ill.")),
        Presence.PRESENT: RestrictedUseError(),
    }
    if presence in refusals:
        raise refusals[presence]
    if ConsentPurpose.PHOTO not in consents:
        raise InvalidInputError(Message("Ask first."))
    return today()


def what_a_rule_reads(model: Model, problem: Problem, plan: Plan) -> Linear:
    """Go through a problem, a plan and the decisions of a model."""
    toys: Node = problem.extension(KEY)
    meetings: Mapping[SessionKey, Meeting] = seating(problem, plan).meetings
    adults: list[Person] = [person for person in problem.people if person.adult]
    pianos: list[Activity] = [found for found in problem.activities if Feature.PIANO in found.features]
    rows: list[PlannedSession] = [meeting.row for meeting in meetings.values()]
    free = Slot(pianos[0].id, rows[0].start)
    held: Literal = model.variables.held(free)
    return held + len(adults) + len(toys.some("balls", Node.text))
