"""The exchange format: problems as `weibao.allocation/1`, allocations as `weibao.places/1`, in JSON and back."""

from typing import Any

from core.allocation.node import Node
from core.allocation.problem import (
    Activity,
    Aim,
    Child,
    Pin,
    Problem,
    Range,
    Settings,
    Shared,
    Together,
    Togetherness,
    Way,
)
from core.allocation.result import AimValue, Allocation, Status

PROBLEM_FORMAT = "weibao.allocation/1"
ALLOCATION_FORMAT = "weibao.places/1"


def problem_from_json(value: object) -> Problem:
    """Return the problem written as JSON; MalformedAllocationError names the place and the reason if it can't be."""
    node = Node(value)
    node.only(("format", "term", "seed", "settings", "children", "activities", "together", "shared", "pins", "ways"))
    node["format"].one_of((PROBLEM_FORMAT,))
    return Problem(
        term=node["term"].text(),
        seed=node["seed"].text(),
        settings=_settings(node["settings"]),
        children=node["children"].each(_child),
        activities=node["activities"].each(_activity),
        together=node.some("together", _together),
        shared=node.some("shared", _shared),
        pins=node.some("pins", _pin),
        ways=node.some("ways", _way),
    )


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """Return the problem as the format writes it; what is as usual is left out of children and activities."""
    return {
        "format": PROBLEM_FORMAT,
        "term": problem.term,
        "seed": problem.seed,
        "settings": {
            "aims": [aim.value for aim in problem.settings.aims],
            "together": problem.settings.together.value,
            "minutes_between": problem.settings.minutes_between,
            "held_back_percent": problem.settings.held_back_percent,
        },
        "children": [_child_json(child) for child in problem.children],
        "activities": [_activity_json(activity) for activity in problem.activities],
        "together": [{"id": each.id, "children": list(each.children)} for each in problem.together],
        "shared": [{"id": each.id, "activities": list(each.activities), "most": each.most} for each in problem.shared],
        "pins": [{"child": pin.child, "activity": pin.activity, "place": pin.place} for pin in problem.pins],
        "ways": [[way.origin, way.destination, way.minutes] for way in problem.ways],
    }


def allocation_from_json(value: object) -> Allocation:
    """Return the allocation written as JSON; MalformedAllocationError names the place if it can't be read."""
    node = Node(value)
    node.only(("format", "problem", "seed", "places", "opened", "aims", "status", "seconds", "version"))
    node["format"].one_of((ALLOCATION_FORMAT,))
    return Allocation(
        problem=node["problem"].text(),
        seed=node["seed"].text(),
        places={child: places.each(Node.text) for child, places in node["places"].members()},
        opened=frozenset(node["opened"].each(Node.text)),
        aims=node.some("aims", _aim),
        status=node["status"].word(Status),
        seconds=node["seconds"].duration(),
        version=node["version"].text(),
    )


def allocation_to_json(allocation: Allocation) -> dict[str, Any]:
    """Return the allocation as the format writes it: ids in order, so that the same places give the same text."""
    return {
        "format": ALLOCATION_FORMAT,
        "problem": allocation.problem,
        "seed": allocation.seed,
        "places": {child: sorted(allocation.places[child]) for child in sorted(allocation.places)},
        "opened": sorted(allocation.opened),
        "aims": [
            {"aim": each.aim.value, "rank": each.rank, "value": each.value, "bound": each.bound}
            for each in allocation.aims
        ],
        "status": allocation.status.value,
        "seconds": round(allocation.seconds, 3),
        "version": allocation.version,
    }


def _settings(node: Node) -> Settings:
    node.only(("aims", "together", "minutes_between", "held_back_percent"))
    usual = Settings()
    aims, together = node.get("aims"), node.get("together")
    return Settings(
        aims=usual.aims if aims is None else aims.each(lambda each: each.word(Aim)),
        together=usual.together if together is None else together.word(Togetherness),
        minutes_between=node.count("minutes_between", usual.minutes_between),
        held_back_percent=node.count("held_back_percent", usual.held_back_percent),
    )


