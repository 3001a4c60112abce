"""The network guard itself."""

from __future__ import annotations

import socket

import pytest

from tests.conftest import NetworkRefusedError


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0), ("registry.example", 443)])
def test_leaving_the_machine_is_refused(address):
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(family) as leaving, pytest.raises(NetworkRefusedError, match="stay on this machine"):
        leaving.connect(address)


def test_datagrams_are_refused_too():
    with socket.socket(type=socket.SOCK_DGRAM) as leaving, pytest.raises(NetworkRefusedError):
        leaving.sendto(b"", ("192.0.2.1", 53))


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        with accepted:
            client.sendall(b"x")
            assert accepted.recv(1) == b"x"
