"""The kinds of activities in the demo: what all series of a kind have alike."""

from dataclasses import dataclass
from typing import Final

from core.domain.vocabulary import Feature, Skill, Zone
from core.services.workbook.content import RoleRow

#: The kinds of activities that the four programs offer, as the workbook's list shows them.
ACTIVITY_TYPES: Final = {
    "sst.companionship": "亲情陪伴",
    "sst.comfort_circle": "知心小圈",
    "character_ed.virtue_workshop": "美德工坊",
    "character_ed.service_day": "服务日",
    "school_link.homework_room": "作业辅导室",
    "school_link.open_campus": "校园开放日",
    "parent_school.lecture": "家长讲堂",
    "parent_school.counselling": "家庭辅导",
}


def _role(role: str, skill: Skill | None, required: int, wanted: int, *, continuity: bool = False) -> RoleRow:
    return RoleRow(activity="", role=role, skill=skill, required=required, wanted=wanted, continuity=continuity)


@dataclass(frozen=True)
class Kind:
    """What all activities of a type have alike: minutes, zones, who serves, whether the public hears of it."""

    type_key: str
    duration: int
    zones: tuple[Zone, ...]
    roles: tuple[RoleRow, ...]
    closed: bool = False
    features: tuple[Feature, ...] = ()


COMPANY = Kind(
    "sst.companionship",
    90,
    (Zone.ACTIVITY, Zone.OUTDOOR),
    (_role("陪伴员", Skill.CHILDCARE, 2, 3), _role("助手", None, 0, 1)),
)
HOME_VISIT = Kind(
    "sst.companionship", 90, (), (_role("陪伴员", Skill.CHILDCARE, 1, 2), _role("同行人", None, 1, 1)), closed=True
)
CIRCLE = Kind(
    "sst.comfort_circle",
    60,
    (Zone.PRIVATE,),
    (
        _role("心理辅导员", Skill.COUNSELLING, 1, 1, continuity=True),
        _role("陪伴员", Skill.CHILDCARE, 1, 2, continuity=True),
    ),
    closed=True,
)
WORKSHOP = Kind(
    "character_ed.virtue_workshop",
    90,
    (Zone.ACTIVITY,),
    (_role("工坊老师", Skill.TEACHING, 1, 1), _role("助手", None, 1, 2)),
)
SERVICE = Kind(
    "character_ed.service_day",
    150,
    (Zone.OUTDOOR, Zone.ACTIVITY),
    (_role("带队人", Skill.CHILDCARE, 2, 3), _role("急救员", Skill.FIRST_AID, 0, 1)),
)
HOMEWORK = Kind(
    "school_link.homework_room",
    120,
    (Zone.ACTIVITY,),
    (_role("辅导老师", Skill.TEACHING, 1, 2, continuity=True), _role("看护员", Skill.CHILDCARE, 1, 1)),
)
CAMPUS = Kind(
    "school_link.open_campus",
    120,
    (Zone.ACTIVITY, Zone.OUTDOOR),
    (_role("向导", Skill.TEACHING, 1, 2), _role("看护员", Skill.CHILDCARE, 1, 2)),
)
LECTURE = Kind(
    "parent_school.lecture",
    90,
    (Zone.ACTIVITY,),
    (_role("主讲人", Skill.TEACHING, 1, 1), _role("主持人", None, 1, 2)),
    features=(Feature.PROJECTOR,),
)
COUNSELLING = Kind(
    "parent_school.counselling",
    60,
    (Zone.PRIVATE,),
    (_role("心理辅导员", Skill.COUNSELLING, 1, 1, continuity=True), _role("陪同成人", None, 1, 1)),
    closed=True,
)
