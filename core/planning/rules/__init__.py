"""The hard rules, one a file: what no plan may ever break."""

from core.planning.rules.allowed_start import AllowedStart
from core.planning.rules.available_staff import AvailableStaff
from core.planning.rules.base import Rule
from core.planning.rules.bearable_load import BearableLoad
from core.planning.rules.begin_together import BeginTogether
from core.planning.rules.chosen_company import ChosenCompany
from core.planning.rules.each_session_once import EachSessionOnce
from core.planning.rules.few_faces import FewFaces
from core.planning.rules.fitting_room import FittingRoom
from core.planning.rules.groups_in_one_place import GroupsInOnePlace
from core.planning.rules.in_order import InOrder
from core.planning.rules.nobody_twice_at_once import NobodyTwiceAtOnce
from core.planning.rules.not_too_often_a_day import NotTooOftenADay
from core.planning.rules.not_without_the_other import NotWithoutTheOther
from core.planning.rules.on_different_days import OnDifferentDays
from core.planning.rules.one_before_the_other import OneBeforeTheOther
from core.planning.rules.one_role_each import OneRoleEach
from core.planning.rules.one_session_a_room import OneSessionARoom
from core.planning.rules.past_unchanged import PastUnchanged
from core.planning.rules.pins_kept import PinsKept
from core.planning.rules.room_holds_everyone import RoomHoldsEveryone
from core.planning.rules.room_is_open import RoomIsOpen
from core.planning.rules.safe_session import SafeSession
from core.planning.rules.same_venue import SameVenue
from core.planning.rules.skilled_staff import SkilledStaff
from core.planning.rules.staff_places import StaffPlaces
from core.planning.rules.willing_staff import WillingStaff

#: Any order gives the same plans. The first rules strike out much, which makes the model smaller for the others.
DEFAULT_RULES: tuple[Rule, ...] = (
    GroupsInOnePlace(),
    OneSessionARoom(),
    NobodyTwiceAtOnce(),
    EachSessionOnce(),
    AllowedStart(),
    FittingRoom(),
    RoomHoldsEveryone(),
    RoomIsOpen(),
    SkilledStaff(),
    AvailableStaff(),
    WillingStaff(),
    OneRoleEach(),
    StaffPlaces(),
    FewFaces(),
    BearableLoad(),
    SafeSession(),
    ChosenCompany(),
    InOrder(),
    NotTooOftenADay(),
    BeginTogether(),
    SameVenue(),
    OneBeforeTheOther(),
    OnDifferentDays(),
    NotWithoutTheOther(),
    PinsKept(),
    PastUnchanged(),
)
