"""Corrections: what a person says of a page in ``NAME.articles.toml`` beside it; it wins.

Every title, name and section must stand on the page: corrections choose among its words and add
none. What no page needs to print (its newspaper, day, page and issue) is taken as it is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any, Literal, TypeVar

import msgspec

from retrieval.cleaning import Setting, clean
from retrieval.records import Corrections, Imprint, Kind, Origin, Pin, Span

SUFFIX = ".articles.toml"
_RUN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_DASH = re.compile(r"\s*[-–—~～至]\s*")
_COMMA = re.compile(r"[,，、;；\s]+")
_T = TypeVar("_T", bound=msgspec.Struct)


class _SheetError(Exception):
    """A sidecar that cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar as it lies there; ``problem`` says why it cannot be read."""

    file: str
    data: bytes = b""
    problem: str = ""


class _Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of an ``[[article]]``."""

    lines: str | int
    title: str | bool | None = None
    byline: tuple[str, ...] | None = None
    kind: Literal["news", "photo", "notice"] | None = None
    section: str | bool | None = None


class _Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of the file; the articles are converted one by one."""

    newspaper: str | bool | None = None
    date: str | bool | None = None
    page: str | int | bool | None = None
    issue: str | int | bool | None = None
    furniture: str | int = ""
    article: tuple[dict[str, Any], ...] = ()


def sidecar_of(page_id: str) -> str:
    """The path of a page's sidecar: ``2021/p1.articles.toml`` for ``2021/p1.txt``."""
    return str(PurePosixPath(page_id).with_suffix("")) + SUFFIX


def read_corrections(sidecar: Sidecar, raw: str, starts: Sequence[int]) -> Corrections:
    """What a sidecar says of the page ``raw``, whose lines begin at ``starts``.

    A sidecar that is wrong anywhere says nothing at all, and ``problem`` tells what is wrong.
    """
    try:
        if sidecar.problem:
            raise _SheetError(sidecar.problem)
        return _corrections(sidecar, raw, starts)
    except _SheetError as error:
        return Corrections(sidecar.file, problem=str(error))


def corrected(read: Imprint, stated: Imprint) -> Imprint:
    """What was read of a page, with what a person states in its place."""
    said = {name: getattr(stated, name) for name in ("newspaper", "date", "page", "issue")}
    fixed = {name: value or None for name, value in said.items() if value is not None}
    kept = [(name, origin) for name, origin in read.origins if name not in fixed]
    origins = [(name, Origin.CORRECTION) for name, value in fixed.items() if value]
    doubts = tuple(doubt for doubt in read.doubts if doubt.field not in fixed)
    stated_now = {name: getattr(read, name) for name in said} | fixed
    return Imprint(**stated_now, origins=(*origins, *kept), doubts=doubts)


def places(raw: str, span: Span, text: str) -> list[Span]:
    """Where ``text`` stands within a range of the page, white space ignored; whole lines first."""
    wanted = bare(text)
    shown = clean(raw, [span], Setting.DISPLAY)
    at = [i for start, end in shown.spans for i in range(start, end) if not raw[i].isspace()]
    letters = "".join(raw[i] for i in at)
    found: list[Span] = []
    start = letters.find(wanted) if wanted else -1
    while start >= 0:
        found.append((at[start], at[start + len(wanted) - 1] + 1))
        start = letters.find(wanted, start + 1)
    return sorted(found, key=lambda place: not _whole_lines(raw, place))


def bare(text: str) -> str:
    """The text without white space: how corrections and pages are compared."""
    return "".join(text.split())


def _whole_lines(raw: str, place: Span) -> bool:
    """Whether nothing else stands on the lines of a range."""
    before = re.split(r"[\r\n]", raw[max(0, place[0] - 200) : place[0]])[-1]
    after = re.split(r"[\r\n]", raw[place[1] : place[1] + 200])[0]
    return not before.strip(" \t\u3000#*") and not after.strip(" \t\u3000#*")


def _corrections(sidecar: Sidecar, raw: str, starts: Sequence[int]) -> Corrections:
    """What a sidecar says; raises _SheetError."""
    table = _parsed(sidecar.data)
    sheet = _converted(table, _Sheet, "")
    furniture = _spans(sheet.furniture, raw, starts, "furniture")
    pins = []
    for n, row in enumerate(sheet.article, 1):
        pins.append(_pin(_converted(row, _Article, f"[[article]] {n}: "), raw, starts, n))
    held = [(span, f"[[article]] {n}") for n, pin in enumerate(pins, 1) for span in pin.spans]
    _check_apart([*held, *((span, "furniture") for span in furniture)], starts)
    stated = Imprint(
        newspaper=_text(sheet.newspaper, "newspaper"),
        date=_day(sheet.date),
        page=_text(sheet.page, "page"),
        issue=_text(sheet.issue, "issue"),
    )
    return Corrections(sidecar.file, None, stated, tuple(pins), furniture)


