"""What is kept long enough goes, to the day; nothing else does, and whoever runs it again changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.db.models import (
    AccessGrant,
    AuditEntry,
    Child,
    Erasure,
    RateCounter,
    Station,
    Volunteer,
    VolunteerStep,
    WebSession,
)
from core.domain.actor import SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.retention import DataClass
from core.domain.serving import Stage, Step
from core.domain.vocabulary import GrantState
from core.services import retention
from core.services.erasing import NAMELESS
from core.services.retention import RetentionIncompleteError
from tests.integration.builders import a_child, a_community, a_volunteer
from tests.integration.people import Town, a_town

ZONE = ZoneInfo("Asia/Shanghai")
#: Half past midnight at the stations, the day before in UTC.
NOW = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
CLOCK = FixedClock(NOW)
TODAY = date(2026, 11, 27)
Writing = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


@pytest.fixture
def steps(writing: Session) -> Writing:
    """Return what opens a part of the test's one transaction, as a database opens transactions."""

    @contextmanager
    def step() -> Iterator[Session]:
        with writing.begin_nested():
            yield writing
        writing.expire_all()

    return step


def a_former(session: Session, station: Station, step: Step, day: date, **values: object) -> Volunteer:
    stage = {Step.REFUSED: Stage.REFUSED, Step.WITHDRAWN: Stage.WITHDRAWN, Step.LEFT: Stage.LEFT}[step]
    row = a_volunteer(session, station, stage=stage, insurance="平安 123", **values)
    steps = [(Step.APPLIED, date(2015, 1, 1)), (step, day)]
    for one, happened_on in steps:
        note = VolunteerStep(
            station_id=station.id, volunteer_id=row.id, step=one, happened_on=happened_on, noted_at=NOW
        )
        note.note = "面谈记录"
        session.add(note)
    session.flush()
    return row


def a_grant(session: Session, town: Town, ends_at: datetime, **values: object) -> AccessGrant:
    row = AccessGrant(
        station_id=town.station.id,
        user_id=town[Role.STATION_STAFF].user_id,
        fields=["health"],
        all_children=True,
        starts_at=datetime(2020, 1, 1, tzinfo=UTC),
        ends_at=ends_at,
        state=GrantState.ASKED,
        asked_at=datetime(2020, 1, 1, tzinfo=UTC),
        **values,
    )
    row.purpose, row.refusal = "陪同就医", "请先与家长联系"
    session.add(row)
    session.flush()
    return row


def run(steps: Writing) -> dict[DataClass, int]:
    return dict(retention.run_retention(steps, CLOCK, ZONE))


def test_a_file_is_kept_through_the_last_day_of_the_third_year(writing: Session, town: Town, steps: Writing) -> None:
    kept = a_child(writing, town.station, left_on=date(2023, 11, 27)).id
    gone = a_child(writing, town.station, left_on=date(2023, 11, 26)).id
    here = a_child(writing, town.station).id
    assert run(steps)[DataClass.CHILD_FILES] == 1
    assert set(writing.scalars(select(Child.id))) == {kept, here}
    assert writing.scalars(select(Erasure.subject_id)).all() == [gone]
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "child.erased")).one()
    assert (entry.subject_id, entry.detail, entry.actor_id) == (gone, {"rule": "child_files"}, None)


def test_running_again_changes_nothing(writing: Session, town: Town, steps: Writing) -> None:
    a_child(writing, town.station, left_on=date(2020, 1, 1))
    a_former(writing, town.station, Step.LEFT, date(2019, 1, 1))
    a_grant(writing, town, datetime(2021, 1, 1, tzinfo=UTC))
    assert sum(run(steps).values()) == 3
    written = len(writing.scalars(select(AuditEntry)).all())
    assert sum(run(steps).values()) == 0
    assert len(writing.scalars(select(AuditEntry)).all()) == written == 3


def test_a_sealed_file_never_goes_by_itself(writing: Session, town: Town, steps: Writing) -> None:
    sealed = a_child(writing, town.station, left_on=date(2001, 1, 1), sealed_file=True)
    assert retention.preview(writing, town[Role.HEAD], TODAY) == []
    assert run(steps)[DataClass.CHILD_FILES] == 0
    assert writing.get(Child, sealed.id) is not None


