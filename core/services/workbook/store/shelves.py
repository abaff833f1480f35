"""All shelves, in the order in which they are filled: what a row refers to is there before it."""

from core.services.workbook.store.calendar import CALENDAR
from core.services.workbook.store.children import CHILDREN
from core.services.workbook.store.places import PLACES
from core.services.workbook.store.shelf import Shelf
from core.services.workbook.store.timetable import TIMETABLE
from core.services.workbook.store.volunteers import VOLUNTEERS

SHELVES: tuple[Shelf, ...] = (*PLACES, *CALENDAR, *CHILDREN, *VOLUNTEERS, *TIMETABLE)
