"""Every sheet of the workbook, declared once: its columns, which words it allows, what it explains."""

from core.services.workbook.columns import Sheet
from core.services.workbook.sheets.activities import ACTIVITIES, LIKES, ROLES
from core.services.workbook.sheets.calendar import CLOSURES, HOURS, SCHOOL_BREAKS, TERMS
from core.services.workbook.sheets.children import CHILDREN, GROUPS, GUARDIANS
from core.services.workbook.sheets.places import ROOMS, STATIONS, TRAVEL, VENUES
from core.services.workbook.sheets.volunteers import AVAILABILITIES, BLACKOUTS, CLEARANCES, SKILLS, VOLUNTEERS

#: In the order in which people fill them in: what a sheet refers to comes before it.
SHEETS: tuple[Sheet, ...] = (
    STATIONS,
    VENUES,
    ROOMS,
    TRAVEL,
    HOURS,
    CLOSURES,
    TERMS,
    SCHOOL_BREAKS,
    GROUPS,
    CHILDREN,
    GUARDIANS,
    VOLUNTEERS,
    SKILLS,
    CLEARANCES,
    AVAILABILITIES,
    BLACKOUTS,
    ACTIVITIES,
    ROLES,
    LIKES,
)
#: Sheets that hold no rows: the explanation of every column, and the lists to choose from.
EXPLANATIONS = "说明"
LISTS = "选项"
BY_ATTRIBUTE = {sheet.attribute: sheet for sheet in SHEETS}

__all__ = ["BY_ATTRIBUTE", "EXPLANATIONS", "LISTS", "SHEETS"]