def test_a_child_who_is_kept_back_never_goes(
    writing: Session, town: Town, steps: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = a_child(writing, town.station, left_on=date(2001, 1, 1))
    asked = select(Child.id).where(Child.id == child.id)
    monkeypatch.setattr(retention, "KEPT_BACK", (*retention.KEPT_BACK, lambda: asked))
    assert run(steps)[DataClass.CHILD_FILES] == 0
    monkeypatch.undo()
    assert run(steps)[DataClass.CHILD_FILES] == 1


@pytest.mark.parametrize(
    ("step", "last_kept", "data"),
    [
        (Step.REFUSED, date(2025, 11, 27), DataClass.APPLICATIONS),
        (Step.WITHDRAWN, date(2025, 11, 27), DataClass.APPLICATIONS),
        (Step.LEFT, date(2021, 11, 27), DataClass.FORMER_VOLUNTEERS),
    ],
)
def test_a_volunteer_is_nobody_after_their_period(
    writing: Session, town: Town, steps: Writing, step: Step, last_kept: date, data: DataClass
) -> None:
    kept = a_former(writing, town.station, step, last_kept)
    gone = a_former(writing, town.station, step, last_kept - timedelta(days=1))
    assert run(steps)[data] == 1
    assert kept.name != NAMELESS
    assert (gone.name, gone.insurance, gone.claimed_skills) == (NAMELESS, "", [])
    assert writing.scalars(select(VolunteerStep).where(VolunteerStep.volunteer_id == gone.id)).all() == []
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "volunteer.erased")).one()
    assert (entry.subject_id, entry.detail) == (gone.id, {"rule": data.value})


def test_whoever_serves_or_applies_again_stays(writing: Session, town: Town, steps: Writing) -> None:
    a_volunteer(writing, town.station)
    again = a_former(writing, town.station, Step.REFUSED, date(2015, 1, 1))
    again.stage = Stage.APPLICANT
    writing.flush()
    assert sum(run(steps).values()) == 0


@pytest.mark.parametrize(
    ("ends_at", "ended_at", "emptied"),
    [
        # Midnight at the stations: the last moment of 26 November 2023, and the first of the 27th.
        (datetime(2023, 11, 26, 15, 59, tzinfo=UTC), None, True),
        (datetime(2023, 11, 26, 16, tzinfo=UTC), None, False),
        (datetime(2030, 1, 1, tzinfo=UTC), datetime(2023, 11, 26, 15, 59, tzinfo=UTC), True),
        (datetime(2030, 1, 1, tzinfo=UTC), None, False),
    ],
)
def test_a_grants_purpose_goes_three_years_after_its_end(
    writing: Session, town: Town, steps: Writing, ends_at: datetime, ended_at: datetime | None, *, emptied: bool
) -> None:
    grant = a_grant(writing, town, ends_at, ended_at=ended_at)
    assert run(steps)[DataClass.GRANT_PURPOSES] == emptied
    assert ((grant.purpose, grant.refusal) == (None, None)) is emptied
    assert grant.fields == ["health"]


def test_sessions_and_counters_go_when_they_are_over(writing: Session, town: Town, steps: Writing) -> None:
    second = timedelta(seconds=1)
    for number, over in enumerate((NOW - second, NOW, NOW + second)):
        writing.add(RateCounter(key_hash=bytes([number]) * 32, amount=1, expires_at=over))
        token = bytes([number]) * 32
        writing.add(WebSession(token_hash=token, content=b"", begun_at=NOW, seen_at=NOW, expires_at=over))
    writing.flush()
    done = run(steps)
    assert (done[DataClass.WEB_SESSIONS], done[DataClass.RATE_COUNTERS]) == (2, 2)
    assert [row.expires_at for row in writing.scalars(select(WebSession))] == [NOW + second]
    assert [row.expires_at for row in writing.scalars(select(RateCounter))] == [NOW + second]


def test_the_preview_looks_thirty_days_ahead_and_names(writing: Session, town: Town) -> None:
    last = TODAY + timedelta(days=30)
    for goes in (last, last + timedelta(days=1), TODAY - timedelta(days=9)):
        left = goes - timedelta(days=1)
        a_child(writing, town.station, name=f"样童{goes}", left_on=left.replace(year=left.year - 3))
    found = retention.preview(writing, town[Role.HEAD], TODAY)
    assert [(one.goes_on, one.name) for one in found] == [
        (day, f"样童{day}") for day in (TODAY - timedelta(days=9), last)
    ]
    unnamed = retention.preview(writing, SYSTEM, TODAY)
    assert {one.name for one in unnamed} == {""}
    assert [one.number for one in unnamed] == [one.number for one in found]
    assert "样童" not in repr(found)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_the_head_alone_looks_and_decides(writing: Session, town: Town, role: Role) -> None:
    child = a_child(writing, town.station, left_on=date(2020, 1, 1))
    with pytest.raises(NotAllowedError):
        retention.preview(writing, town[role], TODAY)
    with pytest.raises(NotAllowedError):
        keep(writing, town, child, TODAY + timedelta(days=1), role=role)
    with pytest.raises(NotAllowedError):
        retention.set_years(writing, town[role], CLOCK, town.station.id, 5)


