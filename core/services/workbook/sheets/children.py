"""The sheets of groups, children and guardians; their columns are private but for the groups' own."""

from datetime import date

from core.domain.child_file import Grade, IdDocument
from core.domain.errors import Message
from core.domain.id_numbers import Sex, demo_id_number, is_id_number
from core.domain.phones import demo_phone
from core.domain.vocabulary import ChildCategory, Relation
from core.services.workbook.columns import Column, Complaint, Sheet, in_order
from core.services.workbook.content import ChildRow, GroupRow, GuardianRow
from core.services.workbook.kinds import BirthDay, Choice, Flag, Number, Text
from core.services.workbook.sheets.shared import STATION
from core.services.workbook.trade_kinds import DocumentNumber, Phone, Reference, Several


def born_on(row: ChildRow) -> date:
    """Return the date of birth that the row, or else the child's checked ID number, tells."""
    if row.birth_date is not None:
        return row.birth_date
    number = row.id_number or ""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(row: ChildRow) -> Sex | None:
    """Return the sex that the child's checked ID number, or else the row, tells."""
    if row.id_number is None or not document_of(row).is_checked:
        return row.sex
    return Sex.MALE if int(row.id_number[16]) % 2 else Sex.FEMALE


def document_of(row: ChildRow) -> IdDocument:
    """Return by which document the child is known: the resident ID card, where the row doesn't say another."""
    return row.document or IdDocument.RESIDENT_ID


def _document_as_it_should_be(row: ChildRow) -> Complaint | None:
    if document_of(row) is IdDocument.NONE:
        number_too = Message("A number is entered: choose of which document it is.")
        return ("document", number_too) if row.id_number else None
    if row.id_number is None:
        return "id_number", Message("Enter the number, or choose that there is no document yet.")
    if document_of(row).is_checked and not is_id_number(row.id_number):
        return "id_number", Message("An ID number has 18 characters: compare it with the card.")
    return None


def _born_as_the_number_says(row: ChildRow) -> Complaint | None:
    if _document_as_it_should_be(row) is not None:
        return None
    if row.id_number is None or not document_of(row).is_checked:
        lacking = Message("Enter the date of birth: there is no ID number that says it.")
        return ("birth_date", lacking) if row.birth_date is None else None
    if row.birth_date is not None and f"{row.birth_date:%Y%m%d}" != row.id_number[6:14]:
        return "birth_date", Message("The date of birth differs from the one in the ID number: compare both.")
    if row.sex not in {None, sex_of(row)}:
        return "sex", Message("The sex differs from the one in the ID number: compare both.")
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
            "身份证号",
            "id_number",
            DocumentNumber(),
            "身份证或其他证件的号码，按文本填写；暂无证件的不填。",
            demo_id_number(date(2015, 1, 1), 1),
            private=True,
        ),
        Column(
            "证件类型", "document", Choice(IdDocument), "哪种证件的号码；不填为居民身份证。", "居民身份证", private=True
        ),
        Column("出生日期", "birth_date", BirthDay(), "有身份证号的可不填。", "2015-01-01", private=True),
        Column("性别", "sex", Choice(Sex), "与身份证号一致；有身份证号的可不填。", "男", private=True),
        Column("民族", "ethnicity", Text(20), "如“汉族”。", "汉族", private=True),
        Column("学校", "school", Text(80), "现在就读的学校。", "测试小学", private=True),
        Column("年级", "grade", Choice(Grade), "本学年的年级。", "三年级", private=True),
        Column("住址", "address", Text(200), "现在的住址。", "测试路2号", private=True),
        Column("户籍地址", "registered_address", Text(200), "户口簿上的地址。", "测试路2号", private=True),
        Column("健康情况", "health", Text(500), "过敏、用药等活动中必须注意的事项。", "花生过敏", private=True),
        Column("饮食", "diet", Text(500), "忌口等用餐时必须注意的事项。", "清真", private=True),
        Column("紧急联系人", "emergency_name", Text(80), "紧急情况下先找谁。", "测某", private=True),
        Column("紧急联系人关系", "emergency_relation", Text(80), "是儿童的什么人。", "姑姑", private=True),
        Column("紧急联系电话", "emergency_phone", Phone(), "能随时打通的电话。", demo_phone(3), private=True),
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
    rules=(_document_as_it_should_be, _born_as_the_number_says),
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
        Column("其他电话", "more_phones", Several(Phone()), "还可拨打的电话。", demo_phone(2), private=True),
        Column("监护人住址", "address", Text(200), "与儿童不住在一起时填写。", "测试路3号", private=True),
    ),
    key=("child", "name"),
)
