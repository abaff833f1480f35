"""What the program reads of its tables: for the planner, for reports, and from a school's calendar in a file."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db.models import ActivitySession, SchoolBreak, Term
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.errors import InvalidInputError, NotFoundError
from core.hooks.calling import Hooks
from core.hooks.reports import Period
from core.services.outlines import term_outline
from core.services.program_facts import activities_of
from plugins.school_link.commands import calendar
from plugins.school_link.models import Confirmation, DayKind, SchoolClass, SchoolDay, SchoolTeacher, State
from plugins.school_link.reports import count
from tests.functional.county import County, MovingClock
from tests.functional.plugins.school_link.conftest import Rows

SCHOOL = "青石测试小学"


def test_the_planner_is_told_the_schools_days_hours_and_teachers(
    rows: Rows, database: Database, county: County, hooks: Hooks
) -> None:
    own = {"station_id": county.here.station, "school_id": rows.school}
    spans = (
        (date(2026, 12, 5), date(2026, 12, 5), DayKind.EXAM),
        (date(2026, 11, 1), date(2026, 11, 30), DayKind.CLOSED),
        (date(2026, 11, 29), date(2026, 11, 29), DayKind.OPEN),
        (date(2027, 1, 9), date(2027, 1, 9), DayKind.LESSONS),
    )
    with database.writing(EVERYTHING) as session:
        session.add_all(SchoolDay(first=first, last=last, kind=kind, **own) for first, last, kind in spans)
        session.add(SchoolTeacher(volunteer_id=county.here.volunteer, **own))
        pause = SchoolBreak(name="测试假", first=date(2026, 12, 1), last=date(2027, 1, 8), school_id=rows.venue)
        pause.station_id = county.here.station
        session.add(pause)
    with database.reading(EVERYTHING) as session:
        term = term_outline(session.get_one(Term, county.here.term))
        outlines = activities_of(session, "school_link", term.id)
        (found,) = hooks.planning_contributions(outlines, term, session)
    assert found.extension["activities"] == {str(rows.activity): {"school": str(rows.venue), "where": "away"}}
    assert found.extension["schools"] == {
        str(rows.venue): {
            "exams": ["2026-12-05"],
            "shut": ["2026-11-28", "2026-11-30"],
            "lessons": ["2027-01-09"],
            "opens": 480,
            "closes": 1080,
            "lessons_end": 960,
            "way": 20,
            "teachers": [str(county.here.volunteer)],
        }
    }


def test_a_report_counts_sessions_answers_and_no_few_pupils(
    rows: Rows, database: Database, county: County, clock: MovingClock
) -> None:
    start, end = datetime.combine(date(2026, 12, 5), time(9)), datetime.combine(date(2026, 12, 5), time(10))
    own = {"station_id": county.here.station, "activity_id": rows.activity}
    with database.writing(EVERYTHING) as session:
        held = {"status": SessionStatus.HELD, "starts_at": start, "ends_at": end, "room_free_at": end}
        session.add(ActivitySession(position=0, **held, **own))
        answer = {"state": State.CONFIRMED, "asked_at": clock.now(), "answered_at": clock.now()}
        session.add(Confirmation(school_id=rows.school, session_index=0, starts_at=start, **answer, **own))
    with database.reading(EVERYTHING) as session:
        during = count(session, Period(county.here.station, date(2026, 12, 1), date(2026, 12, 31)))
        before = count(session, Period(county.here.station, date(2026, 11, 1), date(2026, 11, 30)))
    assert list(during.rows) == [(SCHOOL, 1, 1, 0, None)]
    assert list(before.rows) == [(SCHOOL, 0, 0, 0, None)]
    assert all(len(row) == len(during.headings) for row in during.rows)


def imported(database: Database, clock: MovingClock, file: Path, school: str = SCHOOL) -> list[str]:
    with database.writing(EVERYTHING) as session:
        return [str(line) for line in calendar(session, clock, {"school": school, "file": str(file)})]


def test_a_schools_calendar_is_taken_over_once(
    rows: Rows, database: Database, clock: MovingClock, tmp_path: Path
) -> None:
    file = tmp_path / "days.csv"
    file.write_text(
        "first,last,kind,note\n2027-01-16,2027-01-17,考试,期末\n\n2027-02-01,2027-02-20,closed\n", "utf-8-sig"
    )
    assert imported(database, clock, file) == [f"{SCHOOL}: 2 entries are new, 0 were there already."]
    file.write_text("first,last,kind,note\n2027-01-16,2027-01-18,exam,期末\n", "utf-8")
    assert imported(database, clock, file) == [f"{SCHOOL}: 0 entries are new, 1 were there already."]
    with database.reading(EVERYTHING) as session:
        found = session.scalars(select(SchoolDay).order_by(SchoolDay.first)).all()
    assert [(row.first, row.last, row.kind, row.note) for row in found] == [
        (date(2027, 1, 16), date(2027, 1, 18), DayKind.EXAM, "期末"),
        (date(2027, 2, 1), date(2027, 2, 20), DayKind.CLOSED, ""),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2027-01-16", "Line 3: write first day, last day, kind and, if you like, a note."),
        ("2027-01-16,2027-02-30,exam,", "Line 3: write days such as 2027-01-15."),
        ("2027-01-16,2027-01-15,exam,", "Line 3: the last day lies before the first."),
        ("2027-01-16,2027-01-16,party,", "Line 3: the kind must be one of exam, closed"),
        (f"2027-01-16,2027-01-16,exam,{'长' * 81}", "Line 3: shorten the note to 80 characters."),
    ],
)
def test_a_line_that_is_wrong_is_named_and_nothing_is_kept(
    rows: Rows, database: Database, clock: MovingClock, tmp_path: Path, line: str, said: str
) -> None:
    file = tmp_path / "days.csv"
    file.write_text(f"first,last,kind,note\n2027-01-10,2027-01-10,exam,\n{line}\n", "utf-8")
    with pytest.raises(InvalidInputError) as error:
        imported(database, clock, file)
    assert str(error.value.message).startswith(said)
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(SchoolDay)).all() == []


def test_a_file_or_school_that_is_not_there_is_named(
    rows: Rows, database: Database, clock: MovingClock, tmp_path: Path
) -> None:
    file = tmp_path / "days.csv"
    with pytest.raises(InvalidInputError, match=r"days\.csv"):
        imported(database, clock, file)
    file.write_text("day,kind\n", "utf-8")
    with pytest.raises(InvalidInputError, match="first,last,kind,note"):
        imported(database, clock, file)
    with pytest.raises(NotFoundError, match="无名小学"):
        imported(database, clock, file, "无名小学")


def test_a_class_has_a_group_or_a_number_of_pupils(rows: Rows, database: Database, county: County) -> None:
    row = SchoolClass(station_id=county.here.station, school_id=rows.school, name="三年二班", grade=3)
    with pytest.raises(IntegrityError), database.writing(EVERYTHING) as session:
        session.add(row)


def test_a_school_declines_only_with_a_reason(
    rows: Rows, database: Database, county: County, clock: MovingClock
) -> None:
    row = Confirmation(
        station_id=county.here.station,
        school_id=rows.school,
        activity_id=rows.activity,
        session_index=0,
        starts_at=datetime.combine(date(2026, 12, 5), time(9)),
        state=State.DECLINED,
        asked_at=clock.now(),
        answered_at=clock.now(),
    )
    with pytest.raises(IntegrityError), database.writing(EVERYTHING) as session:
        session.add(row)
