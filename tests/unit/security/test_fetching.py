"""Tests of fetching from strangers' addresses: what is refused before anything is sent, and what is cut off."""

import gzip
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address
from threading import Thread
from time import monotonic, sleep

import pytest

from core.security.addresses import is_public
from core.security.fetching import Fetched, FetchError, Ways, checked, fetch

PUBLIC = "93.184.216.34"
_CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
Answer = Callable[[socket.socket, bytes], None]


class Net:
    """A net of its own: names with what they lead to, one answer after the other; nothing leaves the process."""

    def __init__(self, names: dict[str, Sequence[list[str]]], *answers: Answer) -> None:
        self._names = {name: iter(found) for name, found in names.items()}
        self._answers = iter(answers)
        self.asked: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self.requests: list[bytes] = []

    @property
    def ways(self) -> Ways:
        """What a fetch goes by in this net."""
        return Ways(self._resolve, self._connect, _Trusting())  # type: ignore[arg-type]  # stands for a context

    def _resolve(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        return next(self._names[host], []) if host in self._names else [host]

    def _connect(self, address: str, port: int, _seconds: float) -> socket.socket:
        self.connected.append((address, port))
        ours, theirs = socket.socketpair()
        answer = next(self._answers)

        def serve() -> None:
            with theirs:
                request = b""
                while b"\r\n\r\n" not in request and (piece := theirs.recv(4096)):
                    request += piece
                self.requests.append(request)
                try:
                    answer(theirs, request)
                except OSError:
                    return

        Thread(target=serve, daemon=True).start()
        return ours


class _Trusting:
    def wrap_socket(self, line: socket.socket, **_asked: object) -> socket.socket:
        return line


def _says(*lines: str, body: bytes = b"") -> Answer:
    head = "\r\n".join([*lines, "", ""]).encode()
    return lambda line, _request: line.sendall(head + body)


def _moved(to: str, code: int = 302) -> Answer:
    return _says(f"HTTP/1.1 {code} Found", f"Location: {to}", "Content-Length: 0")


_FOUND = _says("HTTP/1.1 200 OK", 'ETag: "one"', body=_CALENDAR)


def _net(*answers: Answer, **names: Sequence[list[str]]) -> Net:
    return Net(
        {"calendar.example": [[PUBLIC]] * 9, **{name.replace("_", "."): found for name, found in names.items()}},
        *answers,
    )


def _fetched(net: Net, url: str = "https://calendar.example/a.ics", most: int = 10_000, **more: object) -> Fetched:
    return fetch(url, most=most, ways=net.ways, **more)  # type: ignore[arg-type]


INNER = [
    *("127.0.0.1", "127.8.8.8", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1"),
    *("169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    *("192.0.0.8", "192.88.99.1", "198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *(
        str(IPv4Address(0)),
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "100::1",
    ),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:93.184.216.34", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
    *("2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:db8::1", "3fff::1", "5f00::1", "::ffff:0:127.0.0.1"),
]


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INNER)
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(address: str) -> None:
    net = _net(_FOUND, inner_example=[[address]])
    with pytest.raises(FetchError, match="address"):
        _fetched(net, "https://inner.example/")
    assert net.connected == []


@pytest.mark.parametrize("address", INNER)
def test_a_redirect_that_leads_inside_is_refused(address: str) -> None:
    net = _net(_moved("https://inner.example/latest"), _FOUND, inner_example=[[address]])
    with pytest.raises(FetchError, match="address"):
        _fetched(net)
    assert net.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "url",
    [
        *("", "calendar.example/a.ics", "//calendar.example/", "https://", "https:///a", "https://?x", "http:a.ics"),
        *("file:///etc/passwd", "ftp://calendar.example/", "gopher://calendar.example/", "data:text/calendar,x"),
        *(
            "javascript:1",
            "dict://calendar.example/",
            "ldap://calendar.example/",
            "unix:///run/x.sock",
            "jar:https://x",
        ),
        *("https://user@calendar.example/", "https://user:word@calendar.example/", "https://@calendar.example/"),
        *("https://calendar.example:8443/", "http://calendar.example:443/", "https://calendar.example:80/"),
        *("https://calendar.example:22/", "http://calendar.example:6379/", "https://calendar.example:99999/"),
        *("https://calendar.example:0/", "https://calendar.example:x/", "https://[::1", "https://[fe80::1%25eth0]/"),
        *("https://calendar.example\\@inner.example/", "https://calendar.example/\r\nHost: inner.example"),
        *("https://calendar.example/ a", "https://cal%65ndar.example/", "https://cal\x00endar.example/"),
        *("https://calendar.example\tinner.example/", "https://a..b/", "https://" + "a" * 70 + ".example/"),
        "https://calendar.example/" + "a" * 2000,
    ],
)
def test_an_odd_address_is_refused_without_asking_for_its_name(url: str) -> None:
    net = _net(_FOUND)
    with pytest.raises(FetchError, match="address"):
        _fetched(net, url)
    assert net.asked == []


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "127.0.1", "0177.0.0.1", "0"),
        *("10.1", "3232235777", "169.254.43518", "0xa9fea9fe", "localhost", "LOCALHOST", "localhost."),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[0:0:0:0:0:0:0:1]"),
        *("①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1"),
    ],
)
def test_an_inner_address_in_the_url_is_refused_in_every_spelling(host: str) -> None:
    net = _net()
    ways = Ways(_of_this_machine, net.ways.connect, net.ways.tls)
    with pytest.raises(FetchError, match=r"address|name"):
        fetch(f"http://{host}/", most=100, ways=ways)
    assert net.connected == []


