"""Tests reach nothing but this machine: any other address fails the test."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


def _guarded(connect: Any) -> Any:  # noqa: ANN401 -- the socket\'s own method
    def guarded(self: socket.socket, address: Any) -> Any:  # noqa: ANN401 -- as the socket takes it
        if self.family != socket.AF_UNIX and not _loopback(str(address[0])):
            raise AssertionError(f"a test reached for the network: {address!r}")
        return connect(self, address)

    return guarded


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
