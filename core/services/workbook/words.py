"""The Chinese words that stand in the workbook's cells for the codes of the vocabulary."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.domain.child_file import Grade, IdDocument
from core.domain.id_numbers import Sex
from core.domain.vocabulary import (
    ActivityLine,
    ChildCategory,
    Feature,
    Relation,
    Skill,
    StationKind,
    TermKind,
    VenueKind,
    VolunteerKind,
    Zone,
)

YES: Final = "是"
NO: Final = "否"
WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

#: By enumeration first: members of two enumerations with the same code are equal as text.
WORDS: Final[Mapping[type[StrEnum], Mapping[StrEnum, str]]] = MappingProxyType(
    {
        StationKind: {
            StationKind.COUNTY: "县中心",
            StationKind.STATION: "未保站",
            StationKind.COMMUNITY: "社区",
        },
        VenueKind: {
            VenueKind.CENTRE: "文体中心",
            VenueKind.COMMUNITY: "居委会",
            VenueKind.CHILDRENS_HOME: "儿童之家",
            VenueKind.SCHOOL: "合作学校",
            VenueKind.OUTDOOR: "户外场所",
        },
        Zone: {
            Zone.ACTIVITY: "活动区",
            Zone.PRIVATE: "私密区",
            Zone.OFFICE: "办公区",
            Zone.OUTDOOR: "开放区",
        },
        Feature: {
            Feature.PIANO: "钢琴",
            Feature.PROJECTOR: "投影",
            Feature.SPORTS_FLOOR: "运动地面",
            Feature.SINKS: "水池",
            Feature.COMPUTERS: "电脑",
            Feature.QUIET: "安静",
            Feature.IN_SIGHT: "有观察窗",
        },
        Skill: {
            Skill.TEACHING: "教学",
            Skill.CHILDCARE: "看护",
            Skill.COUNSELLING: "心理辅导",
            Skill.ART: "艺术",
            Skill.SPORT: "体育",
            Skill.LAW: "法律",
            Skill.SCIENCE: "科学",
            Skill.FIRST_AID: "急救",
        },
        ActivityLine: {
            ActivityLine.COMPANIONSHIP: "亲情陪伴",
            ActivityLine.COMFORT: "精神慰藉",
            ActivityLine.LEARNING: "知识补充",
            ActivityLine.INCLUSION: "社会融入",
            ActivityLine.VIRTUES: "美德传承",
        },
        VolunteerKind: {
            VolunteerKind.TEACHER: "教师",
            VolunteerKind.STUDENT: "大学生",
            VolunteerKind.WOMENS_FEDERATION: "巾帼志愿者",
            VolunteerKind.SOCIAL_WORKER: "青年社工",
            VolunteerKind.COMPANY: "企事业单位",
            VolunteerKind.PSYCHOLOGIST: "心理咨询师",
            VolunteerKind.LAWYER: "律师",
            VolunteerKind.STAFF: "本站工作人员",
            VolunteerKind.CONTRACTOR: "外包服务人员",
            VolunteerKind.SPEAKER: "讲师",
            VolunteerKind.ACCOMPANYING_TEACHER: "带队教师",
        },
        TermKind: {
            TermKind.WEEKENDS: "学期周末",
            TermKind.WINTER: "寒假",
            TermKind.SUMMER: "暑假",
            TermKind.SEASON: "学期周末与假期",
        },
        ChildCategory: {
            ChildCategory.UNATTENDED: "事实无人抚养",
            ChildCategory.ORPHAN: "孤儿",
            ChildCategory.SCATTERED_ORPHAN: "散居孤儿",
            ChildCategory.DISABLED: "残疾",
            ChildCategory.LOW_INCOME: "低保",
            ChildCategory.LEFT_BEHIND: "留守",
            ChildCategory.IN_DIFFICULTY: "困境",
            ChildCategory.OUT_OF_SCHOOL: "失学辍学",
            ChildCategory.SERIOUSLY_ILL: "大病",
        },
        Sex: {Sex.FEMALE: "女", Sex.MALE: "男"},
        IdDocument: {
            IdDocument.RESIDENT_ID: "居民身份证",
            IdDocument.RESIDENCE_PERMIT: "港澳台居民居住证",
            IdDocument.HOUSEHOLD_REGISTER: "户口簿",
            IdDocument.PASSPORT: "护照",
            IdDocument.NONE: "暂无证件",
        },
        Grade: {
            Grade.KINDERGARTEN: "幼儿园",
            Grade.PRIMARY_1: "一年级",
            Grade.PRIMARY_2: "二年级",
            Grade.PRIMARY_3: "三年级",
            Grade.PRIMARY_4: "四年级",
            Grade.PRIMARY_5: "五年级",
            Grade.PRIMARY_6: "六年级",
            Grade.MIDDLE_1: "初一",
            Grade.MIDDLE_2: "初二",
            Grade.MIDDLE_3: "初三",
            Grade.HIGH_1: "高一",
            Grade.HIGH_2: "高二",
            Grade.HIGH_3: "高三",
            Grade.VOCATIONAL: "中职",
            Grade.SPECIAL: "特殊教育学校",
            Grade.NONE: "未在学",
        },
        Relation: {
            Relation.MOTHER: "母亲",
            Relation.FATHER: "父亲",
            Relation.GRANDPARENT: "祖父母或外祖父母",
            Relation.RELATIVE: "其他亲属",
            Relation.OTHER: "其他监护人",
        },
    }
)


def word_of(member: StrEnum) -> str:
    """Return the word for a member of an enumeration."""
    return WORDS[type(member)][member]


def words_of(kind: type[StrEnum]) -> Mapping[str, StrEnum]:
    """Return the members of an enumeration by their words."""
    return {word: member for member, word in WORDS[kind].items()}
