"""The sheets of volunteers: who they are, what they can do, whether they are cleared, when they can serve."""

from core.domain.errors import Message
from core.domain.phones import demo_phone
from core.domain.serving import a_year_after, is_adult
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.volunteering import PAID
from core.services.workbook.columns import Column, Complaint, Sheet, in_order
from core.services.workbook.content import (
    AvailabilityRow,
    BlackoutRow,
    ClearanceRow,
    SkillRow,
    VolunteerRow,
)
from core.services.workbook.kinds import BirthDay, Choice, Clock, Day, Flag, Number, PastDay, Text, Weekday
from core.services.workbook.sheets.shared import DATES_IN_ORDER, FIRST, LAST, STATION, VOLUNTEER
from core.services.workbook.trade_kinds import Phone


def _checked_every_year(row: ClearanceRow) -> Complaint | None:
    if row.valid_until > a_year_after(row.checked_on):
        return "valid_until", Message("A background check holds for a year at most: compare the two dates.")
    return None


def _accepted_in_order(row: VolunteerRow) -> Complaint | None:
    if row.accepted_on is None:
        return None
    for name, day in (("interviewed_on", row.interviewed_on), ("trained_on", row.trained_on)):
        if day is None and row.kind not in PAID:
            return name, Message("Before somebody is accepted they are interviewed and trained: enter the days.")
        if day is not None and day > row.accepted_on:
            return name, Message("This comes before somebody is accepted: compare the dates.")
    if not is_adult(row.birth_date, row.accepted_on) and row.guardian_consent_on is None:
        return "guardian_consent_on", Message("Who is under age is accepted with a guardian's consent: enter its day.")
    return None


def _begins_before_it_ends(row: AvailabilityRow) -> Complaint | None:
    if row.to_time <= row.from_time:
        return "to_time", Message("The time ends before it begins: compare the two times.")
    return None


VOLUNTEERS = Sheet(
    "志愿者",
    "volunteers",
    VolunteerRow,
    "志愿者和参加值班的工作人员，一人一行。",
    (
        STATION,
        Column("志愿者编号", "number", Text(20), "站点自编的编号，不能重复，其他表用它来指明志愿者。", "V001"),
        Column("姓名", "name", Text(80), "真实姓名。", "测某某", private=True),
        Column("志愿者类型", "kind", Choice(VolunteerKind), "来自哪里。", "大学生"),
        Column("出生日期", "birth_date", BirthDay(), "用来判断是否成年。", "2000-01-01", private=True),
        Column("电话", "phone", Phone(), "联系电话，按文本填写；加密保存。", demo_phone(2), private=True),
        Column(
            "家庭编号",
            "household",
            Text(20),
            "同住一家的志愿者填相同的编号；看护儿童的成人不能都来自一家。",
            "H01",
        ),
        Column("每期最多场次", "max_sessions", Number(0, 500), "一个学期或假期最多服务几场。", "12"),
        Column("每天最多场次", "max_per_day", Number(0, 10), "一天最多服务几场；不填为1。", "1"),
        Column("在册", "active", Flag(), "是否仍在服务；不填为是。", "是"),
        Column("面谈日期", "interviewed_on", PastDay(), "哪一天面谈的；录用前必填。", "2026-08-20"),
        Column("培训日期", "trained_on", PastDay(), "哪一天完成培训的；录用前必填。", "2026-08-29"),
        Column("录用日期", "accepted_on", PastDay(), "哪一天录用的；不填为尚未录用，不安排活动。", "2026-09-02"),
        Column("监护人同意日期", "guardian_consent_on", PastDay(), "未满18周岁者由监护人书面同意。", "2026-08-20"),
    ),
    key=("number",),
    name=lambda row: row.number,
    rules=(_accepted_in_order,),
)

SKILLS = Sheet(
    "技能资质",
    "skills",
    SkillRow,
    "志愿者能做什么；证书到期后不再安排需要它的岗位。",
    (
        VOLUNTEER,
        Column("技能", "skill", Choice(Skill), "会做什么。", "心理辅导"),
        Column("有效期至", "valid_until", Day(), "证书最后一天有效的日期；没有期限则不填。", "2027-12-31"),
    ),
    key=("volunteer", "skill"),
)

CLEARANCES = Sheet(
    "从业查询",
    "clearances",
    ClearanceRow,
    "违法犯罪记录查询的结果，每年一次，只填结果。没有有效查询的志愿者不安排活动。",
    (
        VOLUNTEER,
        Column("查询日期", "checked_on", PastDay(), "哪一天查询的，不能是将来。", "2026-09-01"),
        Column("有效期至", "valid_until", Day(), "最后一天有效的日期，最长一年。", "2027-08-31"),
        Column("查询结果", "passed", Flag("通过", "不通过"), "是否通过。", "通过"),
        Column("查询机关", "authority", Text(80), "由哪里查询。", "测试派出所"),
        Column("查询编号", "reference", Text(80), "查询机关答复的编号。", "测2026-001"),
    ),
    key=("volunteer", "checked_on"),
    rules=(
        in_order("checked_on", "valid_until", Message("The check ends before it was made: compare the two dates.")),
        _checked_every_year,
    ),
)

AVAILABILITIES = Sheet(
    "可服务时间",
    "availabilities",
    AvailabilityRow,
    "志愿者什么时候能来，可以填几行。表中出现的志愿者，以表中所填为准，原有时间被替换。",
    (
        VOLUNTEER,
        Column("星期", "weekday", Weekday(), "星期几；不填表示每天。", "周六"),
        Column("从", "from_time", Clock(), "几点起。", "08:00"),
        Column("到", "to_time", Clock(), "几点止。", "18:00"),
        Column("开始日期", "first", Day(), "从哪天起；不填表示不限。", "2026-11-28"),
        Column("结束日期", "last", Day(), "到哪天止；不填表示不限。", "2027-01-24"),
    ),
    key=("volunteer", "weekday", "from_time", "to_time", "first", "last"),
    rules=(_begins_before_it_ends, DATES_IN_ORDER),
)

BLACKOUTS = Sheet(
    "请假",
    "blackouts",
    BlackoutRow,
    "志愿者不能来的日子。",
    (VOLUNTEER, FIRST, LAST),
    key=("volunteer", "first", "last"),
    rules=(DATES_IN_ORDER,),
)
