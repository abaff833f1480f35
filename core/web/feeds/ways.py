"""Ways to subscribe, by the device in hand: what to do on it, step by step."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message
from core.web.qr import picture_of


class Device(StrEnum):
    """What somebody reads the page with, as far as it matters to calendars."""

    #: Its browser opens no calendars.
    WECHAT = "wechat"
    APPLE = "apple"
    ANDROID = "android"
    COMPUTER = "computer"


#: What tells a device in the header `User-Agent`, the first that is found.
_MARKS: Final = (
    ("MicroMessenger", Device.WECHAT),
    ("iPhone", Device.APPLE),
    ("iPad", Device.APPLE),
    ("Macintosh", Device.APPLE),
    ("Android", Device.ANDROID),
    ("HarmonyOS", Device.ANDROID),
    ("OpenHarmony", Device.ANDROID),
)


@dataclass(frozen=True)
class Way:
    """How to subscribe with some kind of program."""

    name: Message
    steps: tuple[Message, ...]


_WAYS: Final = MappingProxyType(
    {
        Device.APPLE: Way(
            Message("iPhone, iPad and Mac"),
            (
                Message("Tap “Open in a calendar program” and confirm the subscription."),
                Message("In WeChat first open this page in Safari: … at the top right."),
                Message(
                    "If nothing opens: Settings, Apps, Calendar, Calendar Accounts, Add Account, Other, the address."
                ),
            ),
        ),
        Device.ANDROID: Way(
            Message("Android and HarmonyOS phones"),
            (
                Message("Where the phone's own calendar offers to subscribe by address or to import a URL, paste it."),
                Message("Xiaomi, Huawei, OPPO and vivo differ: without such a line, install ICSx⁵ and paste it there."),
                Message("Google Calendar takes addresses on a computer only, and looks after changes once a day."),
            ),
        ),
        Device.COMPUTER: Way(
            Message("Computers"),
            (
                Message("Outlook: Add calendar, Subscribe from web, paste the address."),
                Message("Thunderbird: New calendar, On the network, paste the address."),
                Message("WPS and DingTalk calendars: Subscribe to a calendar, paste the address."),
            ),
        ),
    }
)


def device_of(user_agent: str) -> Device:
    """Return what kind of device names itself so."""
    return next((device for mark, device in _MARKS if mark in user_agent), Device.COMPUTER)


@dataclass(frozen=True)
class NewAddress:
    """A secret address that was just made, as it is shown this one time on a device; `of` names the calendar."""

    address: str
    device: Device
    of: str = ""

    @property
    def webcal(self) -> str:
        """The address as it opens the device's calendar."""
        return f"webcal://{self.address.partition('://')[2]}"

    @property
    def picture(self) -> str:
        """A QR code that opens the calendar of the phone that reads it, as a `data:` address."""
        return picture_of(self.webcal)

    @property
    def ways(self) -> tuple[tuple[Way, bool], ...]:
        """All ways, each with whether it is the one for the device."""
        return tuple((way, device is self.device) for device, way in _WAYS.items())
