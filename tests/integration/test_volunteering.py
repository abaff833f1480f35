"""The way into the station step by step, checks with their consequences, skills and trainings."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Clearance, Station, User, Volunteer
from core.domain.actor import Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.serving import Stage, Step
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.applying import Application, apply_to_serve
from core.services.assignable import may_be_assigned
from core.services.clearances import CheckDraft, call_list, holds_until, note_check, runs_out
from core.services.people_list import CheckState, Wanted, people_listed
from core.services.trainings import completed_by, mark_training, note_completed
from core.services.volunteer_files import PersonDraft, SkillDraft, change_file, drop_skill, keep_skill, open_file
from core.services.volunteering import (
    LONGEST_NOTE,
    Action,
    Missing,
    find_person,
    missing,
    next_action,
    note_step,
    sessions_ahead,
)
from core.testing import TEST_MOMENT
from tests.integration.builders import BEFORE, SATURDAY, a_station, a_term, a_volunteer, an_activity, at, held

CLOCK = FixedClock(TEST_MOMENT)
TODAY = BEFORE.date()
DAY = timedelta(days=1)
PHONE = "13800138000"


@pytest.fixture
def station(writing: Session) -> Station:
    return a_station(writing)


@pytest.fixture
def head(writing: Session, station: Station) -> Actor:
    return an_actor(writing, station, Role.HEAD)


def an_actor(session: Session, station: Station, role: Role) -> Actor:
    user = User(
        login=f"{role}-{station.slug}",
        role=role,
        station_id=station.id,
        password="-",
        fs_uniquifier=f"{role}-{station.slug}",
        created_at=TEST_MOMENT,
    )
    session.add(user)
    session.flush()
    return Actor(role, station.id, user.id)


def an_applicant(session: Session, head: Actor, **changes: object) -> Volunteer:
    values = {"name": "测试人", "kind": VolunteerKind.TEACHER, "birth_date": date(1990, 1, 1), **changes}
    assert head.station_id is not None
    return open_file(session, head, CLOCK, head.station_id, PersonDraft(**values), today=TODAY)  # type: ignore[arg-type]


def step(session: Session, head: Actor, row: Volunteer, what: Step, *, on: date = TODAY, note: str = "一句话") -> None:
    note_step(session, head, CLOCK, row, what, happened_on=on, today=TODAY, note=note)


def check(session: Session, head: Actor, row: Volunteer, on: date = TODAY, *, passed: bool = True) -> Clearance:
    draft = CheckDraft(on, passed, "测试派出所", "测1")
    return note_check(session, head, CLOCK, row, draft, today=TODAY)


def actions(session: Session, row: Volunteer) -> list[str]:
    found = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == row.id).order_by(AuditEntry.number))
    return [entry.action for entry in found]


# --- The way in ---


def test_the_way_leads_step_by_step_to_being_accepted(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head)
    assert missing(row, today=TODAY) == (Missing.INTERVIEW, Missing.TRAINING, Missing.CHECK)
    assert next_action(row, today=TODAY) is Action.INTERVIEW
    step(writing, head, row, Step.INTERVIEWED, on=TODAY - DAY)
    assert next_action(row, today=TODAY) is Action.TRAINING
    step(writing, head, row, Step.TRAINED)
    assert next_action(row, today=TODAY) is Action.CHECK
    check(writing, head, row)
    assert (missing(row, today=TODAY), next_action(row, today=TODAY)) == ((), Action.ACCEPT)
    assert not may_be_assigned(row, TODAY, today=TODAY)
    step(writing, head, row, Step.ACCEPTED)
    assert row.stage is Stage.ACCEPTED
    assert may_be_assigned(row, TODAY, today=TODAY)
    assert next_action(row, today=TODAY) is None
    dated = [(one.step, one.happened_on, one.noted_by) for one in row.steps]
    assert dated[1:] == [
        (Step.INTERVIEWED, TODAY - DAY, head.user_id),
        (Step.TRAINED, TODAY, head.user_id),
        (Step.ACCEPTED, TODAY, head.user_id),
    ]
    told = ["applied", "interviewed", "trained", "checked", "accepted"]
    assert actions(writing, row) == [f"volunteer.{word}" for word in told]


@pytest.mark.parametrize("left_out", [Step.INTERVIEWED, Step.TRAINED, None])
def test_nobody_is_accepted_while_something_is_missing(writing: Session, head: Actor, left_out: Step | None) -> None:
    row = an_applicant(writing, head)
    for one in (Step.INTERVIEWED, Step.TRAINED):
        if one is not left_out:
            step(writing, head, row, one)
    if left_out is not None:
        check(writing, head, row)
    with pytest.raises(ConflictError):
        step(writing, head, row, Step.ACCEPTED)
    assert row.stage is Stage.APPLICANT


def test_a_minor_is_accepted_with_a_guardians_consent_alone(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head, birth_date=date(2009, 1, 1))
    step(writing, head, row, Step.INTERVIEWED)
    step(writing, head, row, Step.TRAINED)
    check(writing, head, row)
    assert missing(row, today=TODAY) == (Missing.GUARDIAN,)
    assert next_action(row, today=TODAY) is Action.GUARDIAN
    with pytest.raises(ConflictError):
        step(writing, head, row, Step.ACCEPTED)
    draft = PersonDraft("测试人", VolunteerKind.STUDENT, date(2009, 1, 1), guardian_consent_on=TODAY)
    assert "guardian_consent_on" in change_file(writing, head, CLOCK, row, draft, today=TODAY)
    step(writing, head, row, Step.ACCEPTED)
    assert may_be_assigned(row, TODAY, today=TODAY)
    row.guardian_consent_on = None
    assert next_action(row, today=TODAY) is Action.GUARDIAN


@pytest.mark.parametrize(
    "kind",
    [
        VolunteerKind.STAFF,
        VolunteerKind.CONTRACTOR,
        VolunteerKind.SPEAKER,
        VolunteerKind.ACCOMPANYING_TEACHER,
    ],
)
def test_whoever_is_no_volunteer_needs_the_check_alone(writing: Session, head: Actor, kind: VolunteerKind) -> None:
    row = an_applicant(writing, head, kind=kind)
    assert missing(row, today=TODAY) == (Missing.CHECK,)


ENDS = {Step.REFUSED: Stage.REFUSED, Step.WITHDRAWN: Stage.WITHDRAWN, Step.LEFT: Stage.LEFT}


@pytest.mark.parametrize("end", ENDS)
def test_whoever_is_gone_can_come_back_and_is_accepted_anew(writing: Session, head: Actor, end: Step) -> None:
    row = an_applicant(writing, head)
    step(writing, head, row, Step.INTERVIEWED)
    step(writing, head, row, Step.TRAINED)
    check(writing, head, row)
    if end is Step.LEFT:
        step(writing, head, row, Step.ACCEPTED)
    step(writing, head, row, end)
    assert row.stage is ENDS[end]
    assert not may_be_assigned(row, TODAY, today=TODAY)
    assert next_action(row, today=TODAY) is Action.COME_BACK
    step(writing, head, row, Step.APPLIED)
    assert row.stage is Stage.APPLICANT
    step(writing, head, row, Step.ACCEPTED)
    assert may_be_assigned(row, TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("stage", "what"),
    [
        (Stage.APPLICANT, Step.APPLIED),
        (Stage.APPLICANT, Step.LEFT),
        (Stage.ACCEPTED, Step.APPLIED),
        (Stage.ACCEPTED, Step.INTERVIEWED),
        (Stage.ACCEPTED, Step.ACCEPTED),
        (Stage.ACCEPTED, Step.REFUSED),
        (Stage.ACCEPTED, Step.WITHDRAWN),
        (Stage.REFUSED, Step.ACCEPTED),
        (Stage.WITHDRAWN, Step.ACCEPTED),
        (Stage.LEFT, Step.ACCEPTED),
        (Stage.LEFT, Step.TRAINED),
        (Stage.LEFT, Step.LEFT),
    ],
)
def test_a_step_that_does_not_follow_is_refused(
    writing: Session, station: Station, head: Actor, stage: Stage, what: Step
) -> None:
    row = a_volunteer(writing, station, stage=stage)
    with pytest.raises(ConflictError):
        step(writing, head, row, what)
    assert (row.stage, row.steps) == (stage, [])


@pytest.mark.parametrize("on", [TODAY + DAY, date(1990, 1, 1), date(1980, 1, 1)])
def test_a_step_lies_behind_us_and_in_their_life(writing: Session, head: Actor, on: date) -> None:
    row = an_applicant(writing, head)
    with pytest.raises(InvalidInputError):
        step(writing, head, row, Step.INTERVIEWED, on=on)


@pytest.mark.parametrize("end", [Step.REFUSED, Step.LEFT])
def test_a_decision_has_its_reason(writing: Session, station: Station, head: Actor, end: Step) -> None:
    stage = Stage.ACCEPTED if end is Step.LEFT else Stage.APPLICANT
    row = a_volunteer(writing, station, stage=stage)
    with pytest.raises(InvalidInputError):
        step(writing, head, row, end, note="  ")
    step(writing, head, row, end, note="换了城市")


def test_a_note_is_short_and_sealed(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head)
    with pytest.raises(InvalidInputError):
        step(writing, head, row, Step.INTERVIEWED, note="长" * (LONGEST_NOTE + 1))
    step(writing, head, row, Step.INTERVIEWED, note="长" * LONGEST_NOTE)
    assert row.steps[-1].note == "长" * LONGEST_NOTE
    writing.refresh(row.steps[-1])
    assert "长".encode() not in row.steps[-1].sealed_note.token


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.HEAD, Role.STATION_STAFF}])
def test_accepting_and_checking_is_for_the_head_and_the_staff(writing: Session, station: Station, role: Role) -> None:
    row, actor = a_volunteer(writing, station, stage=Stage.APPLICANT), Actor(role, station.id)
    with pytest.raises(NotAllowedError):
        step(writing, actor, row, Step.ACCEPTED)
    with pytest.raises(NotAllowedError):
        check(writing, actor, row)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SOCIAL_WORKER, Role.COMMUNITY_DIRECTOR, Role.VOLUNTEER])
def test_files_are_kept_by_those_who_keep_them(writing: Session, station: Station, role: Role) -> None:
    row, actor = a_volunteer(writing, station, stage=Stage.APPLICANT), Actor(role, station.id)
    for attempt in (
        lambda: an_applicant(writing, actor),
        lambda: step(writing, actor, row, Step.INTERVIEWED),
        lambda: keep_skill(writing, actor, CLOCK, row, SkillDraft(Skill.ART, TODAY), today=TODAY),
        lambda: drop_skill(writing, actor, CLOCK, row, Skill.ART),
        lambda: mark_training(writing, actor, CLOCK, row.id, Skill.ART),
        lambda: change_file(writing, actor, CLOCK, row, PersonDraft("改", row.kind, row.birth_date), today=TODAY),
        lambda: note_completed(writing, actor, CLOCK, row.id, [], completed_on=TODAY, today=TODAY),
    ):
        with pytest.raises(NotAllowedError):
            attempt()


# --- Checks ---


def test_a_check_holds_until_a_year_later_and_no_longer(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head)
    noted = check(writing, head, row, TODAY - 10 * DAY)
    assert noted.valid_until == (TODAY - 10 * DAY).replace(year=TODAY.year + 1)
    assert (noted.noted_by, noted.noted_at, noted.reference) == (head.user_id, TEST_MOMENT, "测1")
    assert holds_until(row, today=TODAY) == noted.valid_until


@pytest.mark.parametrize("on", [TODAY + DAY, date(1990, 1, 1)])
def test_a_check_was_made_in_their_life(writing: Session, head: Actor, on: date) -> None:
    row = an_applicant(writing, head)
    with pytest.raises(InvalidInputError):
        check(writing, head, row, on)
    assert row.clearances == []


@pytest.mark.parametrize(("authority", "reference"), [(" ", "1"), ("所", ""), ("长" * 81, "1"), ("所", "1" * 81)])
def test_a_check_names_who_answered_and_its_number(
    writing: Session, head: Actor, authority: str, reference: str
) -> None:
    row = an_applicant(writing, head)
    with pytest.raises(InvalidInputError):
        note_check(writing, head, CLOCK, row, CheckDraft(TODAY, True, authority, reference), today=TODAY)


def test_a_failed_check_bars_at_once_and_names_the_sessions_ahead(
    writing: Session, station: Station, head: Actor
) -> None:
    row = a_volunteer(writing, station)
    rows = an_activity(writing, a_term(writing, station), session_count=2).sessions
    past, ahead = rows
    held(writing, past, at(TODAY - DAY, 9), None, [row])
    held(writing, ahead, at(SATURDAY, 9), None, [row])
    assert may_be_assigned(row, SATURDAY, today=TODAY)
    check(writing, head, row, passed=False)
    assert not may_be_assigned(row, SATURDAY, today=TODAY)
    assert sessions_ahead(writing, row.id, now=BEFORE) == (ahead,)
    assert holds_until(row, today=TODAY) is None


def test_a_failed_check_that_would_change_nothing_is_not_taken(writing: Session, station: Station, head: Actor) -> None:
    row = a_volunteer(writing, station)
    with pytest.raises(InvalidInputError):
        check(writing, head, row, date(2026, 5, 1), passed=False)
    assert check(writing, head, row, date(2026, 5, 1))


def test_the_same_check_is_noted_once_and_a_failed_one_beside_it(
    writing: Session, station: Station, head: Actor
) -> None:
    row = a_volunteer(writing, station)
    with pytest.raises(ConflictError):
        check(writing, head, row, date(2026, 6, 1))
    check(writing, head, row, date(2026, 6, 1), passed=False)
    assert not may_be_assigned(row, SATURDAY, today=TODAY)


def test_the_call_list_has_whose_check_is_over_or_about_to_be(writing: Session, station: Station) -> None:
    def until(day: date, **values: object) -> Volunteer:
        row = a_volunteer(writing, station, **values)
        row.clearances[0].valid_until = day
        return row

    soon, over = until(TODAY + 30 * DAY), until(TODAY - DAY)
    until(TODAY + 31 * DAY)
    until(TODAY - DAY, stage=Stage.LEFT)
    resting = until(TODAY, active=False)
    writing.flush()
    found = [one for one in call_list(writing, today=TODAY) if one.person.station_id == station.id]
    assert [(one.person, one.until) for one in found] == [(over, None), (resting, TODAY), (soon, TODAY + 30 * DAY)]
    assert runs_out(soon, today=TODAY)
    assert not runs_out(over, today=TODAY)
    assert next_action(soon, today=TODAY) is next_action(over, today=TODAY) is Action.CHECK


def test_the_list_is_narrowed_by_each_of_its_questions(writing: Session, station: Station, head: Actor) -> None:
    teacher, lawyer = a_volunteer(writing, station), a_volunteer(writing, station, kind=VolunteerKind.LAWYER)
    applicant = a_volunteer(writing, station, stage=Stage.APPLICANT)
    lawyer.clearances[0].valid_until = TODAY + DAY
    applicant.clearances.clear()
    keep_skill(writing, head, CLOCK, teacher, SkillDraft(Skill.ART, TODAY), today=TODAY)

    def names(**wanted: object) -> set[str]:
        rows = people_listed(writing, Wanted(**wanted), today=TODAY)  # type: ignore[arg-type]
        return {row.person.name for row in rows if row.person.station_id == station.id}

    assert names() == {teacher.name, lawyer.name, applicant.name}
    assert names(stage=Stage.APPLICANT) == {applicant.name}
    assert names(kind=VolunteerKind.LAWYER) == {lawyer.name}
    assert names(skill=Skill.ART) == {teacher.name}
    assert names(check=CheckState.HOLDS) == {teacher.name}
    assert names(check=CheckState.RUNS_OUT) == {lawyer.name}
    assert names(check=CheckState.NONE) == {applicant.name}
    assert names(check=CheckState.NONE, kind=VolunteerKind.LAWYER) == set()


# --- Applying, files ---


def an_application(**changes: object) -> Application:
    values = {
        "name": "申请人",
        "birth_date": date(1995, 5, 5),
        "phone": "138-0013-8000",
        "kind": VolunteerKind.STUDENT,
        "skills": (Skill.ART,),
        "free_times": "周六上午",
        "motivation": "喜欢孩子",
        "consent": True,
        **changes,
    }
    return Application(**values)  # type: ignore[arg-type]


def people_of(session: Session, station: Station) -> list[Volunteer]:
    return list(session.scalars(select(Volunteer).where(Volunteer.station_id == station.id).order_by(Volunteer.number)))


def test_an_application_is_a_file_that_nobody_is_assigned_by(writing: Session, station: Station) -> None:
    apply_to_serve(writing, CLOCK, station, an_application(), today=TODAY)
    (row,) = people_of(writing, station)
    assert (row.number, row.stage, row.phone, row.data_consent_on) == ("Y001", Stage.APPLICANT, PHONE, TODAY)
    assert (row.motivation, row.free_times, row.claimed_skills, row.skills) == ("喜欢孩子", "周六上午", ["art"], [])
    assert [one.step for one in row.steps] == [Step.APPLIED]
    apply_to_serve(writing, CLOCK, station, an_application(phone="13900139000"), today=TODAY)
    assert [one.number for one in people_of(writing, station)] == ["Y001", "Y002"]


@pytest.mark.parametrize("stage", Stage)
def test_an_application_of_somebody_known_changes_nothing_but_lets_them_come_back(
    writing: Session, station: Station, head: Actor, stage: Stage
) -> None:
    row = an_applicant(writing, head, phone=PHONE)
    row.stage = stage
    apply_to_serve(writing, CLOCK, station, an_application(name="别的名字"), today=TODAY)
    comes_back = stage in {Stage.WITHDRAWN, Stage.LEFT}
    assert people_of(writing, station) == [row]
    assert (row.name, row.stage) == ("测试人", Stage.APPLICANT if comes_back else stage)
    assert actions(writing, row)[-1] == ("volunteer.applied" if comes_back else "volunteer.applied_again")


def test_the_same_phone_at_another_station_is_somebody_new_there(writing: Session, head: Actor) -> None:
    an_applicant(writing, head, phone=PHONE)
    other = a_station(writing)
    apply_to_serve(writing, CLOCK, other, an_application(), today=TODAY)
    assert len(people_of(writing, other)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": False},
        {"name": " "},
        {"phone": "12345"},
        {"kind": VolunteerKind.STAFF},
        {"birth_date": date(2012, 11, 27)},
        {"birth_date": date(1899, 12, 31)},
        {"motivation": "长" * 301},
        {"free_times": "长" * 201},
    ],
    ids=str,
)
def test_an_application_that_can_not_be_right_is_refused(
    writing: Session, station: Station, changes: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputError):
        apply_to_serve(writing, CLOCK, station, an_application(**changes), today=TODAY)
    assert people_of(writing, station) == []


def test_whoever_turns_fourteen_today_may_apply(writing: Session, station: Station) -> None:
    apply_to_serve(writing, CLOCK, station, an_application(birth_date=date(2012, 11, 26)), today=TODAY)
    assert len(people_of(writing, station)) == 1


def test_a_file_is_opened_once_for_a_phone_and_once_for_an_account(
    writing: Session, station: Station, head: Actor
) -> None:
    an_applicant(writing, head, phone=PHONE)
    with pytest.raises(ConflictError):
        an_applicant(writing, head, phone=PHONE)
    draft = PersonDraft("站员", VolunteerKind.STAFF, date(1990, 1, 1))
    row = open_file(writing, head, CLOCK, station.id, draft, today=TODAY, account_id=head.user_id)
    assert writing.get_one(User, head.user_id).volunteer_id == row.id
    with pytest.raises(ConflictError):
        open_file(writing, head, CLOCK, station.id, draft, today=TODAY, account_id=head.user_id)
    with pytest.raises(NotFoundError):
        open_file(writing, head, CLOCK, station.id, draft, today=TODAY, account_id=station.id)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "  "},
        {"birth_date": TODAY},
        {"birth_date": date(1899, 12, 31)},
        {"guardian_consent_on": TODAY + DAY},
        {"guardian_consent_on": date(1990, 1, 1)},
    ],
    ids=str,
)
def test_a_file_that_can_not_be_right_is_refused(writing: Session, head: Actor, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        an_applicant(writing, head, **changes)


def test_a_change_keeps_what_the_form_leaves_empty_and_tells_names_alone(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head, phone=PHONE, id_number="11010519491231002X", emergency_contact="亲属")
    draft = PersonDraft("新名", row.kind, row.birth_date, phone="", emergency_contact="亲属", household="H1")
    changed = change_file(writing, head, CLOCK, row, draft, today=TODAY)
    assert changed == {"name", "household", "phone"}
    assert (row.phone, row.phone_index, row.id_number) == (None, None, "11010519491231002X")
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "volunteer.changed")).one()
    assert entry.detail == {"fields": ["household", "name", "phone"]}
    assert change_file(writing, head, CLOCK, row, draft, today=TODAY) == frozenset()


def test_a_guardians_consent_of_an_adult_is_none(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head, birth_date=date(2008, 1, 1), guardian_consent_on=date(2026, 1, 1))
    assert row.guardian_consent_on is None
    minor = an_applicant(writing, head, birth_date=date(2008, 1, 2), guardian_consent_on=date(2026, 1, 1))
    assert minor.guardian_consent_on == date(2026, 1, 1)


def test_a_phone_of_somebody_else_is_not_taken_by_a_change(writing: Session, head: Actor) -> None:
    an_applicant(writing, head, phone=PHONE)
    row = an_applicant(writing, head, phone="13900139000")
    same = PersonDraft(row.name, row.kind, row.birth_date, phone="13900139000")
    assert change_file(writing, head, CLOCK, row, same, today=TODAY) == frozenset()
    with pytest.raises(ConflictError):
        change_file(writing, head, CLOCK, row, PersonDraft("甲", row.kind, row.birth_date, phone=PHONE), today=TODAY)


# --- Skills and trainings ---


def test_a_skill_is_noted_once_renewed_and_taken_away(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head)
    for until in (TODAY, TODAY + DAY):
        keep_skill(writing, head, CLOCK, row, SkillDraft(Skill.FIRST_AID, TODAY, until), today=TODAY)
    assert [(one.skill, one.valid_until) for one in row.skills] == [(Skill.FIRST_AID, TODAY + DAY)]
    drop_skill(writing, head, CLOCK, row, Skill.FIRST_AID)
    assert row.skills == []
    with pytest.raises(NotFoundError):
        drop_skill(writing, head, CLOCK, row, Skill.FIRST_AID)


@pytest.mark.parametrize(("granted", "until"), [(TODAY + DAY, None), (TODAY, TODAY - DAY)])
def test_a_skill_is_proved_first_and_runs_out_later(
    writing: Session, head: Actor, granted: date, until: date | None
) -> None:
    row = an_applicant(writing, head)
    with pytest.raises(InvalidInputError):
        keep_skill(writing, head, CLOCK, row, SkillDraft(Skill.ART, granted, until), today=TODAY)


def test_whoever_completes_a_training_has_its_skill_and_is_trained(
    writing: Session, station: Station, head: Actor
) -> None:
    activity = an_activity(writing, a_term(writing, station))
    row, gone = an_applicant(writing, head), a_volunteer(writing, station, stage=Stage.LEFT)
    with pytest.raises(ConflictError, match="no training"):
        note_completed(writing, head, CLOCK, activity.id, [row.id], completed_on=TODAY, today=TODAY)
    mark_training(writing, head, CLOCK, activity.id, Skill.FIRST_AID)
    with pytest.raises(ConflictError, match="held"):
        note_completed(writing, head, CLOCK, activity.id, [row.id], completed_on=TODAY, today=TODAY)
    held(writing, activity.sessions[0], at(TODAY, 9))
    with pytest.raises(ConflictError, match="held"):
        note_completed(writing, head, CLOCK, activity.id, [row.id], completed_on=TODAY - DAY, today=TODAY)
    with pytest.raises(InvalidInputError):
        note_completed(writing, head, CLOCK, activity.id, [row.id], completed_on=TODAY + DAY, today=TODAY)
    both = [row.id, gone.id]
    assert note_completed(writing, head, CLOCK, activity.id, both, completed_on=TODAY, today=TODAY) == 2
    assert note_completed(writing, head, CLOCK, activity.id, both, completed_on=TODAY, today=TODAY) == 0
    (skill,) = row.skills
    assert (skill.skill, skill.granted_on, skill.training_id) == (Skill.FIRST_AID, TODAY, activity.id)
    assert [one.step for one in row.steps] == [Step.APPLIED, Step.TRAINED]
    assert (gone.stage, gone.steps) == (Stage.LEFT, [])
    assert completed_by([row, gone], activity) == {row.id, gone.id}


def test_nobody_is_found_by_an_id_of_nobody(writing: Session, station: Station) -> None:
    with pytest.raises(NotFoundError):
        find_person(writing, station.id)
