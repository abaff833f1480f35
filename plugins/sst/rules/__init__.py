"""What the planner keeps for the program, one rule a file; the contribution says what they act on."""

from typing import Final

from plugins.sst.rules.contribution import contribution
from plugins.sst.rules.days_between import DaysBetween
from plugins.sst.rules.familiar_face import FamiliarFace
from plugins.sst.rules.quiet_room import QuietRoom
from plugins.sst.rules.same_lead import SameLead

RULES: Final = (FamiliarFace(), SameLead(), DaysBetween(), QuietRoom())

__all__ = ["RULES", "DaysBetween", "FamiliarFace", "QuietRoom", "SameLead", "contribution"]
