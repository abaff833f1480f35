"""A guardian's copy tells a file to the last day, in Chinese on paper and by codes in the JSON."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivityGroup, AuditEntry, ChildCategoryMark, Consent, GroupMember, Registration, WishList
from core.domain.errors import Message
from core.domain.vocabulary import ChildCategory, ConsentPurpose, GuardianAccess, LegalBasis
from core.services.copy_sections import left_out
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_group, a_term, a_told_session, an_activity, at
from tests.integration.granting import Scene, a_scene
from tests.integration.registering import a_registration_at
from tests.integration.test_guardian_copies import TODAY, a_guardian, copy_for, printed
from tests.translated import in_chinese

DAY = timedelta(days=1)
GIVEN = date(2026, 9, 1)


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def a_registration(session: Session, town: Scene, title: str, *, closed: bool, closed_group: bool) -> Registration:
    """Register the child for an activity of a group of its own."""
    own = {"station_id": town.child.station_id, "child_id": town.child.id}
    activity = an_activity(session, a_term(session, town.station), title=title, closed=closed)
    group = a_group(session, town.station, closed=closed_group)
    session.add(ActivityGroup(station_id=town.station.id, activity_id=activity.id, group_id=group.id))
    session.flush()
    row = a_registration_at(session, group.id, **own)
    session.add(row)
    session.flush()
    return row


def test_a_copy_tells_the_file_to_the_last_day(writing: Session, town: Scene) -> None:
    child, ids = town.child, {"station_id": town.child.station_id, "child_id": town.child.id}
    own = a_guardian(writing, child, GuardianAccess.FULL)
    child.left_on = TODAY
    marked = {"from_day": GIVEN, "until_day": GIVEN + DAY}
    writing.add(ChildCategoryMark(category=ChildCategory.ORPHAN, **marked, **ids))
    duty = {"basis": LegalBasis.DUTY, "law": "某法第一条", "given_on": GIVEN - DAY}
    photo = {"given_on": GIVEN, "valid_until": TODAY, "withdrawn_on": GIVEN + DAY, "guardian_id": own.id}
    writing.add(Consent(purpose=ConsentPurpose.DATA, **duty, **ids))
    writing.add(Consent(purpose=ConsentPurpose.PHOTO, **photo, **ids))
    for name, closed in (("乙组", False), ("甲组", False), ("心事组", True)):
        group = a_group(writing, town.station, name=name, closed=closed)
        writing.add(GroupMember(group_id=group.id, **ids))
    made, row = copy_for(writing, town, child, own)
    said = json.loads(made.to_json(in_chinese))
    sections = said["sections"]
    assert (said["file"], said["made_on"]) == (child.number, TODAY.isoformat())
    assert said["left_out"] == [in_chinese(reason) for reason in left_out(full=True)]
    assert sections["child"][0]["left_on"] == TODAY.isoformat()
    assert sections["categories"] == [{"category": "orphan", "from": "2026-09-01", "until": "2026-09-02"}]
    told = {one["purpose"]: one for one in sections["consents"]}
    law = {"basis": "duty", "law": "某法第一条", "given_on": "2026-08-31"}
    days = {"given_on": "2026-09-01", "valid_until": TODAY.isoformat(), "withdrawn_on": "2026-09-02"}
    assert told["data"] == {"purpose": "data", **law}
    assert told["photo"] == {"purpose": "photo", "basis": "consent", **days}
    assert sections["groups"] == [{"name": name} for name in sorted(("乙组", "甲组"))]
    (entry,) = writing.scalars(select(AuditEntry).where(AuditEntry.action == "copy.made"))
    assert (entry.subject_kind, entry.subject_id, entry.station_id) == ("child", child.id, child.station_id)
    assert (entry.detail["request"], entry.detail["sections"]) == (str(row.id), list(sections))
    again = json.loads(copy_for(writing, town, child, own)[0].to_json(in_chinese))["sections"]["requests"]
    received = {"received_on": TODAY.isoformat(), "kind": "copy"}
    assert again == [{**received, "outcome": "done"}, received]
    words = printed(copy_for(writing, town, child, own)[0])
    assert "某法第一条" in words


def test_the_calendar_is_told_by_days_and_titles(writing: Session, town: Scene) -> None:
    own = a_guardian(writing, town.child, GuardianAccess.FULL)
    activity = an_activity(writing, a_term(writing, town.station), session_count=2)
    for held, title, hour in zip(activity.sessions, ("", "棋"), (11, 9), strict=True):
        a_told_session(writing, town.child, held.id, title=title, starts_at=at(SATURDAY, hour))
    made = copy_for(writing, town, town.child, own)[0]
    day = {"day": SATURDAY.isoformat()}
    assert json.loads(made.to_json(in_chinese))["sections"]["calendar"] == [{**day, "title": "棋"}, day]
    assert SATURDAY.isoformat() in printed(made)


def test_wishes_are_told_by_number_day_and_the_titles_that_are_anybodys_business(writing: Session, town: Scene) -> None:
    own, term = a_guardian(writing, town.child, GuardianAccess.FULL), a_term(writing, town.station)
    ranked = [an_activity(writing, term, title=title, closed=title == "谈心") for title in ("下棋", "谈心", "读书")]
    row = WishList(station_id=town.child.station_id, child_id=town.child.id, term_id=term.id, number="7", code="k")
    row.ranked = [str(one.id) for one in reversed(ranked)]
    row.entered_at = row.changed_at = TEST_MOMENT
    writing.add(row)
    writing.flush()
    made = copy_for(writing, town, town.child, own)[0]
    told = {"number": "7", "changed_on": TEST_MOMENT.date().isoformat(), "activities": "读书, 下棋"}
    assert json.loads(made.to_json(in_chinese))["sections"]["wishes"] == [told]
    paper = printed(made)
    labels = (Message("Number of the list"), Message("Changed on"), Message("Activities"))
    assert [label.text for label in labels if in_chinese(label) not in paper] == []
    assert "谈心" not in paper


@pytest.mark.parametrize(
    ("closed", "closed_group", "told"), [(False, False, "下棋"), (True, False, None), (False, True, None)]
)
def test_a_registration_is_told_by_its_title_unless_it_is_nobodys_business(
    writing: Session, town: Scene, *, closed: bool, closed_group: bool, told: str | None
) -> None:
    own = a_guardian(writing, town.child, GuardianAccess.FULL)
    a_registration(writing, town, "下棋", closed=closed, closed_group=closed_group)
    made = copy_for(writing, town, town.child, own)[0]
    (row,) = json.loads(made.to_json(in_chinese))["sections"]["registrations"]
    assert (row.get("activity"), row["state"]) == (told, "placed")
    assert ("下棋" in printed(made)) is (told is not None)
