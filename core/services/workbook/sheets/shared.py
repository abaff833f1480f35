"""Columns and rules that several sheets have."""

from core.domain.errors import Message
from core.services.workbook.columns import Column, in_order
from core.services.workbook.kinds import Day
from core.services.workbook.trade_kinds import Reference

STATION = Column(
    "所属站点",
    "station",
    Reference("stations", "“站点”表中的站点名称"),
    "归哪个站点管理。",
    "测试街道未保站",
)
VOLUNTEER = Column(
    "志愿者编号",
    "volunteer",
    Reference("volunteers", "“志愿者”表中的志愿者编号", longest=20),
    "哪一位志愿者，填编号，不填姓名。",
    "V001",
)
FIRST = Column("开始日期", "first", Day(), "第一天，含当天。", "2027-01-25")
LAST = Column("结束日期", "last", Day(), "最后一天，含当天。", "2027-02-21")
DATES_IN_ORDER = in_order("first", "last", Message("The last day lies before the first: compare the two dates."))
