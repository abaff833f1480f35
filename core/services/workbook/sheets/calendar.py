"""The sheets of opening hours, closed days, terms and school breaks."""

from core.domain.errors import Message
from core.domain.vocabulary import TermKind
from core.services.workbook.columns import Column, Complaint, Sheet
from core.services.workbook.content import ClosureRow, HoursRow, SchoolBreakRow, TermRow
from core.services.workbook.kinds import Choice, Clock, Text, Weekday
from core.services.workbook.sheets.places import VENUE
from core.services.workbook.sheets.shared import DATES_IN_ORDER, FIRST, LAST, STATION


def _opens_before_it_closes(row: HoursRow) -> Complaint | None:
    if row.closes <= row.opens:
        return "closes", Message("The station closes before it opens: compare the two times.")
    return None


def _a_room_needs_its_venue(row: ClosureRow) -> Complaint | None:
    if row.room is not None and row.venue is None:
        return "venue", Message("Name the site in which the room lies.")
    return None


HOURS = Sheet(
    "开放时间",
    "hours",
    HoursRow,
    "站点开放日的开放时间；一天可以有几段。表中出现的站点，以表中所填为准，原有时间被替换。",
    (
        STATION,
        Column("星期", "weekday", Weekday(), "星期几；不填表示每个开放日。", "周六"),
        Column("开门", "opens", Clock(), "几点开门。", "08:30"),
        Column("关门", "closes", Clock(), "几点关门。", "17:30"),
    ),
    key=("station", "weekday", "opens", "closes"),
    rules=(_opens_before_it_closes,),
)

CLOSURES = Sheet(
    "闭站安排",
    "closures",
    ClosureRow,
    "不开放的日子，如春节、台风、装修。",
    (
        STATION,
        FIRST,
        LAST,
        Column("起始时刻", "from_time", Clock(), "从几点起不开放；不填表示全天。", "12:00"),
        Column("场地", "venue", VENUE, "只关闭一个场地时填写；不填表示整个站点。", "文体中心"),
        Column("活动室", "room", Text(80), "只关闭一间活动室时填写，同时要填场地。", "多功能厅"),
        Column("原因", "reason", Text(200), "为什么不开放，会对外公布。", "春节"),
    ),
    key=("station", "first", "last", "from_time", "venue", "room"),
    rules=(DATES_IN_ORDER, _a_room_needs_its_venue),
)

TERMS = Sheet(
    "学期假期",
    "terms",
    TermRow,
    "安排活动的时间段：一个学期的周末、寒假或暑假。",
    (
        STATION,
        Column("学期名称", "name", Text(80), "不能重复。", "2027年寒假"),
        Column("类型", "kind", Choice(TermKind), "学期周末，还是寒暑假。", "寒假"),
        FIRST,
        LAST,
    ),
    key=("name",),
    rules=(DATES_IN_ORDER,),
    name=lambda row: row.name,
)

SCHOOL_BREAKS = Sheet(
    "学校放假",
    "school_breaks",
    SchoolBreakRow,
    "全县学校的放假时间；个别学校不同的，另填一行并写明学校。",
    (
        STATION,
        Column("学校", "school", VENUE, "只有这所学校如此时填写；不填表示所有学校。", "测试小学"),
        Column("假期名称", "name", Text(80), "放什么假。", "2027年寒假"),
        FIRST,
        LAST,
    ),
    key=("station", "school", "name"),
    rules=(DATES_IN_ORDER,),
)
