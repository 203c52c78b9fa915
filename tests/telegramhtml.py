"""Telegram's HTML, read as strictly as Telegram reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

TAGS = frozenset(
    ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "blockquote"]
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN = re.compile(
    r"<(?P<tag>[^<>]*)>|&(?P<name>[a-z]+|#[0-9]+|#x[0-9a-fA-F]+);|(?P<text>.)", re.S
)


class ApiError(Exception):
    def __init__(self, code: int, description: str, extra: dict[str, Any] | None = None) -> None:
        super().__init__(code, description)
        self.code, self.description, self.extra = code, description, extra


@dataclass(frozen=True, slots=True)
class Entity:
    tag: str
    start: int  # characters of the text that is read
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_html(raw: str) -> tuple[str, tuple[Entity, ...]]:
    """The text that is read, and what is marked; raises as Telegram does."""
    text: list[str] = []
    opened: list[tuple[str, int]] = []
    entities: list[Entity] = []
    for token in _TOKEN.finditer(raw):
        if token["tag"] is not None:
            entities += _tag(token["tag"], len(text), opened)
        elif token["name"] is not None:
            text += _character(token["name"]) or token[0]
        elif token["text"] == "<":
            raise _cannot_parse("Unclosed start tag at byte offset")
        else:
            text.append(token["text"])
    if opened:
        raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return "".join(text), tuple(entities)


def _tag(tag: str, at: int, opened: list[tuple[str, int]]) -> list[Entity]:
    name = tag.removeprefix("/")
    if name not in TAGS:
        raise _cannot_parse(f'Unsupported start tag "{name}"')
    if not tag.startswith("/"):
        if name == "blockquote" and any(other == name for other, _ in opened):
            raise _cannot_parse("blockquote entities can't be nested")
        opened.append((name, at))
        return []
    if not opened or opened[-1][0] != name:
        raise _cannot_parse(f'Unmatched end tag, found "</{name}>"')
    return [Entity(name, opened.pop()[1], at)]


def _character(name: str) -> str | None:
    if name.startswith("#x"):
        return chr(int(name[2:], 16))
    return chr(int(name[1:])) if name.startswith("#") else _NAMED.get(name)


def _cannot_parse(why: str) -> ApiError:
    return ApiError(400, f"Bad Request: can't parse entities: {why}")
