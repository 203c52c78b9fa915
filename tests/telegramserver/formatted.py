"""Messages read as strictly as Telegram reads them: HTML, and lengths in UTF-16 code units.

Bot API, "Formatting options" (HTML style) and "MessageEntity".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from .errors import Json, bad_request, cannot_parse

# "The following tags are currently supported", with the attribute that each may carry.
TAGS = {
    **dict.fromkeys(["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "pre"], ""),
    **{"a": "href", "span": "class", "tg-spoiler": "", "tg-emoji": "emoji-id"},
    **{"code": "class", "blockquote": "expandable"},
}
MAX_ENTITIES = 100  # Telegram shows further ones as plain text, without a word
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN = re.compile(
    r"<(?P<end>/?)(?P<tag>[^\s<>/]*)(?P<rest>[^<>]*)>"
    r"|&(?:(?P<name>lt|gt|amp|quot)(?![A-Za-z])|#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<dec>[0-9]{1,7}));?"
    r"|(?P<text>.)",
    re.S,
)
_ATTRIBUTE = re.compile(r"""\s+([A-Za-z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.-]+))?""")
_TYPES = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s", "span": "tg-spoiler"}
_NAMES = {
    **{"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "a": "text_link"},
    **{"tg-spoiler": "spoiler", "tg-emoji": "custom_emoji"},
}


@dataclass(frozen=True, slots=True)
class Entity:
    tag: str
    start: int  # characters of the text that is read
    end: int
    value: str = ""  # of a link, a language, or "expandable"

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    value: str
    start: int


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_html(raw: str) -> tuple[str, tuple[Entity, ...]]:
    """The text that is read, and what is marked; raises as Telegram does."""
    text: list[str] = []
    opened: list[_Open] = []
    entities: list[Entity] = []
    for token in _TOKEN.finditer(raw):
        if token["tag"] is not None:
            entities += _tag(token, len(text), opened)
        elif token["text"] == "<":
            raise cannot_parse(f"Unclosed start tag at byte offset {_byte(token)}")
        else:
            text.append(token["text"] or _character(token))
    if opened:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return "".join(text), tuple(entities)


def _tag(token: re.Match[str], at: int, opened: list[_Open]) -> list[Entity]:
    name = token["tag"].lower()
    if token["end"]:
        return [_closed(token, name, at, opened)]
    if name not in TAGS:
        raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {_byte(token)}')
    value = _value(token, name)
    outer = {one.tag for one in opened}
    # "blockquote and expandable_blockquote entities can't be nested"; "pre and code entities
    # can't contain other entities" (but <pre><code class=…> is one).
    if name == "blockquote" and name in outer:
        raise cannot_parse("blockquote entities can't be nested")
    if outer & {"pre", "code"} and (name, outer) != ("code", {"pre"}):
        raise cannot_parse(f'Entity "{name}" can\'t be part of code')
    opened.append(_Open(name, value, at))
    return []


def _closed(token: re.Match[str], name: str, at: int, opened: list[_Open]) -> Entity:
    where = f"at byte offset {_byte(token)}"
    if not opened:
        raise cannot_parse(f"Unexpected end tag {where}")
    if token["rest"].strip():
        raise cannot_parse(f"Unclosed end tag {where}")
    one = opened.pop()
    if name not in ("", one.tag):
        found = f'expected "</{one.tag}>", found "</{name}>"'
        raise cannot_parse(f"Unmatched end tag {where}, {found}")
    return Entity(_TYPES.get(one.tag, one.tag), one.start, at, one.value)


def _value(token: re.Match[str], name: str) -> str:
    rest = token["rest"]
    found = list(_ATTRIBUTE.finditer(rest))
    if "".join(one[0] for one in found) != rest.rstrip():
        where = f'in the tag "{name}" at byte offset {_byte(token)}'
        raise cannot_parse(f"Empty attribute name {where}")
    given = {one[1].lower(): (one[2] or one[1]).strip("\"'") for one in found}
    value = given.get(TAGS[name], "")
    if name == "span" and value != "tg-spoiler":
        where = f"at byte offset {_byte(token)}"
        raise cannot_parse(f'Tag "span" must have class "tg-spoiler" {where}')
    return value


def _byte(token: re.Match[str]) -> int:
    return len(token.string[: token.start()].encode("utf-8", "surrogatepass"))


def _character(token: re.Match[str]) -> str:
    if token["name"]:
        return _NAMED[token["name"]]
    code = int(token["hex"], 16) if token["hex"] else int(token["dec"])
    surrogate = 0xD800 <= code <= 0xDFFF
    return chr(code) if 0 < code <= 0x10FFFF and not surrogate else token[0]


def cleaned(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """The text as Telegram shows it: control characters are spaces, directional marks and
    carriage returns are gone, nothing empty at either end; entities moved along.

    TDLib's ``clean_input_string`` and ``fix_formatted_text``; not documented in the Bot API.
    """
    kept = [not (c == "\r" or "\u2028" <= c <= "\u202e" or c in "\u030a\u0333\u033f") for c in text]
    places = [0, *accumulate(kept)]
    spaced = "".join(
        " " if c < " " and c != "\n" else c for c, keep in zip(text, kept, strict=True) if keep
    )
    ends = len(spaced.rstrip())
    begins = len(spaced) - len(spaced.lstrip())
    moved = (
        replace(
            e,
            start=_within(places[e.start], begins, ends),
            end=_within(places[e.end], begins, ends),
        )
        for e in entities
    )
    return spaced[begins:ends], tuple(e for e in moved if e.start < e.end)


def _within(place: int, begins: int, ends: int) -> int:
    return max(0, min(place, ends) - begins)


def checked_unicode(text: str) -> str:
    """The text; lone halves of surrogate pairs are no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return text


def entity_json(text: str, entity: Entity) -> Json:
    """An entity of a reply, its offset and length in UTF-16 code units."""
    name = _NAMES.get(entity.tag, entity.tag)
    if entity.tag == "blockquote" and entity.value:
        name = "expandable_blockquote"
    more = {"url": entity.value} if entity.tag == "a" else {}
    offset, length = units(text[: entity.start]), units(entity.of(text))
    return {"type": name, "offset": offset, "length": length} | more


def entities_of(text: str) -> Json:
    """The entities that Telegram finds in what a person types."""
    found = list(_commands(text))
    for mention in re.finditer(r"@\w{4,}", text):
        offset = units(text[: mention.start()])
        found.append({"type": "mention", "offset": offset, "length": len(mention[0])})
    return {"entities": found} if found else {}


def _commands(text: str) -> Iterator[Json]:
    for command in re.finditer(r"(?<!\S)/[A-Za-z0-9_]+(@\w+)?", text):
        offset = units(text[: command.start()])
        yield {"type": "bot_command", "offset": offset, "length": len(command[0])}
