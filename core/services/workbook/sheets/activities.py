"""The sheets of activities, their roles, and who likes to serve in them."""

from core.domain.errors import Message
from core.domain.vocabulary import ActivityLine, Feature, Skill, Zone
from core.services.workbook.columns import Column, Complaint, Sheet, in_order
from core.services.workbook.content import ActivityRow, LikeRow, RoleRow
from core.services.workbook.kinds import Choice, Day, Flag, Number, Text, Weekday
from core.services.workbook.sheets.places import VENUE
from core.services.workbook.sheets.shared import DATES_IN_ORDER, VOLUNTEER
from core.services.workbook.trade_kinds import ActivityType, Reference, Settings, Several, Times

_ACTIVITY = Reference("activities", "“活动”表中的活动名称")


def _rooms_or_a_place(row: ActivityRow) -> Complaint | None:
    if row.zones and row.place is not None:
        return "place", Message(
            "Only an activity without a room has a place of its own: leave the zones or this empty."
        )
    if row.rooms and not row.zones:
        return "zones", Message("Name the zones of the rooms, or leave the rooms empty.")
    return None


def _enough_people_allowed(row: RoleRow) -> Complaint | None:
    if row.max_people is not None and row.max_people < row.required:
        return "max_people", Message("One session alone needs more people than this: raise it to the required places.")
    return None


_BASICS = (
    Column("学期", "term", Reference("terms", "“学期假期”表中的学期名称"), "在哪个学期或假期开展。", "2027年寒假"),
    Column("活动名称", "title", Text(80), "不能重复；会对外公布，不要写人名。", "作业辅导·周六班"),
    Column(
        "活动类型", "type_key", ActivityType(), "属于哪个项目的哪一类活动。", "作业辅导室（school_link.homework_room）"
    ),
    Column("五线", "activity_line", Choice(ActivityLine), "五条主线中的哪一条；不填按活动类型。", "美德传承"),
    Column("简介", "description", Text(2000), "对外公布的介绍。", "大学生陪伴完成作业。"),
    Column("场次数", "session_count", Number(1, 500), "一共办几场。", "8"),
    Column("每场分钟", "duration", Number(10, 1440), "每场多少分钟。", "90"),
    Column("预计人数", "size", Number(0, 10_000), "每场大约多少名儿童。", "24"),
)
_WHEN = (
    Column("可开始时刻", "times", Times(), "一天中可以在哪些时刻开始。", "09:00、14:30"),
    Column("可安排星期", "weekdays", Several(Weekday()), "可以在星期几；不填表示所有开放日。", "周六、周日"),
    Column("最早日期", "first", Day(), "不早于哪天；不填以学期为准。", "2026-12-05"),
    Column("最晚日期", "last", Day(), "不晚于哪天；不填以学期为准。", "2026-12-20"),
)
_WHERE = (
    Column("功能区", "zones", Several(Choice(Zone)), "可用哪些功能区的活动室；入户等不用活动室的不填。", "活动区"),
    Column("所需设施", "features", Several(Choice(Feature)), "活动室必须有的设施。", "投影"),
    Column(
        "指定活动室",
        "rooms",
        Several(Reference("rooms", "“场地名称/活动室名称”", longest=161)),
        "只能用这些活动室；不填表示合适的都可以。",
        "文体中心/多功能厅",
    ),
    Column(
        "小组",
        "groups",
        Several(Reference("groups", "“小组”表中的小组名称")),
        "哪些小组参加。",
        "低年级一组",
    ),
    Column("外出地点", "place", VENUE, "不用活动室而地点固定时，填场地名称。", "测试公园"),
)
_HOW = (
    Column("最少成人", "min_adults", Number(1, 50), "每场至少几名成人在场，一般不少于2人；不填为2。", "2"),
    Column("按顺序", "ordered", Flag(), "各场是否必须按顺序、每天一场地进行；不填为否。", "否"),
    Column("每天最多场次", "max_per_day", Number(1, 20), "一天最多办几场；不填为1。", "1"),
    Column("至少分几天", "min_days", Number(1, 500), "最好分布在几天里；不填为1。", "4"),
    Column("优先级", "priority", Number(1, 100), "排不下时先保哪个，数字大的先保；不填为1。", "3"),
    Column("不公开", "closed", Flag(), "是否不对外公布，如入户、个别谈话；不填为否。", "否"),
    Column("补充设置", "settings", Settings(), "活动类型另外要求的内容。", "theme=诚信"),
)

ACTIVITIES = Sheet(
    "活动",
    "activities",
    ActivityRow,
    "一个活动一行；一个活动有若干场次，由系统排期。",
    (*_BASICS, *_WHEN, *_WHERE, *_HOW),
    key=("title",),
    rules=(DATES_IN_ORDER, _rooms_or_a_place),
    name=lambda row: row.title,
)

ROLES = Sheet(
    "岗位",
    "roles",
    RoleRow,
    "每场活动需要的志愿者岗位。",
    (
        Column("活动名称", "activity", _ACTIVITY, "哪个活动。", "作业辅导·周六班"),
        Column("岗位", "role", Text(80), "岗位名称，同一活动内不能重复。", "辅导老师"),
        Column("所需技能", "skill", Choice(Skill), "必须会什么；不填表示不限。", "教学"),
        Column("必需人数", "required", Number(0, 50), "少于这个人数就算缺人。", "1"),
        Column("期望人数", "wanted", Number(0, 50), "最好有几人，不少于必需人数；不填与必需人数相同。", "2"),
        Column("固定人员", "continuity", Flag(), "各场是否尽量由同一批人担任；不填为否。", "是"),
        Column("最多人数", "max_people", Number(1, 500), "整个活动期间最多由几个不同的人担任；不填为不限。", "3"),
    ),
    key=("activity", "role"),
    rules=(
        in_order("required", "wanted", Message("Fewer are wanted than required: compare the two numbers.")),
        _enough_people_allowed,
    ),
)

LIKES = Sheet(
    "参与意愿",
    "likes",
    LikeRow,
    "志愿者愿不愿意参加某个活动；没有填的表示都可以。",
    (
        VOLUNTEER,
        Column("活动名称", "activity", _ACTIVITY, "哪个活动。", "作业辅导·周六班"),
        Column("意愿", "liking", Number(-3, 3), "3为很愿意，-3为很不愿意。", "2"),
    ),
    key=("volunteer", "activity"),
)
