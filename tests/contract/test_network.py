"""The guard in tests/conftest.py: a test that reaches out fails, and does so without sending anything."""

import socket
import urllib.request

import pytest

# RFC 5737 keeps this address for documentation: nothing answers there.
ELSEWHERE = "192.0.2.1"


@pytest.mark.parametrize("call", ["connect", "connect_ex"])
def test_a_connection_to_another_machine_is_refused(call: str) -> None:
    with socket.socket() as plug, pytest.raises(RuntimeError, match="beyond this machine"):
        getattr(plug, call)((ELSEWHERE, 443))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plug, pytest.raises(RuntimeError, match="beyond this machine"):
        plug.sendto(b"hello", (ELSEWHERE, 53))


def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(RuntimeError, match="beyond this machine"):
        urllib.request.urlopen("http://example.org/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_answers(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection((host, server.getsockname()[1])) as client:
            client.sendall(b"hello")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(5) == b"hello"
