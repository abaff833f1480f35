"""All errors of a workbook come at once, each with its place and with what to do, and none tells of a child."""

from datetime import date
from typing import Any

import pytest

from core.domain.id_numbers import demo_id_number
from core.domain.phones import demo_phone
from core.services.workbook.check import refuse
from core.services.workbook.errors import InvalidWorkbookError
from tests.unit.services.workbook.workbooks import (
    CHILD_HEADINGS,
    STATIONS,
    VOLUNTEER_HEADINGS,
    checked,
    places,
)

BORN = date(2015, 5, 5)
ID_NUMBER = demo_id_number(BORN, 11)
OTHER_ID_NUMBER = demo_id_number(BORN, 13)


def a_child(**changes: Any) -> list[Any]:
    cells = {"station": "测试站", "number": "C1", "name": "例童秘密", "id_number": ID_NUMBER, "birth_date": BORN}
    return list((cells | changes).values())


def a_volunteer(**changes: Any) -> list[Any]:
    cells = {
        "station": "测试站",
        "number": "V1",
        "name": "测员一",
        "kind": "教师",
        "birth_date": date(1990, 1, 1),
        "phone": demo_phone(1),
        "most": 10,
    }
    return list((cells | changes).values())


def test_all_errors_come_at_once_in_the_order_of_the_sheets() -> None:
    found = checked(
        {
            "学期假期": [
                ["所属站点", "学期名称", "类型", "开始日期", "结束日期"],
                ["测试站", "寒假", "寒假", "2027-02-30", "很快"],
            ],
            "志愿者": [VOLUNTEER_HEADINGS, a_volunteer(kind="老师", phone="123", most=1.5), a_volunteer(station="")],
            "站点": STATIONS,
            "儿童": [CHILD_HEADINGS, a_child(id_number=ID_NUMBER[:-1] + "Q"), a_child(number=None, birth_date="x")],
        }
    )
    with pytest.raises(InvalidWorkbookError) as refused:
        refuse(found.errors)
    assert places(refused.value.errors) == [
        ("学期假期", 2, "开始日期"),
        ("学期假期", 2, "结束日期"),
        ("儿童", 2, "身份证号"),
        ("儿童", 3, "儿童编号"),
        ("儿童", 3, "出生日期"),
        ("志愿者", 2, "志愿者类型"),
        ("志愿者", 2, "电话"),
        ("志愿者", 2, "每期最多场次"),
        ("志愿者", 3, "所属站点"),
    ]
    assert refused.value.message.values == {"count": 9}


def test_without_errors_nothing_is_raised() -> None:
    refuse(checked({"站点": STATIONS}).errors)


@pytest.mark.parametrize(
    ("sheets", "place", "sentence"),
    [
        ({"站点": [[*STATIONS[0], "网址"], [*STATIONS[1], "x"]]}, ("站点", 1, "网址"), "perhaps you mean: 地址"),
        ({"站点": [[*STATIONS[0], "备注"], [*STATIONS[1], "x"]]}, ("站点", 1, "备注"), "no such column"),
        ({"站点": [[*STATIONS[0], ""], [*STATIONS[1], "x"]]}, ("站点", 1, ""), "no heading"),
        ({"站点": [[*STATIONS[0], "级别"], [*STATIONS[1], "社区"]]}, ("站点", 1, "级别"), "twice"),
        ({"站点": [["站点名称", "级别"], ["测试站", "未保站"]]}, ("站点", 1, "网址简称"), "required column"),
        ({"站点": STATIONS, "儿童表": [["姓名"]]}, ("儿童表", 0, ""), "perhaps you mean: 儿童"),
        ({"站点": STATIONS, "Sheet1": [["x"]]}, ("Sheet1", 0, ""), "no sheet of this name"),
    ],
)
def test_unknown_missing_and_doubled_headings_are_named(
    sheets: dict[str, Any], place: tuple[str, int, str], sentence: str
) -> None:
    errors = checked(sheets).errors
    assert places(errors) == [place]
    assert sentence in str(errors[0].message)


def test_an_unknown_word_is_answered_with_those_near_it() -> None:
    rows = [VOLUNTEER_HEADINGS, a_volunteer(kind="巾帼志愿")]
    (error,) = checked({"站点": STATIONS, "志愿者": rows}).errors
    assert "巾帼志愿者" in str(error.message)


