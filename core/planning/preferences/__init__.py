"""The soft terms, one a file: what makes one plan better than another."""

from core.planning.preferences.base import Preference
from core.planning.preferences.enough_days import EnoughDays
from core.planning.preferences.every_session_held import EverySessionHeld
from core.planning.preferences.fair_load import FairLoad
from core.planning.preferences.few_gaps import FewGaps
from core.planning.preferences.few_trips import FewTrips
from core.planning.preferences.likes_followed import LikesFollowed
from core.planning.preferences.no_crowding import NoCrowding
from core.planning.preferences.one_room import OneRoom
from core.planning.preferences.one_time_of_day import OneTimeOfDay
from core.planning.preferences.people_kept import PeopleKept
from core.planning.preferences.required_places_filled import RequiredPlacesFilled
from core.planning.preferences.rooms_kept import RoomsKept
from core.planning.preferences.same_faces import SameFaces
from core.planning.preferences.times_kept import TimesKept
from core.planning.preferences.wanted_places_filled import WantedPlacesFilled

DEFAULT_PREFERENCES: tuple[Preference, ...] = (
    EverySessionHeld(),
    RequiredPlacesFilled(),
    WantedPlacesFilled(),
    OneRoom(),
    OneTimeOfDay(),
    SameFaces(),
    EnoughDays(),
    FewGaps(),
    FewTrips(),
    FairLoad(),
    LikesFollowed(),
    NoCrowding(),
    TimesKept(),
    RoomsKept(),
    PeopleKept(),
)
