"""What the planner keeps for parents: when they can come, in which order, and who looks after their children."""

from collections.abc import Sequence
from typing import Final

from core.plugin_api import Rule
from plugins.parent_school.rules.care_in_parallel import CareInParallel
from plugins.parent_school.rules.enough_carers import EnoughCarers
from plugins.parent_school.rules.evening_or_weekend import EveningOrWeekend

RULES: Final[Sequence[Rule]] = (EveningOrWeekend(), CareInParallel(), EnoughCarers())
