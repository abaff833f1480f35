"""What holds for every test: how hard property tests try, what passwords cost, that nobody reaches the network."""

import gc
import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from core.domain.errors import DomainError
from core.security import passwords
from tests.said import checked

#: As little as Argon2 does: tests sign in thousands of times.
COSTLY = passwords.HASHING
CHEAP = {**COSTLY, "argon2__memory_cost": 8, "argon2__time_cost": 1}
settings.register_profile("dev", max_examples=30, deadline=None)
# The same examples on every machine, and no deadline: other work may share its cores.
settings.register_profile("ci", max_examples=25, derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "verify", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


# Tests make and drop applications and databases by the thousand: the collector's rounds were a fifth of their time.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """Leave what was imported out of the collector's rounds."""
    gc.freeze()


class NetworkRefusedError(RuntimeError):
    """A test tried to reach a machine other than this one."""


def is_this_machine(host: object) -> bool:
    """Tell whether a host name or address is this machine's own; names other than localhost are never looked up."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name in {"", "localhost"}


def refuse_others(family: int, address: Any) -> None:
    """Raise `NetworkRefusedError` for an internet address beyond this machine; local sockets have no host."""
    if family in {socket.AF_INET, socket.AF_INET6} and not is_this_machine(address[0]):
        raise NetworkRefusedError(f"{address[0]!r} is beyond this machine, and tests stay on it.")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse connections, datagrams and name look-ups that would leave this machine."""
    connect, connect_ex, sendto, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.socket.sendto,
        socket.getaddrinfo,
    )

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_others(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_others(self.family, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        refuse_others(self.family, rest[-1])
        return sendto(self, data, *rest)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> list[Any]:
        refuse_others(socket.AF_INET, (host,))
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket.socket, "sendto", guarded_sendto)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Let passwords cost little; tests about their cost ask for `costly_passwords`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHING", CHEAP)
        yield


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost what they cost in an installation."""
    monkeypatch.setattr(passwords, "HASHING", COSTLY)


@pytest.fixture(scope="session", autouse=True)
def refusals_are_translated() -> Iterator[None]:
    """Let no error pass whose sentence nobody has translated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DomainError, "__init__", checked)
        yield
