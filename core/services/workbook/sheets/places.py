"""The sheets of stations, sites, rooms and the ways between them."""

from core.domain.errors import Message
from core.domain.phones import demo_phone
from core.domain.vocabulary import Feature, StationKind, VenueKind, Zone
from core.services.workbook.columns import Column, Complaint, Sheet
from core.services.workbook.content import RoomRow, StationRow, TravelRow, VenueRow
from core.services.workbook.kinds import Choice, Number, Text
from core.services.workbook.sheets.shared import STATION
from core.services.workbook.trade_kinds import Phone, Reference, Several

VENUE = Reference("venues", "“场地”表中的场地名称")


def _not_its_own_parent(row: StationRow) -> Complaint | None:
    if row.parent == row.name:
        return "parent", Message("A station can't be above itself: name the station above it, or leave this empty.")
    return None


def _two_ends(row: TravelRow) -> Complaint | None:
    if row.from_venue == row.to_venue:
        return "to_venue", Message("The way leads from one site to another: name two different sites.")
    return None


STATIONS = Sheet(
    "站点",
    "stations",
    StationRow,
    "本工作簿涉及的各级站点：县中心、街道（乡镇）未保站、社区。",
    (
        Column("站点名称", "name", Text(80), "站点的全称，其他表用它来指明站点。", "测试街道未保站"),
        Column("级别", "kind", Choice(StationKind), "站点在哪一级。", "未保站"),
        Column(
            "上级站点",
            "parent",
            Reference("stations", "“站点”表中的站点名称"),
            "上一级站点的名称；最高一级不填。",
            "测试县未保中心",
        ),
        Column(
            "网址简称",
            "slug",
            Text(80, "[a-z0-9]+(-[a-z0-9]+)*", "小写字母、数字和连字符"),
            "公开课表网址的最后一段，全系统不能重复。",
            "ceshi-jiedao",
        ),
        Column("地址", "address", Text(200), "对外公布的地址。", "测试路1号"),
        Column("电话", "phone", Phone(), "对外公布的电话。", demo_phone(0)),
    ),
    key=("name", "parent"),
    rules=(_not_its_own_parent,),
    name=lambda row: row.name,
)

VENUES = Sheet(
    "场地",
    "venues",
    VenueRow,
    "开展活动的地点，一个地址一行。",
    (
        STATION,
        Column(
            "场地名称",
            "name",
            Text(80, "[^/、,，;；]+", "文字，不含“/”“、”等符号"),
            "场地的名称，不能重复。",
            "文体中心",
        ),
        Column("场地类型", "kind", Choice(VenueKind), "是哪一类场地。", "文体中心"),
        Column("地址", "address", Text(200), "详细地址。", "测试路1号"),
    ),
    key=("name",),
    name=lambda row: row.name,
)

ROOMS = Sheet(
    "活动室",
    "rooms",
    RoomRow,
    "场地里可以安排活动的房间或空间。",
    (
        Column("场地", "venue", VENUE, "活动室在哪个场地。", "文体中心"),
        Column(
            "活动室名称",
            "name",
            Text(80, "[^/、,，;；]+", "文字，不含“/”“、”等符号"),
            "同一场地内不能重复。",
            "多功能厅",
        ),
        Column("功能区", "zone", Choice(Zone), "活动室属于哪个功能区；个别谈话用私密区。", "活动区"),
        Column("容纳人数", "capacity", Number(1, 10_000), "最多可容纳多少名儿童。", "40"),
        Column("设施", "features", Several(Choice(Feature)), "活动室有哪些设施。", "投影、钢琴"),
        Column("间隔分钟", "turnover", Number(0, 240), "两场活动之间至少空出几分钟；不填为0。", "15"),
    ),
    key=("venue", "name"),
    name=lambda row: f"{row.venue}/{row.name}",
)

TRAVEL = Sheet(
    "路程",
    "travel",
    TravelRow,
    "两个场地之间路上要多久，来回相同，填一行即可；没有填的按默认时间计算。",
    (
        Column("出发场地", "from_venue", VENUE, "路程的一头。", "文体中心"),
        Column("到达场地", "to_venue", VENUE, "路程的另一头。", "阳光社区居委会"),
        Column("路程分钟", "minutes", Number(0, 600), "路上需要几分钟。", "15"),
    ),
    key=("from_venue", "to_venue"),
    rules=(_two_ends,),
)
