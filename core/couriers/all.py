"""The couriers of an installation, by channel: those that its settings set up."""

from collections.abc import Mapping

from core.config import NoticeWays
from core.couriers.letter import Courier
from core.couriers.mail import MailCourier
from core.couriers.sms import SmsCourier
from core.couriers.webhook import WebhookCourier
from core.couriers.wecom import WeComCourier
from core.domain.notices import Channel


def couriers_of(ways: NoticeWays) -> Mapping[Channel, Courier]:
    """Return the courier of each channel that is set up."""
    made: dict[Channel, Courier] = {}
    if ways.mail is not None:
        made[Channel.MAIL] = MailCourier(ways.mail)
    if ways.wecom is not None:
        made[Channel.WECOM] = WeComCourier(ways.wecom)
    if ways.sms is not None:
        made[Channel.SMS] = SmsCourier(ways.sms)
    if ways.webhook is not None:
        made[Channel.WEBHOOK] = WebhookCourier(ways.webhook)
    return made
