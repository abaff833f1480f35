"""Applying, files of people, skills and trainings."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Station, StoredFile, User, Volunteer
from core.domain.actor import Actor, Role
from core.domain.errors import ConflictError, InvalidInputError, NotFoundError
from core.domain.person_documents import PersonDocument
from core.domain.serving import Stage, Step
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.applying import Application, apply_to_serve
from core.services.trainings import completed_by, mark_training, note_completed
from core.services.volunteer_files import (
    PersonDraft,
    Proof,
    SkillDraft,
    change_file,
    drop_skill,
    keep_skill,
    open_file,
    proof_of,
)
from core.services.volunteering import find_person
from tests import files
from tests.integration.applicants import (
    CLOCK,
    DAY,
    PHONE,
    TODAY,
    actions,
    an_actor,
    an_applicant,
)
from tests.integration.builders import a_station, a_term, a_volunteer, an_activity, at, held


@pytest.fixture
def station(writing: Session) -> Station:
    return a_station(writing)


@pytest.fixture
def head(writing: Session, station: Station) -> Actor:
    return an_actor(writing, station, Role.HEAD)


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
    known = {"document": PersonDocument.RESIDENT_ID, "id_number": "11010519491231002X"}
    row = an_applicant(writing, head, phone=PHONE, emergency_contact="亲属", **known)
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


def test_a_number_is_of_a_document_and_goes_with_it(writing: Session, station: Station, head: Actor) -> None:
    row = a_volunteer(writing, station)
    usual = {"max_sessions": row.max_sessions, "max_per_day": row.max_per_day}
    same = PersonDraft(row.name, row.kind, row.birth_date, **usual)
    passport = replace(same, document=PersonDocument.PASSPORT, id_number="E01234567")
    for wrong in (replace(passport, id_number=None), replace(passport, document=None)):
        with pytest.raises(InvalidInputError):
            change_file(writing, head, CLOCK, row, wrong, today=TODAY)
    assert change_file(writing, head, CLOCK, row, passport, today=TODAY) == {"document", "id_number"}
    for kept in (same, replace(same, document=PersonDocument.PASSPORT)):
        assert change_file(writing, head, CLOCK, row, kept, today=TODAY) == frozenset()
    with pytest.raises(InvalidInputError, match="the number of the document, too"):
        change_file(writing, head, CLOCK, row, replace(same, document=PersonDocument.TAIWAN_PERMIT), today=TODAY)
    assert (row.document, row.id_number) == (PersonDocument.PASSPORT, "E01234567")
    change_file(writing, head, CLOCK, row, replace(same, id_number=""), today=TODAY)
    assert (row.document, row.id_number) == (None, None)


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


def test_a_proof_is_kept_read_replaced_and_goes_with_its_skill(writing: Session, head: Actor) -> None:
    row = an_applicant(writing, head)

    def prove(content: bytes) -> None:
        draft = SkillDraft(Skill.FIRST_AID, TODAY, proof=Proof("证书.pdf", content))
        keep_skill(writing, head, CLOCK, row, draft, today=TODAY)

    def kept() -> list[bytes]:
        return [one.content for one in writing.scalars(select(StoredFile).where(StoredFile.subject_id == row.id))]

    prove(files.a_pdf(b"one"))
    assert proof_of(writing, head, CLOCK, row, Skill.FIRST_AID)[1] == files.a_pdf(b"one")
    prove(files.a_pdf(b"two"))
    assert kept() == [files.a_pdf(b"two")]
    keep_skill(writing, head, CLOCK, row, SkillDraft(Skill.FIRST_AID, TODAY), today=TODAY)
    assert kept() == [files.a_pdf(b"two")]
    with pytest.raises(InvalidInputError):
        prove(b"MZ not a proof")
    drop_skill(writing, head, CLOCK, row, Skill.FIRST_AID)
    assert kept() == []
    with pytest.raises(NotFoundError):
        proof_of(writing, head, CLOCK, row, Skill.FIRST_AID)
    assert [action for action in actions(writing, row) if action.startswith("file.")] == [
        "file.kept",
        "file.read",
        "file.kept",
        "file.dropped",
        "file.dropped",
    ]
