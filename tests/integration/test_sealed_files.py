"""Sealed files: named workers and the head reach the child and what hangs on it, everybody else a number at most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, aliased, selectinload

import core.hooks.manager  # noqa: F401 (programs' tables register themselves with it)
from core.db.base import Base, OfAChild
from core.db.models import (
    AccessGrantChild,
    Activity,
    ActivityGroup,
    ActivitySession,
    Attendance,
    AuditEntry,
    Child,
    ChildCategoryMark,
    ChildFeedItem,
    ChildFile,
    ChildTurn,
    Consent,
    GroupMember,
    Guardian,
    GuardianLeave,
    GuardianLink,
    PickUpPerson,
    RightsRequest,
    SealedChildWorker,
    Term,
    User,
    Visit,
)
from core.db.scope import hidden_children
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role, Scope
from core.domain.child_file import Turn, VisitKind
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import (
    ChildCategory,
    ChildFileKind,
    ConsentPurpose,
    GuardianAccess,
    Relation,
)
from core.services import grants
from core.services.attendance import expected_children
from core.services.files import keep_child_file
from core.services.sealed_files import name_workers, named_workers, possible_workers, seal, sealed_in_groups, unseal
from core.services.stations import scope_of_station, scope_of_user
from core.testing import TEST_MOMENT
from tests.files import a_pdf
from tests.integration.attending import ATTENDED, attended
from tests.integration.builders import SATURDAY, a_child, a_group, a_request, a_term, a_told_session, an_activity
from tests.integration.granting import a_wish
from tests.integration.people import Town, a_town
from tests.integration.registering import SIGNED_UP, signed_up_at

#: Everything of core that hangs on a child; a table that is not here is missing in `hang_on`.
HANGING = {
    AccessGrantChild,
    ChildCategoryMark,
    ChildFeedItem,
    ChildFile,
    ChildTurn,
    Consent,
    GroupMember,
    Guardian,
    GuardianLeave,
    GuardianLink,
    PickUpPerson,
    RightsRequest,
    SealedChildWorker,
    Visit,
    *ATTENDED,
    *SIGNED_UP,
}
OTHERS = sorted(set(Role) - {Role.HEAD, Role.SOCIAL_WORKER})


@dataclass(frozen=True)
class Scene:
    """A town with a child whose file is sealed, its social worker named, and an open one; both in one group."""

    town: Town
    sealed: UUID
    open: UUID
    activity: UUID
    session: UUID
    scopes: dict[Role, Scope]
    public: Scope


@pytest.fixture
def scene(database: Database, clock: FixedClock) -> Scene:
    return scene_in(database, clock)


def scene_in(database: Database, clock: FixedClock) -> Scene:
    """Store the scene."""
    with database.writing(EVERYTHING) as session:
        town = a_town(session)
        activity = an_activity(session, a_term(session, town.station))
        group = a_group(session, town.station)
        session.add(ActivityGroup(station_id=town.station.id, activity_id=activity.id, group_id=group.id))
        children = [a_child(session, town.station) for _ in range(2)]
        for child in children:
            hang_on(session, town, child, group.id, activity.sessions[0].id)
        session.flush()
        seal(session, town[Role.HEAD], clock, children[0].id, [account(town, Role.SOCIAL_WORKER)])
        users = {role: session.get_one(User, account(town, role)) for role in Role}
        scopes = {role: scope_of_user(session, user) for role, user in users.items()}
        public = scope_of_station(session, town.station.id)
    return Scene(town, *(child.id for child in children), activity.id, activity.sessions[0].id, scopes, public)


def hang_on(session: Session, town: Town, child: Child, group: UUID, held: UUID) -> None:
    """Add a row of each kind that refers to the child."""
    own: dict[str, Any] = {"station_id": child.station_id, "child_id": child.id}
    session.add_all(
        [
            ChildCategoryMark(category=ChildCategory.ORPHAN, **own),
            GroupMember(group_id=group, **own),
            Consent(purpose=ConsentPurpose.DATA, given_on=SATURDAY, **own),
            *attended(held, **own),
            SealedChildWorker(user_id=account(town, Role.GRID_WORKER), named_at=TEST_MOMENT, **own),
            PickUpPerson(allowed=True, name="样姑", **own),
            *signed_up_at(session, group, **own),
            Visit(kind=VisitKind.VISIT, visited_on=SATURDAY, visitor="样", checked="", noted_at=TEST_MOMENT, **own),
            ChildTurn(turn=Turn.LEFT, day=SATURDAY, noted_at=TEST_MOMENT, **own),
            GuardianLeave(guardian_id=child.guardians[0].id, access=GuardianAccess.FULL, decided_at=TEST_MOMENT, **own),
            a_request(child),
            GuardianLink(
                guardian_id=child.guardians[0].id,
                token_hash=sha256(child.id.bytes).digest(),
                code_hash=bytes(32),
                created_at=TEST_MOMENT,
                expires_at=TEST_MOMENT + timedelta(days=1),
                **own,
            ),
        ]
    )
    a_told_session(session, child, held)
    clock = FixedClock(TEST_MOMENT)
    keep_child_file(session, SYSTEM, clock, child, ChildFileKind.EVIDENCE, "证明.pdf", a_pdf())
    grants.ask(session, town[Role.STATION_STAFF], clock, a_wish(children=frozenset({child.id})))


def account(town: Town, role: Role) -> UUID:
    key = town[role].user_id
    assert key is not None
    return key


def reached(session: Session, kind: type[Any]) -> set[UUID]:
    return set(session.scalars(select(kind.id if kind is Child else kind.child_id)))


def test_every_table_that_refers_to_a_child_is_of_a_child() -> None:
    child, mappers = Child.__table__, Base.registry.mappers
    referring = {one.class_ for one in mappers if any(key.references(child) for key in one.local_table.foreign_keys)}
    assert {kind for kind in referring if not issubclass(kind, OfAChild)} == set()
    assert {kind for kind in referring if kind.__module__.startswith("core.")} == HANGING


def test_named_workers_and_the_head_reach_a_sealed_file_and_all_of_it(database: Database, scene: Scene) -> None:
    for role in (Role.HEAD, Role.SOCIAL_WORKER):
        with database.reading(scene.scopes[role]) as session:
            for kind in (Child, *HANGING - {SealedChildWorker}):
                assert reached(session, kind) == {scene.sealed, scene.open}, f"{kind} as {role}"
            assert hidden_children(session) == frozenset()


def test_nobody_else_reaches_anything_of_it(database: Database, scene: Scene) -> None:
    for scope in (scene.public, *(scene.scopes[role] for role in OTHERS)):
        with database.reading(scope) as session:
            for kind in (Child, *HANGING):
                assert reached(session, kind) == {scene.open}, f"{kind} for {scope}"
            assert session.get(Child, scene.sealed) is None
            for found in looks(session):
                assert found == {scene.open}
            assert session.scalar(select(func.count()).select_from(Child)) == 1


def looks(session: Session) -> Iterator[set[UUID]]:
    """Yield the children that are reached by roundabout ways."""
    yield set(session.scalars(select((other := aliased(Child)).id)))
    yield set(session.scalars(select(Guardian.child_id).join(other, other.id == Guardian.child_id)))
    yield {row.child_id for child in session.scalars(select(Child)) for row in child.guardians}
    with_groups = session.scalars(select(Child).options(selectinload(Child.memberships)))
    yield {row.child_id for child in with_groups for row in child.memberships}
    yield {row.child.id for row in session.scalars(select(Attendance)) if row.child is not None}
    yield set(session.scalars(select(Child.id).union(select(Guardian.child_id))))


def test_a_named_worker_who_is_named_no_more_is_out(database: Database, scene: Scene, clock: FixedClock) -> None:
    town = scene.town
    with database.writing(scene.scopes[Role.HEAD]) as session:
        staff = account(town, Role.STATION_STAFF)
        name_workers(session, town[Role.HEAD], clock, scene.sealed, [staff])
        assert named_workers(session, scene.sealed) == {staff}
    for role, sees in ((Role.STATION_STAFF, True), (Role.SOCIAL_WORKER, False), (Role.HEAD, True)):
        with database.reading(scene.scopes[role]) as session:
            assert (session.get(Child, scene.sealed) is not None) is sees


def test_an_unsealed_file_is_everybodys_again(database: Database, scene: Scene, clock: FixedClock) -> None:
    with database.writing(scene.scopes[Role.HEAD]) as session:
        unseal(session, scene.town[Role.HEAD], clock, scene.sealed)
        assert named_workers(session, scene.sealed) == frozenset()
    with database.reading(scene.scopes[Role.STATION_STAFF]) as session:
        assert reached(session, Guardian) == {scene.sealed, scene.open}


def test_what_was_sealed_in_this_very_session_is_no_secret_to_the_head(
    database: Database, scene: Scene, clock: FixedClock
) -> None:
    with database.writing(scene.scopes[Role.HEAD]) as session:
        seal(session, scene.town[Role.HEAD], clock, scene.open, ())
        assert reached(session, Child) == {scene.sealed, scene.open}
    with database.reading(scene.scopes[Role.SOCIAL_WORKER]) as session:
        assert reached(session, Child) == {scene.sealed}


def test_others_learn_how_many_and_no_more(database: Database, scene: Scene) -> None:
    for role, more, named in ((Role.STATION_STAFF, {scene.activity: 1}, 1), (Role.HEAD, {}, 2)):
        with database.reading(scene.scopes[role]) as session:
            assert sealed_in_groups(session, [scene.activity, new_id()]) == more
            held = session.get_one(ActivitySession, scene.session)
            assert len(expected_children(session, held)) == named
            # The walls stand again.
            assert len(reached(session, Child)) == named


def test_each_activity_asked_for_counts_a_sealed_child_once(database: Database, scene: Scene) -> None:
    station = scene.town.station
    with database.writing(EVERYTHING) as session:
        term = session.get_one(Term, session.get_one(Activity, scene.activity).term_id)
        other, unasked = an_activity(session, term), an_activity(session, term)
        sealed = [scene.sealed, a_child(session, station, sealed_file=True).id]
        for activity in (other, other, unasked):
            group = a_group(session, station)
            session.add(ActivityGroup(station_id=station.id, activity_id=activity.id, group_id=group.id))
            session.add_all(GroupMember(station_id=station.id, group_id=group.id, child_id=child) for child in sealed)
    with database.reading(scene.scopes[Role.STATION_STAFF]) as session:
        assert sealed_in_groups(session, [scene.activity, other.id]) == {scene.activity: 1, other.id: 2}


def a_guardian(scene: Scene) -> Guardian:
    return Guardian(
        station_id=scene.town.station.id,
        child_id=scene.sealed,
        relation=Relation.MOTHER,
        name="x",
        phone="x",
        phone_index=bytes(32),
    )


def test_nobody_else_writes_to_a_sealed_file(database: Database, scene: Scene) -> None:
    def write(role: Role) -> None:
        with database.writing(scene.scopes[role]) as session:
            session.add(a_guardian(scene))

    for role in OTHERS:
        with pytest.raises(NotAllowedError):
            write(role)


def test_statements_leave_sealed_files_alone(database: Database, scene: Scene) -> None:
    with database.writing(scene.scopes[Role.STATION_STAFF]) as session:
        session.execute(update(Child).values(number="changed"))
        session.execute(delete(GroupMember))
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Child, scene.sealed).number != "changed"
        assert session.get_one(Child, scene.open).number == "changed"
        assert reached(session, GroupMember) == {scene.sealed}


@pytest.mark.parametrize("role", [Role.STATION_STAFF, Role.SOCIAL_WORKER])
def test_the_seal_is_the_heads_to_change(database: Database, scene: Scene, clock: FixedClock, role: Role) -> None:
    child = scene.sealed if role is Role.SOCIAL_WORKER else scene.open

    def change() -> None:
        with database.writing(scene.scopes[role]) as session:
            row = session.get_one(Child, child)
            row.sealed_file = not row.sealed_file

    def add() -> None:
        with database.writing(scene.scopes[role]) as session:
            a_child(session, scene.town.station, sealed_file=True)

    for attempt in (change, add):
        with pytest.raises(NotAllowedError):
            attempt()
    with database.writing(scene.scopes[role]) as session:
        for deed in (seal, name_workers):
            with pytest.raises(NotAllowedError):
                deed(session, scene.town[role], clock, child, ())
        with pytest.raises(NotAllowedError):
            unseal(session, scene.town[role], clock, child)


def test_a_named_worker_keeps_the_file(database: Database, scene: Scene) -> None:
    with database.writing(scene.scopes[Role.SOCIAL_WORKER]) as session:
        session.get_one(Child, scene.sealed).number = "kept"
        session.add(a_guardian(scene))
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Child, scene.sealed).number == "kept"


def test_files_are_not_sealed_twice_nor_opened_twice(database: Database, scene: Scene, clock: FixedClock) -> None:
    head = scene.town[Role.HEAD]
    with database.writing(scene.scopes[Role.HEAD]) as session:
        with pytest.raises(ConflictError, match=r"^This file is sealed already\.$"):
            seal(session, head, clock, scene.sealed, ())
        with pytest.raises(ConflictError, match=r"^This file is not sealed\.$"):
            unseal(session, head, clock, scene.open)
        with pytest.raises(ConflictError, match=r"^This file is not sealed\.$"):
            name_workers(session, head, clock, scene.open, ())
        with pytest.raises(NotFoundError):
            seal(session, head, clock, new_id(), ())


def test_each_change_of_a_seal_is_noted_with_who_is_named(database: Database, scene: Scene, clock: FixedClock) -> None:
    head, worker = scene.town[Role.HEAD], account(scene.town, Role.SOCIAL_WORKER)
    with database.writing(scene.scopes[Role.HEAD]) as session:
        name_workers(session, head, clock, scene.sealed, [])
        name_workers(session, head, clock, scene.sealed, [worker])
        unseal(session, head, clock, scene.sealed)
        assert named_workers(session, scene.sealed) == frozenset()
        seal(session, head, clock, scene.sealed, [worker])
        query = select(AuditEntry).where(AuditEntry.actor_id == head.user_id, AuditEntry.subject_id == scene.sealed)
        noted = [
            (row.action, row.subject_kind, row.detail["workers"])
            for row in session.scalars(query.order_by(AuditEntry.number))
            if row.action.startswith("child.")
        ]
    assert noted[-4:] == [
        ("child.workers_named", "child", []),
        ("child.workers_named", "child", [str(worker)]),
        ("child.unsealed", "child", []),
        ("child.sealed", "child", [str(worker)]),
    ]


def test_only_people_who_work_with_children_are_named(database: Database, scene: Scene, clock: FixedClock) -> None:
    head = scene.town[Role.HEAD]
    with database.writing(scene.scopes[Role.HEAD]) as session:
        possible = {user.role for user in possible_workers(session)}
        assert possible == {Role.STATION_STAFF, Role.SOCIAL_WORKER, Role.COMMUNITY_DIRECTOR, Role.GRID_WORKER}
        for wrong in (account(scene.town, Role.VOLUNTEER), account(scene.town, Role.ADMINISTRATOR), new_id()):
            with pytest.raises(InvalidInputError):
                name_workers(session, head, clock, scene.sealed, [wrong])
        session.get_one(User, account(scene.town, Role.STATION_STAFF)).active = False
        with pytest.raises(InvalidInputError):
            name_workers(session, head, clock, scene.sealed, [account(scene.town, Role.STATION_STAFF)])


def test_the_machine_sees_sealed_files(database: Database, scene: Scene, clock: FixedClock) -> None:
    with database.writing(EVERYTHING) as session:
        assert reached(session, Child) == {scene.sealed, scene.open}
        assert unseal(session, SYSTEM, clock, scene.sealed).sealed_file is False


def test_a_grant_for_all_children_does_not_reach_a_sealed_one(
    database: Database, scene: Scene, clock: FixedClock
) -> None:
    staff = scene.town[Role.STATION_STAFF]
    with database.writing(scene.scopes[Role.STATION_STAFF]) as session:
        with pytest.raises(NotFoundError):
            grants.ask(session, staff, clock, a_wish(children=frozenset({scene.sealed})))
        with pytest.raises(NotFoundError):
            grants.break_glass(session, staff, clock, Child(id=scene.sealed, station_id=staff.station_id), "x")


@pytest.mark.postgresql
def test_text_does_not_reach_sealed_files_either(postgresql_database: Database, clock: FixedClock) -> None:
    scene = scene_in(postgresql_database, clock)
    tables = ["children", *sorted(str(kind.__table__) for kind in HANGING)]
    with postgresql_database.reading(scene.scopes[Role.STATION_STAFF]) as session:
        for table in tables:
            assert session.connection().scalar(text(f"SELECT count(*) FROM {table}")) == 1, table  # noqa: S608
    move = text("UPDATE consents SET child_id = :child")
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        postgresql_database.writing(scene.scopes[Role.STATION_STAFF]) as session,
    ):
        session.connection().execute(move, {"child": scene.sealed})