def test_a_volunteer_in_two_rows_is_found_by_number_and_by_phone_with_name() -> None:
    same_person = [a_volunteer(), a_volunteer(number="V2")]
    same_number = [a_volunteer(), a_volunteer(name="测员二", phone=demo_phone(2))]
    couple = [a_volunteer(), a_volunteer(number="V2", name="测员二")]
    results = [
        places(checked({"站点": STATIONS, "志愿者": [VOLUNTEER_HEADINGS, *rows]}).errors)
        for rows in (same_person, same_number, couple)
    ]
    assert results == [[("志愿者", 3, "志愿者编号")], [("志愿者", 3, "志愿者编号")], []]


def test_a_child_in_two_rows_is_found_by_its_id_number() -> None:
    rows = [CHILD_HEADINGS, a_child(), a_child(number="C2"), a_child(number="C3", id_number=OTHER_ID_NUMBER)]
    errors = checked({"站点": STATIONS, "儿童": rows}).errors
    assert places(errors) == [("儿童", 3, "身份证号")]
    assert "Row 2" in str(errors[0].message)


def test_made_up_people_are_taken_in_the_demo_only() -> None:
    sheets = {"站点": STATIONS, "儿童": [CHILD_HEADINGS, a_child()], "志愿者": [VOLUNTEER_HEADINGS, a_volunteer()]}
    assert checked(sheets, demo=True).errors == ()
    assert places(checked(sheets, demo=False).errors) == [("儿童", 2, "身份证号"), ("志愿者", 2, "电话")]


def test_a_birth_date_must_agree_with_the_id_number() -> None:
    rows = [
        CHILD_HEADINGS,
        a_child(birth_date=date(2015, 5, 6)),
        a_child(number="C2", id_number=OTHER_ID_NUMBER, birth_date=None),
    ]
    assert places(checked({"站点": STATIONS, "儿童": rows}).errors) == [("儿童", 2, "出生日期")]


def test_numbers_that_excel_made_of_text_are_put_right_or_refused() -> None:
    phone = 12900000001.0
    rows = [VOLUNTEER_HEADINGS, a_volunteer(number=1001.0, phone=phone)]
    found = checked({"站点": STATIONS, "志愿者": rows, "儿童": [CHILD_HEADINGS, a_child(id_number=9.9e17)]})
    assert (found.content.volunteers[0].number, found.content.volunteers[0].phone) == ("1001", "12900000001")
    assert places(found.errors) == [("儿童", 2, "身份证号")]
    assert "lost its last digits" in str(found.errors[0].message)


def test_nothing_of_a_child_is_repeated_in_an_error() -> None:
    secrets = ["例童秘密", "身份甲乙丙", "例亲秘密", "秘密路", "残废", "秘密组", "秘密号", "电话秘密", "关系秘密"]
    headings = [*CHILD_HEADINGS, "住址", "类别", "小组"]
    rows = [
        [*a_child(id_number="身份甲乙丙"), "秘密路" * 100, "残废", "秘密组"],
        ["测试站", "秘密号" * 10, "例童秘密" * 30, ID_NUMBER, "例童秘密", "", "", ""],
        [*a_child(), "", "", "秘密组"],
        [*a_child(number="C1"), "", "残疾", ""],
    ]
    guardians = [["儿童编号", "监护人姓名", "关系", "电话"], ["秘密号", "例亲秘密" * 30, "关系秘密", "电话秘密"]]
    guardians.append(["秘密号", "例亲秘密", "母亲", demo_phone(3)])
    errors = checked(
        {
            "站点": STATIONS,
            "小组": [["所属站点", "小组名称", "最小年龄", "最大年龄"], ["测试站", "秘密组二", 6, 8]],
            "儿童": [headings, *rows],
            "监护人": guardians,
        }
    ).errors
    assert len(errors) >= 12
    for error in errors:
        said = f"{error.message} {error.column} {error!r}"
        assert not any(secret in said for secret in secrets), said


def test_blank_rows_titles_and_merged_cells_are_tolerated() -> None:
    rows = [
        ["青阳街道活动室一览", None, None],
        ["场地*", "活动室名称*", "功能区*", "容纳人数*"],
        ["文体中心", "一号厅", "活动区", 30],
        [None, "二号厅", "活动区", "３０"],
        [],
        ["  ", "", "", ""],
        ["文体中心", "三号厅", "私密区", 6.0],
    ]
    found = checked({"活动室": rows}, known={"venues": {"文体中心"}}, merged={"活动室": "A3:A4"})
    assert found.errors == ()
    assert [(room.venue, room.name, room.capacity, room.line) for room in found.content.rooms] == [
        ("文体中心", "一号厅", 30, 3),
        ("文体中心", "二号厅", 30, 4),
        ("文体中心", "三号厅", 6, 7),
    ]


