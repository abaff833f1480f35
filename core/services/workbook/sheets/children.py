"""The sheets of groups, children and guardians; their columns are private but for the groups' own."""

from datetime import date

from core.domain.errors import Message
from core.domain.id_numbers import demo_id_number
from core.domain.phones import demo_phone
from core.domain.vocabulary import ChildCategory, Relation
from core.services.workbook.columns import Column, Complaint, Sheet, in_order
from core.services.workbook.content import ChildRow, GroupRow, GuardianRow
from core.services.workbook.kinds import BirthDay, Choice, Flag, Number, Text
from core.services.workbook.sheets.shared import STATION
from core.services.workbook.trade_kinds import IdNumber, Phone, Reference, Several


def born_on(row: ChildRow) -> date:
    """Return the date of birth that the child's checked ID number tells."""
    number = row.id_number
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _born_as_the_number_says(row: ChildRow) -> Complaint | None:
    if row.birth_date is not None and f"{row.birth_date:%Y%m%d}" != row.id_number[6:14]:
        return "birth_date", Message("The date of birth differs from the one in the ID number: compare both.")
    return None


GROUPS = Sheet(
    "小组",
    "groups",
    GroupRow,
    "一起参加活动的儿童。",
    (
        STATION,
        Column("小组名称", "name", Text(80, "[^、,，;；]+", "文字，不含“、”等符号"), "不能重复。", "低年级一组"),
        Column("最小年龄", "from_age", Number(0, 18), "最小几岁。", "6"),
        Column("最大年龄", "to_age", Number(0, 18), "最大几岁。", "9"),
        Column("连续安排", "compact", Flag(), "同一天的活动是否尽量连着安排；不填为否。", "是"),
        Column("不公开", "closed", Flag(), "是否不在公开课表上显示；不填为否。", "否"),
    ),
    key=("name",),
    rules=(in_order("from_age", "to_age", Message("The greatest age is less than the least: compare the two.")),),
    name=lambda row: row.name,
)

CHILDREN = Sheet(
    "儿童",
    "children",
    ChildRow,
    "一人一档。姓名、身份证号、住址、健康情况和类别均加密保存，不出现在任何公开页面。",
    (
        STATION,
        Column("儿童编号", "number", Text(20), "站点自编的档案号，不能重复。", "C001", private=True),
        Column("姓名", "name", Text(80), "与身份证件一致。", "测某某", private=True),
        Column(
            "身份证号", "id_number", IdNumber(), "18位，按文本填写。", demo_id_number(date(2015, 1, 1), 1), private=True
        ),
        Column("出生日期", "birth_date", BirthDay(), "与身份证号一致；可不填。", "2015-01-01", private=True),
        Column("住址", "address", Text(200), "现在的住址。", "测试路2号", private=True),
        Column("健康情况", "health", Text(500), "过敏、用药等活动中必须注意的事项。", "花生过敏", private=True),
        Column(
            "类别", "categories", Several(Choice(ChildCategory)), "属于哪些类别；没有则不填。", "留守", private=True
        ),
        Column(
            "小组",
            "groups",
            Several(Reference("groups", "“小组”表中的小组名称")),
            "参加哪些小组。",
            "低年级一组",
            private=True,
        ),
    ),
    key=("number",),
    rules=(_born_as_the_number_says,),
    name=lambda row: row.number,
)

GUARDIANS = Sheet(
    "监护人",
    "guardians",
    GuardianRow,
    "儿童的监护人，一人一行。姓名和电话加密保存。",
    (
        Column(
            "儿童编号",
            "child",
            Reference("children", "“儿童”表中的儿童编号", longest=20),
            "是哪一名儿童的监护人。",
            "C001",
            private=True,
        ),
        Column("监护人姓名", "name", Text(80), "与身份证件一致。", "测某", private=True),
        Column("关系", "relation", Choice(Relation), "监护人是儿童的什么人。", "母亲", private=True),
        Column("电话", "phone", Phone(), "能随时联系到的电话，按文本填写。", demo_phone(1), private=True),
    ),
    key=("child", "name"),
)
