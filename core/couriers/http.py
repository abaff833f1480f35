"""Calls over HTTP, bounded in time and size; no proxy is asked and no redirection followed."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError, loads
from typing import Any, Final
from urllib.parse import urlsplit

from core.couriers.letter import NotDeliveredError

#: For each step of a call: reaching the other machine, sending, and each piece of the answer.
TIMEOUT_SECONDS: Final = 10.0
#: No answer that these calls wait for is longer.
_LONGEST_ANSWER: Final = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What the other machine said."""

    status: int
    content: bytes

    def json(self) -> Mapping[str, Any]:
        """Return the answer as a JSON object; NotDeliveredError where it is something else."""
        try:
            found = loads(self.content)
        except (JSONDecodeError, UnicodeDecodeError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise NotDeliveredError(f"http_{self.status}_no_json")
        return found


def call(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"", ca_file: str = ""
) -> Answer:
    """Return the answer of another machine, whatever its status; NotDeliveredError where none comes."""
    connection, path = _aim(url, ca_file)
    try:
        connection.request(method, path, body=body or None, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(_LONGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        # By its kind alone: the message may quote the address, and that may have a secret in it.
        raise NotDeliveredError(f"http_{type(error).__name__}") from None
    finally:
        connection.close()


def _aim(url: str, ca_file: str) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection that isn't made yet, and what to ask there for."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NotDeliveredError("http_address") from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if host and parts.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS), path
    if host and parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca_file or None)
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=context), path
    raise NotDeliveredError("http_address")
