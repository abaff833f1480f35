"""A program of the operator's own: JSON over HTTP, signed as Standard Webhooks 1.0 has it.

The signature is HMAC-SHA256 over `id.timestamp.body` with the shared secret; whoever is called checks it and the
timestamp, and drops an id that it has had.
"""

import json
from base64 import b64encode
from hashlib import sha256
from hmac import new
from typing import Final

from core.config import Webhook
from core.couriers.http import call
from core.couriers.letter import Letter, NotDeliveredError

_TAKEN: Final = range(200, 300)
_GONE: Final = 410


class WebhookCourier:
    """Calls the webhook."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook

    def deliver(self, letter: Letter) -> None:
        """Call it with the letter's kind and values; any 2xx is a yes, 410 a no for good."""
        content = {"type": letter.kind, "timestamp": letter.at.isoformat(), "data": dict(letter.values)}
        body = json.dumps(content, ensure_ascii=False).encode()
        sent = int(letter.at.timestamp())
        headers = {
            "Content-Type": "application/json",
            "Webhook-Id": letter.id,
            "Webhook-Timestamp": str(sent),
            "Webhook-Signature": signature(self._webhook.secret, letter.id, sent, body),
        }
        answer = call("POST", self._webhook.url, headers=headers, body=body)
        if answer.status not in _TAKEN:
            raise NotDeliveredError(f"http_{answer.status}", final=answer.status == _GONE)


def signature(secret: str, identifier: str, sent: int, body: bytes) -> str:
    """Return the signature of a call: `v1,` and the digest in base64; `sent` is in seconds since 1970."""
    signed = f"{identifier}.{sent}.".encode() + body
    return f"v1,{b64encode(new(secret.encode(), signed, sha256).digest()).decode()}"
