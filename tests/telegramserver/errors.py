"""How the server says no: code and words as Telegram's (Bot API, "Making requests")."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal: ``ok`` false, an ``error_code``, a ``description``, perhaps ``parameters``."""

    def __init__(self, code: int, description: str, extra: Json | None = None) -> None:
        super().__init__(code, description)
        self.code, self.description, self.extra = code, description, extra


class DroppedError(Exception):
    """No reply at all: the connection is closed without a word."""


def bad_request(why: str) -> ApiError:
    return ApiError(400, f"Bad Request: {why}")


def cannot_parse(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")


def too_many(retry_after: int) -> ApiError:
    text = f"Too Many Requests: retry after {retry_after}"
    return ApiError(429, text, {"retry_after": retry_after})


class SilentError(DroppedError):
    """The request was taken and is not answered until nobody waits any longer."""
