"""Messages to members of the organization in WeChat Work (企业微信), by its `message/send`.

Its check for duplicates is asked for: the same text to the same person within half an hour is shown once.
"""

import json
import time
from threading import Lock
from typing import Final
from urllib.parse import urlencode

from core.config import WeCom
from core.couriers.http import call
from core.couriers.letter import Letter, NotDeliveredError

_DONE: Final = 0
#: The token is wrong, or has run out before its time.
_TOKEN_OVER: Final = frozenset({40014, 42001})
#: There is no such member, or the application isn't for them.
_NOBODY: Final = frozenset({40003, 60111, 81013})
#: What a text message may have, in UTF-8.
_LONGEST_TEXT: Final = 2048
#: How long before its end a token is no longer used.
_MARGIN_SECONDS: Final = 300
_DUPLICATE_SECONDS: Final = 1800


class WeComCourier:
    """Sends as an application of the organization's; its token is kept as long as it holds."""

    def __init__(self, account: WeCom) -> None:
        self._account = account
        self._lock = Lock()
        self._token, self._until = "", 0.0

    def deliver(self, letter: Letter) -> None:
        """Send the letter's text to a member; one who isn't there is final."""
        answer = self._send(letter, self._fresh())
        if answer[0] in _TOKEN_OVER:
            self._until = 0.0
            answer = self._send(letter, self._fresh())
        code, missing = answer
        if code != _DONE or missing:
            raise NotDeliveredError(f"wecom_{code}", final=bool(missing) or code in _NOBODY)

    def _send(self, letter: Letter, token: str) -> tuple[int, str]:
        """Return the error's number, 0 for none, and whom the message could not be sent to."""
        text = f"{letter.subject}\n\n{letter.text}".encode()[:_LONGEST_TEXT].decode(errors="ignore")
        body = {
            "touser": letter.to,
            "msgtype": "text",
            "agentid": self._account.agent_id,
            "text": {"content": text},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _DUPLICATE_SECONDS,
        }
        url = f"{self._account.url}/cgi-bin/message/send?{urlencode({'access_token': token})}"
        headers = {"Content-Type": "application/json"}
        answer = call("POST", url, headers=headers, body=json.dumps(body, ensure_ascii=False).encode()).json()
        return _number(answer.get("errcode")), str(answer.get("invaliduser") or "")

    def _fresh(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                asked = {"corpid": self._account.corp_id, "corpsecret": self._account.secret}
                answer = call("GET", f"{self._account.url}/cgi-bin/gettoken?{urlencode(asked)}").json()
                if (code := _number(answer.get("errcode"))) != _DONE:
                    raise NotDeliveredError(f"wecom_token_{code}")
                self._token = str(answer.get("access_token"))
                self._until = time.monotonic() + _number(answer.get("expires_in")) - _MARGIN_SECONDS
            return self._token


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
