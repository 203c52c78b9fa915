r"""Rows: articles that come already separated, one JSON object a line of a ``.jsonl`` page.

A quote is cut from the raw file, so the text is taken where it stands between its quotation
marks: of ``\"`` the second character is kept, ``\n`` and ``\t`` are left out, and a line that
spells visible characters as ``\uXXXX`` cannot be quoted at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retrieval.almanac import iso_day
from retrieval.bylines import standalone
from retrieval.cleaning import EMPTY, Setting, clean
from retrieval.imprint import with_fields
from retrieval.names import split_names
from retrieval.pages import Skipped
from retrieval.records import Article, CleanText, Credit, Imprint, Kind, Page, Span

_DECODER = json.JSONDecoder()
_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_NAME_BREAK = re.compile(r"[\s、,，;；/]+")


class _RowError(Exception):
    """A line that holds no article; the message says why."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A value of the row, and where it stands in the page."""

    value: object
    span: Span


def read_rows(page: Page) -> tuple[tuple[Article, ...], tuple[Skipped, ...]]:
    """The articles of the page, numbered by their lines, and the lines that hold none."""
    articles: list[Article] = []
    skipped: list[Skipped] = []
    number, at = 1, 0
    for match in _LINE.finditer(page.text):
        number += len(_LINE_END.findall(page.text, at, match.start()))
        at = match.end()
        if match[0].isspace():
            continue
        try:
            articles.append(_article(page, number, match.span()))
        except _RowError as error:
            skipped.append(Skipped(page.id, f"line {number}: {error}"))
    return tuple(articles), tuple(skipped)


def _article(page: Page, number: int, line: Span) -> Article:
    """The article that a line holds."""
    fields = _fields(page.text, line)
    body = _text(page.text, fields, "text", Setting.BODY)
    if not body.text:
        raise _RowError('no "text"; write one {"title", "text", …} a line')
    headline = _text(page.text, fields, "title", Setting.DISPLAY)
    credits = _credits(fields["byline"].value) if "byline" in fields else ()
    held = [fields[k].span for k in ("title", "text", "byline") if k in fields]
    return Article(
        id=f"{page.id}/a{number}",
        page_id=page.id,
        kind=Kind.NEWS,
        headline=headline,
        body=body,
        spans=tuple(sorted(s for s in held if s[0] < s[1])),
        lines=(number, number),
        title=headline.text or None,
        byline=tuple(credit.name for credit in credits),
        imprint=_imprint(page.imprint, fields),
        credits=credits,
    )


def _fields(raw: str, line: Span) -> Mapping[str, _Field]:
    """The fields of a JSON object and the range of each value, quotation marks left out."""
    text = raw[line[0] : line[1]]
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _RowError(f"not JSON ({error})") from error
    if not isinstance(whole, dict):
        raise _RowError("not a JSON object")
    return {
        key: _Field(value, (line[0] + start, line[0] + end))
        for key, value, start, end in _members(text, whole)
    }


def _members(text: str, whole: Mapping[str, object]) -> Iterator[tuple[str, object, int, int]]:
    """Key, value and range of each member of an object, whose ``whole`` is known."""
    at = text.index("{") + 1
    while name := _STRING.match(text, _skip(text, at)):
        key = name[0][1:-1] if "\\" not in name[0] else json.loads(name[0])
        at = _skip(text, _skip(text, name.end()) + 1)
        if quoted := _STRING.match(text, at):
            end = quoted.end()
            yield key, whole[key], at + 1, end - 1
        else:
            end = _DECODER.raw_decode(text, at)[1]
            yield key, whole[key], at, end
        at = _skip(text, end) + 1


def _skip(text: str, at: int) -> int:
    """The first place from ``at`` on that is no blank."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _text(raw: str, fields: Mapping[str, _Field], key: str, setting: Setting) -> CleanText:
    """The clean text of a field; empty where the row has none."""
    if key not in fields or fields[key].value is None:
        return EMPTY
    if not isinstance(fields[key].value, str):
        raise _RowError(f'"{key}" is not a string')
    return clean(raw, _visible(raw, fields[key].span, key), setting)


def _visible(raw: str, span: Span, key: str) -> Iterator[Span]:
    """The ranges of a JSON string that stand for themselves."""
    at = span[0]
    for match in _ESCAPE.finditer(raw, *span):
        yield at, match.start()
        at = match.end()
        if match[1] and clean(char := chr(int(match[1], 16)), [(0, len(char))]).text:
            raise _RowError(
                f'"{key}" is written with \\u escapes; write it with ensure_ascii=False'
            )
        if match[2] and match[2] in '"\\/':
            yield match.end() - 1, match.end()
    yield at, span[1]


def _credits(value: object) -> tuple[Credit, ...]:
    """Who is named by a byline, given as a list of names or as one string, roles and all."""
    if isinstance(value, list):
        names = [n.strip() for n in value if isinstance(n, str) and n.strip()]
    elif not isinstance(value, str) or not value.strip():
        return ()
    elif signed := standalone(value.strip()):
        return signed.credits
    else:
        names = [*split_names(value, sure=True)] or [n for n in _NAME_BREAK.split(value) if n]
    return tuple(Credit(name) for name in dict.fromkeys(names))


def _imprint(page: Imprint, fields: Mapping[str, _Field]) -> Imprint:
    """What the row states of itself, beside what its file's name and the user's rules say."""
    stated = {k: _stated(fields[k].value) for k in ("newspaper", "date", "page") if k in fields}
    day = stated.get("date")
    said = Imprint(stated.get("newspaper"), iso_day(day) if day else None, stated.get("page"))
    return with_fields(page, said)


def _stated(value: object) -> str | None:
    """A string or a number as a string; nothing else states anything."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None