_CHILD = ("id", "age", "wishes", "grade", "older_from", "community", "most", "most_per_day", "held_back", "empty_terms")


def _child(node: Node) -> Child:
    node.only(_CHILD)
    older = node.get("older_from")
    return Child(
        id=node["id"].text(),
        age=node["age"].whole(0),
        wishes=node["wishes"].each(Node.text),
        grade=node.number("grade"),
        older_from=None if older is None else older.day(),
        community=node.name("community"),
        most=node.count("most", 1),
        most_per_day=node.number("most_per_day"),
        held_back=node.flag_of("held_back", default=False),
        empty_terms=node.count("empty_terms", 0),
    )


def _child_json(child: Child) -> dict[str, Any]:
    written = {
        "grade": child.grade,
        "older_from": None if child.older_from is None else child.older_from.isoformat(),
        "community": child.community,
        "most": None if child.most == 1 else child.most,
        "most_per_day": child.most_per_day,
        "held_back": child.held_back or None,
        "empty_terms": child.empty_terms or None,
    }
    return {"id": child.id, "age": child.age, "wishes": list(child.wishes), **_told(written)}


_ACTIVITY = (
    *("id", "capacity", "minimum", "times", "ages", "grades", "communities", "place", "series"),
    *("room_ready", "staffed", "held_back"),
)


def _activity(node: Node) -> Activity:
    node.only(_ACTIVITY)
    ages, grades, communities = (node.get(key) for key in ("ages", "grades", "communities"))
    return Activity(
        id=node["id"].text(),
        capacity=node["capacity"].whole(0),
        minimum=node.count("minimum", 1),
        times=node.some("times", Node.interval),
        ages=None if ages is None else ages.range(),
        grades=None if grades is None else grades.range(),
        communities=None if communities is None else frozenset(communities.each(Node.text)),
        place=node.name("place"),
        series=node.name("series"),
        room_ready=node.flag_of("room_ready", default=True),
        staffed=node.number("staffed"),
        held_back=node.number("held_back"),
    )


def _activity_json(activity: Activity) -> dict[str, Any]:
    written = {
        "ages": _list(activity.ages),
        "grades": _list(activity.grades),
        "communities": None if activity.communities is None else sorted(activity.communities),
        "place": activity.place,
        "series": activity.series,
        "room_ready": None if activity.room_ready else False,
        "staffed": activity.staffed,
        "held_back": activity.held_back,
    }
    times = [[start.isoformat(timespec="minutes"), end.isoformat(timespec="minutes")] for start, end in activity.times]
    return {
        "id": activity.id,
        "capacity": activity.capacity,
        "minimum": activity.minimum,
        "times": times,
        **_told(written),
    }


def _together(node: Node) -> Together:
    node.only(("id", "children"))
    return Together(node["id"].text(), node["children"].each(Node.text))


def _shared(node: Node) -> Shared:
    node.only(("id", "activities", "most"))
    return Shared(node["id"].text(), node["activities"].each(Node.text), node["most"].whole(0))


def _pin(node: Node) -> Pin:
    node.only(("child", "activity", "place"))
    return Pin(node["child"].text(), node["activity"].text(), node.flag_of("place", default=True))


def _way(node: Node) -> Way:
    origin, destination, minutes = node.triple()
    return Way(origin.text(), destination.text(), minutes.whole(0))


def _aim(node: Node) -> AimValue:
    node.only(("aim", "rank", "value", "bound"))
    rank = node.number("rank")
    return AimValue(node["aim"].word(Aim), node["value"].whole(), node["bound"].whole(), rank)


def _list(limits: Range | None) -> list[int] | None:
    return None if limits is None else list(limits)


def _told(members: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}
