"""Text messages by Alibaba Cloud's SendSms (2017-05-25), signed by its method V3 (ACS3-HMAC-SHA256).

In China a message is an approved text with blanks; the provider knows it by a code, and a letter fills the blanks.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from hmac import new
from secrets import token_hex
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from core.config import SmsProvider
from core.couriers.http import call
from core.couriers.letter import Letter, NotDeliveredError

_ACTION: Final = "SendSms"
_VERSION: Final = "2017-05-25"
_METHOD: Final = "ACS3-HMAC-SHA256"
_DEFAULT: Final = "default"
#: Providers refuse a message whose blanks are filled with more.
LONGEST_VALUE: Final = 35
#: What no other try changes: it is about the number.
_FINAL: Final = frozenset({"isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT"})


class SmsCourier:
    """Asks the provider to send."""

    def __init__(self, provider: SmsProvider) -> None:
        self._provider = provider
        pairs = (part.partition("=") for part in provider.templates.split(","))
        self._templates = {kind.strip(): code.strip() for kind, _, code in pairs}

    def deliver(self, letter: Letter) -> None:
        """Have the letter's values sent in the text approved for its kind; final where there is none."""
        template = self._templates.get(letter.kind) or self._templates.get(_DEFAULT)
        if template is None:
            raise NotDeliveredError("sms_no_template", final=True)
        provider = self._provider
        values = {name: str(value)[:LONGEST_VALUE] for name, value in letter.values.items()}
        query = canonical(
            {
                "PhoneNumbers": letter.to,
                "SignName": provider.sign_name,
                "TemplateCode": template,
                "TemplateParam": json.dumps(values, ensure_ascii=False),
                "OutId": letter.id,
            }
        )
        headers = {
            "host": urlsplit(provider.url).netloc,
            "x-acs-action": _ACTION,
            "x-acs-version": _VERSION,
            "x-acs-date": f"{letter.at:%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": token_hex(16),
            "x-acs-content-sha256": sha256(b"").hexdigest(),
        }
        headers["Authorization"] = authorization(provider.key_id, provider.key_secret, query, headers)
        answer = call("POST", f"{provider.url}/?{query}", headers=headers).json()
        if (code := str(answer.get("Code", "no_code"))) != "OK":
            raise NotDeliveredError(f"sms_{code}", final=code in _FINAL)


def canonical(parameters: Mapping[str, str]) -> str:
    """Return the parameters by name, written as RFC 3986 has it: a space is %20."""
    return urlencode(sorted(parameters.items()), quote_via=quote, safe="~")


def authorization(key_id: str, key_secret: str, query: str, headers: Mapping[str, str]) -> str:
    """Return the header with which the provider knows a call without a body; all `headers` are signed."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(("POST", "/", query, lines, names, headers["x-acs-content-sha256"]))
    signed = f"{_METHOD}\n{sha256(request.encode()).hexdigest()}"
    seal = new(key_secret.encode(), signed.encode(), sha256).hexdigest()
    return f"{_METHOD} Credential={key_id},SignedHeaders={names},Signature={seal}"
