"""What the planner keeps for the program: time to practise, festivals, and no line twice running."""

from typing import Final

from plugins.character_ed.rules.before_the_festival import BeforeTheFestival
from plugins.character_ed.rules.no_line_twice_running import NoLineTwiceRunning
from plugins.character_ed.rules.time_to_practise import TimeToPractise

RULES: Final = (TimeToPractise(), BeforeTheFestival(), NoLineTwiceRunning())
