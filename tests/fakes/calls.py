"""A machine that answers calls over HTTP as it is told, and keeps them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps, loads
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Call:
    """One call as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return loads(self.body)


#: A status, and what is said as JSON or as it is.
Said = tuple[int, object]


@dataclass
class Calls:
    """What a machine was called for."""

    url: str = ""
    made: list[Call] = field(default_factory=list)
    answer: Callable[[Call], Said] = lambda _call: (200, {})


@contextmanager
def http_server() -> Iterator[Calls]:
    """Run such a machine on this one."""
    calls = Calls()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            calls.made.append(call := Call(self.command, parts.path, query, headers, body))
            status, said = calls.answer(call)
            content = said if isinstance(said, bytes) else dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 (so the library wants it)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        calls.url = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield calls
        server.shutdown()