def _parsed(data: bytes) -> dict[str, Any]:
    """The table that a TOML file holds; its days are strings."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _SheetError("not UTF-8; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _SheetError(
            f"not TOML ({error}); `jiwen articles --draft` prints a sound one"
        ) from error
    day = table.get("date")
    if isinstance(day, date) and not isinstance(day, datetime):
        table["date"] = day.isoformat()
    return table


def _converted(table: Mapping[str, Any], form: type[_T], where: str) -> _T:
    """The table in its form; an unknown key is named with those that are known."""
    unknown = [key for key in table if key not in form.__struct_fields__]
    if unknown:
        known = ", ".join(form.__struct_fields__)
        raise _SheetError(f"{where}unknown key {unknown[0]!r}; allowed keys: {known}")
    try:
        return msgspec.convert(table, form)
    except msgspec.ValidationError as error:
        raise _SheetError(f"{where}{error}") from error


def _pin(row: _Article, raw: str, starts: Sequence[int], number: int) -> Pin:
    """The article that a table pins, its words found on the page."""
    where = f"[[article]] {number}"
    spans = _spans(row.lines, raw, starts, f"{where}: lines")
    if not any(clean(raw, [span]).text for span in spans):
        raise _SheetError(f"{where}: lines {row.lines!r} hold no text")
    title, section = _text(row.title, f"{where}: title"), _text(row.section, f"{where}: section")
    names = row.byline
    for key, text in (("title", title), *(("byline", name) for name in names or ())):
        if text is not None and (text or key == "byline"):
            _check_stands(text, raw, spans, f"{where}: {key}", f"in lines {row.lines}")
    if section:
        _check_stands(section, raw, [(0, len(raw))], f"{where}: section", "on the page")
    kind = Kind(row.kind) if row.kind else None
    return Pin(spans, title, names, kind, section)


def _check_stands(text: str, raw: str, spans: Sequence[Span], what: str, where: str) -> None:
    """Raise _SheetError unless the text stands in one of the ranges."""
    if not any(places(raw, span, text) for span in spans):
        raise _SheetError(
            f"{what} {text!r} does not stand {where}; copy it from the page, character by character"
        )


def _spans(lines: str | int, raw: str, starts: Sequence[int], what: str) -> tuple[Span, ...]:
    """The ranges of the page that ``3-23, 40`` names, in the page's order."""
    runs: list[tuple[int, int]] = []
    for text in filter(None, _COMMA.split(_DASH.sub("-", str(lines)))):
        run = _RUN.fullmatch(text)
        if run is None:
            raise _SheetError(f"{what} {lines!r}: write line numbers from 1, such as '3-23, 40'")
        first, last = int(run[1]), int(run[2] or run[1])
        if not 1 <= first <= last <= len(starts):
            raise _SheetError(f"{what} {text!r}: the page has lines 1-{len(starts)}")
        runs.append((first, last))
    ends = [*starts[1:], len(raw)]
    spans: list[Span] = []
    for first, last in sorted(runs):
        if spans and spans[-1][1] == starts[first - 1]:  # the run goes on
            spans[-1] = (spans[-1][0], ends[last - 1])
        else:
            spans.append((starts[first - 1], ends[last - 1]))
    return tuple(spans)


def _check_apart(held: Sequence[tuple[Span, str]], starts: Sequence[int]) -> None:
    """Raise _SheetError where a line is named twice."""
    for (one, whose), (other, whose_too) in pairwise(sorted(held)):
        if other[0] < one[1]:
            line = starts.index(other[0]) + 1
            raise _SheetError(f"line {line} is named twice: in {whose} and in {whose_too}")


def _text(value: str | int | bool | None, what: str) -> str | None:
    """The text of a value: ``None`` where none is given, empty for ``false``."""
    if value is True:
        raise _SheetError(f"{what} = true says nothing; write a text, or false for none")
    return value if value is None else "" if value is False else str(value).strip()


def _day(value: str | bool | None) -> str | None:
    """An ISO day, empty for ``false``."""
    text = _text(value, "date")
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise ValueError(text)
    except ValueError as error:
        raise _SheetError(f"date {text!r} is no day; write it as 2021-01-27") from error
    return text
