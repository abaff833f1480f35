"""Guardians' addresses on both databases: who decides what they may do, and what a spent code takes to open again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, Guardian, GuardianLeave, GuardianLink, User
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import GuardianAccess
from core.services import guardian_links as links
from core.services.feeds import token_hash
from core.services.guardian_links import NewLink
from core.services.sealed_files import seal
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_station
from tests.integration.people import Town, a_person, a_town

CLOCK = FixedClock(TEST_MOMENT)
FULL, RESTRICTED, NONE = GuardianAccess.FULL, GuardianAccess.RESTRICTED, GuardianAccess.NONE


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


@pytest.fixture
def child(writing: Session, town: Town) -> Child:
    return a_child(writing, town.station)


def later(**step: float) -> FixedClock:
    return FixedClock(TEST_MOMENT + timedelta(**step))


def an_address(session: Session, guardian: Guardian, access: GuardianAccess = FULL) -> NewLink:
    links.decide_access(session, SYSTEM, CLOCK, guardian.id, access)
    return links.make_link(session, SYSTEM, CLOCK, guardian.id)


def link_of(session: Session, made: NewLink) -> GuardianLink:
    return session.scalars(select(GuardianLink).where(GuardianLink.token_hash == token_hash(made.token))).one()


def wrong(made: NewLink) -> str:
    return f"{(int(made.code) + 1) % 10**6:06}"


def opens(session: Session, made: NewLink, code: str, clock: FixedClock = CLOCK) -> bool:
    found = links.try_code(session, clock, made.token, code) is not None
    set_scope(session, EVERYTHING)
    return found


def noted(session: Session, child: Child) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.subject_id == child.id).order_by(AuditEntry.number)
    return list(session.scalars(query))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HEAD}))
def test_nobody_but_the_head_decides_what_a_guardian_may_do(
    writing: Session, town: Town, child: Child, role: Role
) -> None:
    with pytest.raises(NotAllowedError):
        links.decide_access(writing, town[role], CLOCK, child.guardians[0].id, FULL)
    assert links.access_of(writing, child.guardians[0]) is NONE


def test_the_head_decides_and_says_why_in_a_sealed_note(writing: Session, town: Town, child: Child) -> None:
    mother = child.guardians[0]
    leave = links.decide_access(writing, town[Role.HEAD], CLOCK, mother.id, RESTRICTED, reason=" 法院裁定第7号 ")
    assert (leave.station_id, leave.child_id, leave.guardian_id) == (child.station_id, child.id, mother.id)
    assert (leave.access, leave.reason, leave.decided_at) == (RESTRICTED, "法院裁定第7号", TEST_MOMENT)
    assert leave.decided_by == town[Role.HEAD].user_id
    (entry,) = noted(writing, child)
    assert (entry.action, entry.detail) == (
        "guardian.access_decided",
        {"guardian": str(mother.id), "access": "restricted"},
    )
    again = links.decide_access(writing, town[Role.HEAD], later(days=1), mother.id, FULL)
    assert (again.id, again.access, again.reason) == (leave.id, FULL, None)
    assert writing.scalars(select(GuardianLeave)).all() == [again]


@pytest.mark.parametrize(("length", "taken"), [(500, True), (501, False)])
def test_a_reason_has_500_characters_at_most(writing: Session, child: Child, length: int, *, taken: bool) -> None:
    guardian = child.guardians[0]
    if taken:
        leave = links.decide_access(writing, SYSTEM, CLOCK, guardian.id, NONE, reason=f" {'因' * length} ")
        assert leave.reason == "因" * length
        return
    with pytest.raises(InvalidInputError, match="500 characters"):
        links.decide_access(writing, SYSTEM, CLOCK, guardian.id, NONE, reason="因" * length)


def test_less_access_touches_the_guardian_alone_whom_it_was_decided_of(writing: Session, child: Child) -> None:
    mother = child.guardians[0]
    father = Guardian(
        station_id=child.station_id,
        child_id=child.id,
        relation=mother.relation,
        name="例父",
        phone="1",
        phone_index=bytes(32),
    )
    writing.add(father)
    writing.flush()
    made = [an_address(writing, one) for one in (mother, father)]
    for one in made:
        links.open_calendar(writing, CLOCK, links.visit(writing, CLOCK, one.token))
        set_scope(writing, EVERYTHING)
    links.decide_access(writing, SYSTEM, CLOCK, mother.id, RESTRICTED)
    assert [link_of(writing, one).feed_hash is None for one in made] == [True, False]
    links.decide_access(writing, SYSTEM, CLOCK, father.id, FULL)
    assert link_of(writing, made[1]).feed_hash is not None
    links.decide_access(writing, SYSTEM, CLOCK, mother.id, NONE)
    assert [link_of(writing, one).revoked_at for one in made] == [TEST_MOMENT, None]


def test_the_people_who_decide_are_named(writing: Session, town: Town) -> None:
    (head,) = links.deciders(writing)
    assert (head.id, head.role) == (town[Role.HEAD].user_id, Role.HEAD)
    keys = [a_person(writing, town.station, Role.HEAD).user_id for _ in range(2)]
    others = [writing.get_one(User, key) for key in keys]
    head.display_name, others[0].display_name, others[1].display_name = "乙", "丙", "丁"
    writing.flush()
    assert [user.display_name for user in links.deciders(writing)] == ["丁", "丙", "乙"]
    for other in others:
        other.active = False
    head.active = False
    writing.flush()
    assert links.deciders(writing) == []


def test_a_new_code_opens_what_five_wrong_ones_have_locked(writing: Session, town: Town, child: Child) -> None:
    made = an_address(writing, child.guardians[0])
    assert [opens(writing, made, wrong(made)) for _ in range(4)] == [False] * 4
    assert link_of(writing, made).locked_at is None
    assert not opens(writing, made, wrong(made), later(minutes=1))
    link = link_of(writing, made)
    assert link.locked_at == TEST_MOMENT + timedelta(minutes=1)
    assert (noted(writing, child)[-1].action, noted(writing, child)[-1].actor_id) == ("guardian_link.locked", None)
    assert noted(writing, child)[-1].detail == {"link": str(link.id)}
    assert not opens(writing, made, made.code, later(hours=2))
    code = links.renew_code(writing, town[Role.STATION_STAFF], later(hours=2), link.id)
    assert (len(code), code.isdecimal()) == (6, True)
    entry = noted(writing, child)[-1]
    assert (entry.action, entry.detail) == ("guardian_link.code_renewed", {"link": str(link.id)})
    assert [opens(writing, made, wrong(NewLink("", code, TEST_MOMENT))) for _ in range(4)] == [False] * 4
    assert opens(writing, made, code)
    assert link_of(writing, made).last_used_at == TEST_MOMENT
    assert code == made.code or not opens(writing, made, made.code)


def test_a_wrong_code_is_forgotten_once_the_right_one_came(writing: Session, child: Child) -> None:
    made = an_address(writing, child.guardians[0])
    for _ in range(3):
        assert [opens(writing, made, wrong(made)) for _ in range(4)] == [False] * 4
        assert opens(writing, made, f" {made.code}\n")


def test_codes_are_renewed_by_whoever_keeps_consents_while_the_address_works(
    writing: Session, town: Town, child: Child
) -> None:
    made = an_address(writing, child.guardians[0])
    link = link_of(writing, made)
    for role in (Role.VOLUNTEER, Role.ORGANIZER, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowedError):
            links.renew_code(writing, town[role], CLOCK, link.id)
    staff = town[Role.STATION_STAFF]
    assert links.renew_code(writing, staff, later(days=179), link.id)
    for clock, key in ((later(days=180), link.id), (CLOCK, new_id())):
        with pytest.raises(NotFoundError, match="no such address"):
            links.renew_code(writing, staff, clock, key)
    links.revoke_link(writing, staff, CLOCK, link.id)
    with pytest.raises(NotFoundError, match="no such address"):
        links.renew_code(writing, staff, CLOCK, link.id)


def test_making_and_revoking_an_address_is_noted_once(writing: Session, town: Town, child: Child) -> None:
    staff, mother = town[Role.STATION_STAFF], child.guardians[0]
    links.decide_access(writing, town[Role.HEAD], CLOCK, mother.id, FULL)
    made = links.make_link(writing, staff, CLOCK, mother.id)
    link = link_of(writing, made)
    assert (link.station_id, link.child_id, link.guardian_id) == (child.station_id, child.id, mother.id)
    assert (link.created_at, link.created_by) == (TEST_MOMENT, staff.user_id)
    links.revoke_link(writing, staff, later(days=1), link.id)
    assert links.revoke_link(writing, staff, later(days=2), link.id).revoked_at == TEST_MOMENT + timedelta(days=1)
    entries = noted(writing, child)
    detail = {"link": str(link.id)}
    assert [(entry.action, entry.detail) for entry in entries[1:]] == [
        ("guardian_link.made", detail),
        ("guardian_link.revoked", detail),
    ]
    assert {(entry.station_id, entry.subject_kind) for entry in entries} == {(child.station_id, "child")}
    assert [entry.actor_id for entry in entries[1:]] == [staff.user_id] * 2
    for unknown in (links.make_link, links.revoke_link):
        with pytest.raises(NotFoundError, match="no such"):
            unknown(writing, staff, CLOCK, new_id())
    with pytest.raises(NotFoundError, match="no such guardian"):
        links.decide_access(writing, town[Role.HEAD], CLOCK, new_id(), FULL)


def test_a_calendars_address_ends_the_one_before_and_is_noted(writing: Session, child: Child) -> None:
    made = an_address(writing, child.guardians[0])
    tokens = []
    for _ in range(2):
        tokens.append(links.open_calendar(writing, CLOCK, links.visit(writing, CLOCK, made.token)))
        set_scope(writing, EVERYTHING)
    assert [len(token) for token in tokens] == [43, 43]
    entry = noted(writing, child)[-1]
    link = link_of(writing, made)
    assert (entry.action, entry.detail) == ("guardian_link.calendar_opened", {"link": str(link.id)})
    assert links.visit_calendar(writing, CLOCK, tokens[1]).link.id == link.id
    with pytest.raises(NotFoundError, match="nothing at this address"):
        links.visit_calendar(writing, CLOCK, tokens[0])
    with pytest.raises(NotFoundError, match="nothing at this address"):
        links.visit_calendar(writing, later(days=180), tokens[1])


def test_a_visit_reaches_nothing_but_the_childs_own_station(writing: Session, child: Child) -> None:
    other = a_child(writing, a_station(writing))
    made = an_address(writing, child.guardians[0])
    calendar = links.open_calendar(writing, CLOCK, links.visit(writing, CLOCK, made.token))
    for visit, token in ((links.visit, made.token), (links.visit_calendar, calendar)):
        found = visit(writing, CLOCK, token)
        assert (found.child.id, found.guardian.id) == (child.id, child.guardians[0].id)
        assert writing.scalars(select(Child.id)).all() == [child.id]
        assert writing.get(Child, other.id) is None
        set_scope(writing, EVERYTHING)


def test_what_has_no_access_opens_nothing_though_its_address_lives(writing: Session, child: Child) -> None:
    made = an_address(writing, child.guardians[0], RESTRICTED)
    assert opens(writing, made, made.code)
    link = link_of(writing, made)
    # Past the services, which would have ended the address.
    writing.scalars(select(GuardianLeave)).one().access = NONE
    writing.flush()
    for attempt in (links.visit, links.visit_calendar):
        with pytest.raises(NotFoundError, match="nothing at this address"):
            attempt(writing, CLOCK, made.token)
    with pytest.raises(NotFoundError, match="nothing at this address"):
        links.try_code(writing, CLOCK, made.token, made.code)
    assert link.failed_codes == 0


def test_sealing_ends_every_address_of_the_child_and_of_no_other(writing: Session, town: Town, child: Child) -> None:
    other = a_child(writing, town.station)
    made = [an_address(writing, one.guardians[0]) for one in (child, other)]
    seal(writing, town[Role.HEAD], CLOCK, child.id, ())
    assert [link_of(writing, one).revoked_at for one in made] == [TEST_MOMENT, None]
    with pytest.raises(ConflictError, match="sealed"):
        links.make_link(writing, town[Role.HEAD], CLOCK, child.guardians[0].id)
