"""The demo's town, as programs may know it when they bring their activities."""

from typing import Final

from core.domain.calendar.span import Span
from core.hooks.demo import DemoTown
from core.services.demo.children import CIRCLES, FAMILIES, MIDDLE_GROUPS, OLD_GROUPS, YOUNG_GROUPS
from core.services.demo.days import AUTUMN, FESTIVAL, SHORT_WEEKEND, WINTER
from core.services.demo.places import CENTRE, COMMUNITY_STATIONS, MIDDLE, PARK, PRIMARY, committee


def _rooms(venue: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{venue}/{name}" for name in names)


TOWN: Final = DemoTown(
    autumn=AUTUMN,
    winter=WINTER,
    festival=Span(*FESTIVAL),
    away=Span(*SHORT_WEEKEND),
    young=YOUNG_GROUPS,
    middle=MIDDLE_GROUPS,
    old=OLD_GROUPS,
    families=FAMILIES,
    circles=CIRCLES,
    schools={school: _rooms(school, "一〇一教室", "一〇二教室") for school in (PRIMARY, MIDDLE)},
    fields={school: f"{school}/操场" for school in (PRIMARY, MIDDLE)},
    communities=tuple(room for name in COMMUNITY_STATIONS for room in _rooms(committee(name), "社区活动室")),
    homes=tuple(room for name in COMMUNITY_STATIONS for room in _rooms(committee(name), "儿童之家")),
    computers=f"{CENTRE}/科学电脑室",
    park=f"{PARK}/草坪",
)
