"""Stations, sites, rooms and ways of the demo: a county centre, a street station and its fourteen communities."""

import random
from typing import Final

from core.domain.vocabulary import Feature, StationKind, VenueKind, Zone
from core.services.workbook.content import RoomRow, StationRow, TravelRow, VenueRow

COUNTY: Final = "晋江市未成年人保护中心"
STATION: Final = "青阳街道未成年人保护工作站"
CENTRE: Final = "青阳街道文体中心"
PRIMARY: Final = "虚构实验小学"
MIDDLE: Final = "虚构第二中学"
PARK: Final = "虚构河滨公园"
#: Each with what its public address ends with.
COMMUNITIES: Final = {
    "阳光": "yangguang",
    "莲屿": "lianyu",
    "青华": "qinghua",
    "锦青": "jinqing",
    "永福里": "yongfuli",
    "陈村": "chencun",
    "青新": "qingxin",
    "晓升": "xiaosheng",
    "曾井": "zengjing",
    "霞行": "xiaxing",
    "高霞": "gaoxia",
    "普照": "puzhao",
    "洪宅垵": "hongzhaian",
    "象山": "xiangshan",
}
COMMUNITY_STATIONS: Final = tuple(f"{name}社区" for name in COMMUNITIES)
#: The 1,600 square metres of the centre.
_CENTRE_ROOMS: Final = (
    ("值班办公室", Zone.OFFICE, 8, (), 0),
    ("档案办公室", Zone.OFFICE, 6, (), 0),
    ("多功能厅", Zone.ACTIVITY, 80, (Feature.PROJECTOR, Feature.PIANO), 15),
    ("阅览室", Zone.ACTIVITY, 40, (Feature.QUIET,), 10),
    ("手工美术室", Zone.ACTIVITY, 30, (Feature.SINKS,), 20),
    ("科学电脑室", Zone.ACTIVITY, 30, (Feature.COMPUTERS, Feature.PROJECTOR), 10),
    ("舞蹈室", Zone.ACTIVITY, 30, (Feature.SPORTS_FLOOR, Feature.PIANO), 10),
    ("亲子活动室", Zone.ACTIVITY, 30, (), 10),
    ("心理咨询室一", Zone.PRIVATE, 6, (Feature.QUIET,), 15),
    ("心理咨询室二", Zone.PRIVATE, 6, (Feature.QUIET,), 15),
    ("团体沙盘室", Zone.PRIVATE, 12, (Feature.QUIET,), 15),
    ("开放广场", Zone.OUTDOOR, 200, (), 0),
    ("风雨球场", Zone.OUTDOOR, 80, (Feature.SPORTS_FLOOR,), 10),
)
_SCHOOL_ROOMS: Final = (
    ("一〇一教室", Zone.ACTIVITY, 45, (Feature.PROJECTOR,), 10),
    ("一〇二教室", Zone.ACTIVITY, 45, (Feature.PROJECTOR,), 10),
    ("操场", Zone.OUTDOOR, 300, (Feature.SPORTS_FLOOR,), 0),
)


def stations() -> tuple[StationRow, ...]:
    """Return the county centre, the street station and the communities."""
    below = [
        StationRow(
            name=f"{name}社区", kind=StationKind.COMMUNITY, parent=STATION, slug=slug, address=f"{name}社区居委会"
        )
        for name, slug in COMMUNITIES.items()
    ]
    return (
        StationRow(name=COUNTY, kind=StationKind.COUNTY, slug="jinjiang"),
        StationRow(name=STATION, kind=StationKind.STATION, parent=COUNTY, slug="qingyang", address="青阳街道虚构路1号"),
        *below,
    )


def committee(community: str) -> str:
    """Return the name of a community's site."""
    return f"{community}居委会"


def venues() -> tuple[VenueRow, ...]:
    """Return the centre, the partner schools, the park and a site in each community."""
    own = (
        (CENTRE, VenueKind.CENTRE),
        (PRIMARY, VenueKind.SCHOOL),
        (MIDDLE, VenueKind.SCHOOL),
        (PARK, VenueKind.OUTDOOR),
    )
    return (
        *(VenueRow(station=STATION, name=name, kind=kind, address="青阳街道虚构路") for name, kind in own),
        *(
            VenueRow(station=name, name=committee(name), kind=VenueKind.COMMUNITY, address=f"{name}虚构路1号")
            for name in COMMUNITY_STATIONS
        ),
    )


def rooms() -> tuple[RoomRow, ...]:
    """Return all rooms; every community has a room for activities and a children's home."""
    rows = [_room(CENTRE, *room) for room in _CENTRE_ROOMS]
    rows += [_room(school, *room) for school in (PRIMARY, MIDDLE) for room in _SCHOOL_ROOMS]
    rows.append(_room(PARK, "草坪", Zone.OUTDOOR, 200, (), 0))
    for community in COMMUNITY_STATIONS:
        rows.append(_room(committee(community), "社区活动室", Zone.ACTIVITY, 30, (), 10))
        rows.append(_room(committee(community), "儿童之家", Zone.ACTIVITY, 25, (), 10))
    return tuple(rows)


def travel(rng: random.Random) -> tuple[TravelRow, ...]:
    """Return the ways from the centre to all other sites, 5 to 25 minutes."""
    others = [venue.name for venue in venues() if venue.name != CENTRE]
    return tuple(TravelRow(from_venue=CENTRE, to_venue=other, minutes=rng.randrange(5, 26, 5)) for other in others)


def _room(venue: str, name: str, zone: Zone, capacity: int, features: tuple[Feature, ...], turnover: int) -> RoomRow:
    return RoomRow(venue=venue, name=name, zone=zone, capacity=capacity, features=features, turnover=turnover)