def _of_this_machine(host: str, port: int) -> list[str]:
    """Resolve as the system does, which knows the odd spellings of numbers, without asking anybody."""
    if host.lower() == "localhost":
        return ["127.0.0.1", "::1"]
    return [host] if ":" in host else [socket.inet_ntoa(socket.inet_aton(host))]


def test_one_inner_address_among_several_is_enough_to_refuse() -> None:
    net = _net(_FOUND, mixed_example=[[PUBLIC, "10.0.0.1"]])
    with pytest.raises(FetchError, match="address"):
        _fetched(net, "https://mixed.example/")
    assert net.connected == []


def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    net = _net(_FOUND, turning_example=[[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    assert _fetched(net, "https://turning.example/").content == _CALENDAR
    assert (net.asked, net.connected) == (["turning.example"], [(PUBLIC, 443)])


def test_a_name_that_turns_inside_between_two_hops_is_refused() -> None:
    net = _net(_moved("https://turning.example/again"), _FOUND, turning_example=[[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(FetchError, match="address"):
        _fetched(net, "https://turning.example/")
    assert net.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "to",
    [
        *("http://calendar.example/a.ics", "file:///etc/passwd", "https://calendar.example:8443/", "//127.0.0.1/x"),
        *("https://x@calendar.example/", "gopher://calendar.example/", "https://[::1]/", "http://169.254.169.254/"),
    ],
)
def test_a_redirect_is_judged_like_an_address_and_never_leads_to_less_safety(to: str) -> None:
    net = _net(_moved(to), _FOUND)
    with pytest.raises(FetchError, match="address"):
        _fetched(net)
    assert len(net.connected) == 1


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_few_redirects_are_followed(code: int) -> None:
    net = _net(_moved("/b.ics", code), _moved("https://other.example/c", code), _FOUND, other_example=[[PUBLIC]])
    assert _fetched(net).content == _CALENDAR
    assert net.asked == ["calendar.example", "calendar.example", "other.example"]


def test_redirects_end() -> None:
    with pytest.raises(FetchError, match="redirects"):
        _fetched(_net(*[_moved("/again")] * 9))


def test_nothing_of_ours_goes_along() -> None:
    net = _net(_says("HTTP/1.1 302 Found", "Set-Cookie: a=b", "Location: /b", "Content-Length: 0"), _FOUND)
    _fetched(net)
    sent = b"".join(net.requests).lower()
    assert b"host: calendar.example" in sent
    assert not any(word in sent for word in (b"cookie", b"authorization", b"referer"))


def test_what_has_not_changed_is_not_fetched_again() -> None:
    net = _net(_FOUND, _says("HTTP/1.1 304 Not Modified"))
    first = _fetched(net)
    assert _fetched(net, etag=first.etag) == Fetched(None, '"one"')
    assert b'If-None-Match: "one"' in net.requests[1]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_says("HTTP/1.1 404 Not Found"), "answer"),
        (_says("HTTP/1.1 304 Not Modified"), "answer"),
        (_says("HTTP/1.1 200 OK", body=b"x" * 20_000), "size"),
        (_says("HTTP/1.1 200 OK", "Content-Encoding: gzip", body=gzip.compress(b"x" * 10_000_000)), "size"),
        (_says("HTTP/1.1 200 OK", "Content-Encoding: gzip", body=b"no gzip"), "connection"),
        (_says("HTTP/1.1 200 OK", "Content-Encoding: br", body=b"?"), "answer"),
        (_says("HTTP/1.1 200 OK", "Content-Length: 100", body=b"short"), "connection"),
        (_says("HTTP/1.1 200 OK", f"X-Long: {'x' * 70_000}"), "connection"),
        (_says("HTTP/1.1 200 OK", *(f"X-{n}: 1" for n in range(200))), "connection"),
        (_says("SSH-2.0-OpenSSH"), "connection"),
        (_says(""), "connection"),
    ],
)
def test_an_answer_that_is_none_or_too_long_is_refused(answer: Answer, code: str) -> None:
    with pytest.raises(FetchError) as refused:
        _fetched(_net(answer))
    assert refused.value.code == code


def test_a_packed_calendar_is_unpacked() -> None:
    answer = _says("HTTP/1.1 200 OK", "Content-Encoding: gzip", body=gzip.compress(_CALENDAR))
    assert _fetched(_net(answer)).content == _CALENDAR


def _drips(start: bytes) -> Answer:
    def answer(line: socket.socket, _request: bytes) -> None:
        line.sendall(start)
        for _ in range(400):
            line.sendall(b"x")
            sleep(0.02)

    return answer


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_slow_drip_is_cut_off_wherever_it_begins(start: bytes) -> None:
    begun = monotonic()
    with pytest.raises(FetchError, match="time"):
        _fetched(_net(_drips(start)), seconds=0.3)
    assert monotonic() - begun < 2


def test_a_name_that_is_not_found_in_time_is_given_up() -> None:
    ways = Ways(lambda _host, _port: sleep(2) or [PUBLIC], _net().ways.connect, ssl.create_default_context())
    with pytest.raises(FetchError, match="name"):
        fetch("https://slow.example/", most=100, ways=ways, seconds=0.2)


@contextmanager
def _refusing() -> Iterator[Ways]:
    def connect(address: str, port: int, seconds: float) -> socket.socket:
        raise ConnectionRefusedError

    yield Ways(lambda _host, _port: [PUBLIC], connect, ssl.create_default_context())


def test_nobody_at_home_is_told_without_the_address() -> None:
    with _refusing() as ways, pytest.raises(FetchError) as refused:
        fetch("https://calendar.example/secret", most=100, ways=ways)
    assert (refused.value.code, "secret" in repr(refused.value)) == ("connection", False)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("webcal://Calendar.example/a.ics", "https://calendar.example/a.ics"),
        (" https://calendar.example ", "https://calendar.example/"),
        ("https://calendar.example:443/a?b=c#d", "https://calendar.example/a?b=c"),
        ("https://日历.example/文", "https://xn--jmr704b.example/%E6%96%87"),
    ],
)
def test_an_address_is_kept_as_it_is_fetched(url: str, kept: str) -> None:
    assert checked(url) == kept