def keep(
    session: Session, town: Town, row: Child | Volunteer, until: date, reason: str = "诉讼", role: Role = Role.HEAD
) -> None:
    data = DataClass.CHILD_FILES if isinstance(row, Child) else DataClass.FORMER_VOLUNTEERS
    retention.keep_longer(session, town[role], CLOCK, data, row.id, until=until, reason=reason, today=TODAY)


def test_the_head_keeps_a_file_until_a_day(writing: Session, town: Town, steps: Writing) -> None:
    child = a_child(writing, town.station, left_on=date(2020, 1, 1))
    former = a_former(writing, town.station, Step.LEFT, date(2015, 1, 1))
    for row in (child, former):
        keep(writing, town, row, TODAY + timedelta(days=1), "  诉讼中 ")
        assert row.kept_reason == "诉讼中"
    assert sum(run(steps).values()) == 0
    assert {one.kept_until for one in retention.preview(writing, town[Role.HEAD], TODAY)} == {TODAY + timedelta(days=1)}
    later = FixedClock(NOW + timedelta(days=1))
    assert sum(retention.run_retention(steps, later, ZONE).values()) == 0
    later = FixedClock(NOW + timedelta(days=2))
    assert sum(retention.run_retention(steps, later, ZONE).values()) == 2
    assert former.kept_reason is None
    entries = writing.scalars(select(AuditEntry).where(AuditEntry.action == "retention.kept")).all()
    assert [entry.detail for entry in entries] == [{"until": "2026-11-28"}] * 2


@pytest.mark.parametrize(
    ("days", "reason"), [(0, "诉讼"), (-1, "诉讼"), (5 * 366 + 1, "诉讼"), (1, " "), (1, "x" * 201)]
)
def test_a_day_that_has_gone_by_and_no_reason_are_refused(writing: Session, town: Town, days: int, reason: str) -> None:
    child = a_child(writing, town.station, left_on=date(2020, 1, 1))
    with pytest.raises(InvalidInputError):
        keep(writing, town, child, TODAY + timedelta(days=days), reason)
    keep(writing, town, child, TODAY + timedelta(days=5 * 366), "x" * 200)
    with pytest.raises(NotFoundError):
        retention.keep_longer(
            writing,
            town[Role.HEAD],
            CLOCK,
            DataClass.CHILD_FILES,
            new_id(),
            until=TODAY + timedelta(days=1),
            reason="诉讼",
            today=TODAY,
        )


def test_a_station_and_all_below_it_keep_files_longer(writing: Session, town: Town, steps: Writing) -> None:
    community = a_community(writing, town.station)
    child = a_child(writing, community, left_on=date(2022, 11, 27))
    retention.set_years(writing, town[Role.HEAD], CLOCK, town.station.id, 4)
    assert retention.years_at(writing, community.id) == 4
    assert retention.years_at(writing, town.county.id) == 3
    assert run(steps)[DataClass.CHILD_FILES] == 0
    child.left_on = date(2022, 11, 26)
    writing.flush()
    assert run(steps)[DataClass.CHILD_FILES] == 1
    for years in (2, 31):
        with pytest.raises(InvalidInputError):
            retention.set_years(writing, town[Role.HEAD], CLOCK, town.station.id, years)
    with pytest.raises(NotFoundError):
        retention.set_years(writing, town[Role.HEAD], CLOCK, new_id(), 4)


def test_one_record_that_fails_stops_no_other(
    writing: Session, town: Town, steps: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [a_child(writing, town.station, left_on=date(2020, 1, day)).id for day in (1, 2, 3)]
    erase = retention.erase_child

    def erase_most(session: Session, *args: object, **values: object) -> None:
        erase(session, *args, **values)  # type: ignore[arg-type]
        if args[2] == ids[1]:
            raise OperationalError("secret", {}, ValueError())

    monkeypatch.setattr(retention, "erase_child", erase_most)
    with pytest.raises(RetentionIncompleteError, match="1 records could not be erased \\(OperationalError\\)"):
        run(steps)
    assert writing.scalars(select(Child.id)).all() == [ids[1]]
    assert set(writing.scalars(select(Erasure.subject_id))) == {ids[0], ids[2]}


def test_what_is_kept_meanwhile_stays(
    writing: Session, town: Town, steps: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (a_child(writing, town.station, left_on=date(2020, 1, day)) for day in (1, 2))
    erase = retention.erase_child

    def erase_and_keep(session: Session, *args: object, **values: object) -> None:
        erase(session, *args, **values)  # type: ignore[arg-type]
        other = second if args[2] == first.id else first
        session.get_one(Child, other.id).kept_until = TODAY
        session.flush()

    monkeypatch.setattr(retention, "erase_child", erase_and_keep)
    first.kept_until = second.kept_until = None
    assert run(steps)[DataClass.CHILD_FILES] == 1