def test_a_reference_may_lead_to_the_workbook_or_to_what_is_stored() -> None:
    rows = [
        ["志愿者编号", "开始日期", "结束日期"],
        ["V1", "2026-12-01", "2026-12-02"],
        ["V9", "2026-12-01", "2026-12-02"],
    ]
    found = checked({"请假": rows}, known={"volunteers": {"V1"}})
    assert places(found.errors) == [("请假", 3, "志愿者编号")]
    assert "V1" in str(found.errors[0].message)


def test_a_row_that_cannot_be_read_makes_no_second_error_where_others_refer_to_it() -> None:
    away = [["志愿者编号", "开始日期", "结束日期"], ["V1", "2026-12-01", "2026-12-02"]]
    rows = [VOLUNTEER_HEADINGS, a_volunteer(kind="?")]
    assert places(checked({"站点": STATIONS, "志愿者": rows, "请假": away}).errors) == [("志愿者", 2, "志愿者类型")]


CROSSED = {
    "学期假期": [
        ["所属站点", "学期名称", "类型", "开始日期", "结束日期"],
        ["测试站", "寒假", "寒假", "2027-02-02", "2027-02-01"],
    ],
    "开放时间": [["所属站点", "开门", "关门"], ["测试站", "18:00", "08:00"]],
    "小组": [["所属站点", "小组名称", "最小年龄", "最大年龄"], ["测试站", "甲", 9, 6]],
    "从业查询": [["志愿者编号", "查询日期", "有效期至", "查询结果"], ["V1", "2026-01-01", "2028-01-01", "通过"]],
    "可服务时间": [["志愿者编号", "从", "到"], ["V1", "12:00", "12:00"]],
    "岗位": [["活动名称", "岗位", "必需人数", "期望人数"], ["活动", "看护", 2, 1]],
    "路程": [["出发场地", "到达场地", "路程分钟"], ["场", "场", 5]],
    "闭站安排": [
        ["所属站点", "开始日期", "结束日期", "活动室", "原因"],
        ["测试站", "2027-01-01", "2027-01-01", "一号厅", "x"],
    ],
}


@pytest.mark.parametrize("sheet", CROSSED)
def test_what_ends_before_it_begins_and_the_like_is_refused(sheet: str) -> None:
    known = {"stations": {"测试站"}, "volunteers": {"V1"}, "activities": {"活动"}, "venues": {"场"}}
    errors = checked({sheet: CROSSED[sheet]}, known=known).errors
    assert [(error.sheet, error.row) for error in errors] == [(sheet, 2)]


def test_stations_in_a_ring_and_ways_in_both_directions_are_refused() -> None:
    ring = [["站点名称", "级别", "上级站点", "网址简称"], ["甲站", "社区", "乙站", "a"], ["乙站", "社区", "甲站", "b"]]
    ways = [["出发场地", "到达场地", "路程分钟"], ["甲", "乙", 5], ["乙", "甲", 6]]
    found = checked({"站点": ring, "路程": ways}, known={"venues": {"甲", "乙"}})
    assert places(found.errors) == [("路程", 3, "出发场地"), ("站点", 2, "上级站点"), ("站点", 3, "上级站点")]


ACTIVITY = ["学期", "活动名称", "活动类型", "场次数", "每场分钟", "预计人数", "可开始时刻"]


@pytest.mark.parametrize(
    ("headings", "cells", "column"),
    [
        (["最少成人"], [0], "最少成人"),
        (["最早日期"], ["2026-01-01"], "最早日期"),
        (["功能区", "外出地点"], ["活动区", "公园"], "外出地点"),
        (["指定活动室"], ["文体中心/一号厅"], "功能区"),
        (["补充设置"], ["主题"], "补充设置"),
        (["可安排星期"], ["周六、周八"], "可安排星期"),
        (["小组"], ["、"], "小组"),
    ],
)
def test_an_activity_that_could_never_be_held_is_refused(headings: list[str], cells: list[Any], column: str) -> None:
    term = [
        ["所属站点", "学期名称", "类型", "开始日期", "结束日期"],
        ["测试站", "寒假", "寒假", "2027-01-25", "2027-02-21"],
    ]
    row = ["寒假", "辅导", "作业辅导室（school_link.homework_room）", 3, 90, 20, "9:00、14:30"]
    known = {"venues": {"公园"}, "rooms": {"文体中心/一号厅"}}
    sheets = {"站点": STATIONS, "学期假期": term, "活动": [[*ACTIVITY, *headings], [*row, *cells]]}
    errors = checked(sheets, known=known).errors
    assert places(errors) == [("活动", 2, column)]


def test_a_workbook_says_which_columns_it_leaves_out() -> None:
    absent = checked({"站点": STATIONS}).content.absent
    assert absent == {("stations", "parent"), ("stations", "address"), ("stations", "phone")}
