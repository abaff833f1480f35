"""How many adults look after so many children of an age."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class AgeRatio:
    """Children up to an age, in whole years, and how many of them one adult may look after."""

    up_to_age: int
    children_per_adult: int
    source: str = ""


#: What holds for a station that has entered no ratios of its own. The trial standard for nurseries of 2019 allows 7
#: children of two years to an adult, the standard of 2013 for kindergarten staff 7 to 9 from three years on.
USUAL: Final = (
    AgeRatio(3, 5, "严于《托育机构设置标准（试行）》（2019）托大班1:7"),
    AgeRatio(6, 8, "参照《幼儿园教职工配备标准（暂行）》（2013）全日制1:7至1:9"),
    AgeRatio(9, 10, "本站规定"),
    AgeRatio(17, 15, "本站规定"),
)


def adults_for(children: int, youngest: int, ratios: Sequence[AgeRatio] = USUAL) -> int:
    """Return how many adults so many children take, by the ratio for the youngest; at least one.

    Beyond the highest age that is named, the ratio of that age holds.
    """
    by_age = sorted(ratios or USUAL, key=lambda ratio: ratio.up_to_age)
    ratio = next((one for one in by_age if youngest <= one.up_to_age), by_age[-1])
    return max(1, -(-children // ratio.children_per_adult))
