"""Messages read as strictly as Telegram reads them: HTML, lengths, buttons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bothttp import ApiError, Json

TAGS = frozenset(
    ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "blockquote"]
)
MAX_RAW_BYTES = 35_000
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN = re.compile(
    r"<(?P<tag>[^<>]*)>|&(?P<name>[a-z]+|#[0-9]+|#x[0-9a-fA-F]+);|(?P<text>.)", re.S
)


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
    name = "blockquote" if name == "blockquote expandable" else name
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


def entities_of(text: str) -> Json:
    found = list(_commands(text))
    for mention in re.finditer(r"@\w{4,}", text):
        offset = units(text[: mention.start()])
        found.append({"type": "mention", "offset": offset, "length": len(mention[0])})
    return {"entities": found} if found else {}


def _commands(text: str) -> Iterator[Json]:
    for command in re.finditer(r"(?<!\S)/[A-Za-z0-9_]+(@\w+)?", text):
        offset = units(text[: command.start()])
        yield {"type": "bot_command", "offset": offset, "length": len(command[0])}


def checked_text(params: Json) -> tuple[str, tuple[Entity, ...]]:
    raw = params.get("text", "")
    if len(raw.encode()) > MAX_RAW_BYTES:
        raise ApiError(400, "Bad Request: text is too long")
    mode = params.get("parse_mode")
    if mode not in (None, "HTML"):
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    text, entities = read_html(raw) if mode else (raw, ())
    if not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise ApiError(400, "Bad Request: message is too long")
    return text, entities


def checked_buttons(markup: str | None) -> tuple[tuple[str, str], ...]:
    rows = json.loads(markup).get("inline_keyboard", []) if markup else []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ApiError(400, "Bad Request: object expected as reply markup")
    buttons = [(button["text"], button.get("callback_data", "")) for row in rows for button in row]
    for label, data in buttons:
        if not label.strip() or not 1 <= len(data.encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return tuple(buttons)
