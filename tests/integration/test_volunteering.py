"""The way into the station step by step, and checks with their consequences."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from core.db.models import Station, Volunteer
from core.domain.actor import Actor, Role
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError
from core.domain.serving import Stage, Step
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.assignable import may_be_assigned
from core.services.clearances import CheckDraft, call_list, holds_until, note_check, runs_out
from core.services.people_list import CheckState, Wanted, people_listed
from core.services.trainings import mark_training, note_completed
from core.services.volunteer_files import PersonDraft, SkillDraft, change_file, drop_skill, keep_skill
from core.services.volunteering import (
    Action,
    Missing,
    missing,
    next_action,
    note_step,
    sessions_ahead,
)
from core.testing import TEST_MOMENT
from tests.integration.applicants import (
    CLOCK,
    DAY,
    TODAY,
    actions,
    an_actor,
    an_applicant,
    check,
    step,
)
from tests.integration.builders import BEFORE, SATURDAY, a_station, a_term, a_volunteer, an_activity, at, held


@pytest.fixture
def station(writing: Session) -> Station:
    return a_station(writing)


@pytest.fixture
def head(writing: Session, station: Station) -> Actor:
    return an_actor(writing, station, Role.HEAD)


# --- The way in ---


def test_the_way_leads_step_by_step_to_being_accepted(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head)
    assert missing(row, today=TODAY) == (Missing.INTERVIEW, Missing.TRAINING, Missing.CHECK)
    assert next_action(row, today=TODAY) is Action.INTERVIEW
    noted = note_step(writing, head, CLOCK, row, Step.INTERVIEWED, happened_on=TODAY - DAY, today=TODAY)
    assert (noted, noted.note) == (row.steps[-1], None)
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
    with pytest.raises(ConflictError) as refused:
        step(writing, head, row, Step.ACCEPTED)
    assert refused.value.message.values == {"missing": [one.label for one in missing(row, today=TODAY)]}
    assert len({one.label.text for one in Missing}) == len(Missing)
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
        step(writing, head, row, Step.INTERVIEWED, note="长" * 501)
    step(writing, head, row, Step.INTERVIEWED, note="长" * 500)
    assert row.steps[-1].note == "长" * 500
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


def test_authority_and_number_may_have_eighty_characters(writing: Session, head: Actor) -> None:
    draft = CheckDraft(TODAY, passed=True, authority="所" * 80, reference="1" * 80)
    noted = note_check(writing, head, CLOCK, an_applicant(writing, head), draft, today=TODAY)
    assert (noted.authority, noted.reference) == ("所" * 80, "1" * 80)


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
