"""Pages: one seed file each, decoded once, with what it states of itself."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path, PurePosixPath

from retrieval.cleaning import BREAKS, displayed
from retrieval.corrections import SUFFIX, Sidecar, corrected, read_corrections, sidecar_of
from retrieval.errors import PageError
from retrieval.files import FORMS, find_files, page_path, read_sidecar, takes_sidecar
from retrieval.folios import read_folio
from retrieval.imprint import is_date, is_furniture, names_paper, read_imprint
from retrieval.records import Form, Imprint, Page, Span
from retrieval.settings import Settings

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(rf"[^{BREAKS}]+")
# Share of characters that a Chinese page must hold in Han, ASCII or punctuation after GB18030,
# which decodes nearly anything: real pages measure above 0.97, UTF-16 and images below 0.7.
_PLAUSIBLE = 0.9
_SAMPLE_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a line of a ``.jsonl`` file, that is left out, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of the file that holds anything: its range, how it reads, whether it is furniture."""

    span: Span
    text: str
    furniture: bool


def read_pages(seeds: Path, settings: Settings) -> Iterator[Page | Skipped]:
    """Each page below the seeds folder in order of its path; what cannot be read is named."""
    for page_id in list_pages(seeds):
        if isinstance(page_id, Skipped):
            yield page_id
            continue
        try:
            yield read_page(seeds, page_id, settings)
        except PageError as error:
            yield left_out(page_id, error)


def list_pages(seeds: Path) -> Iterator[str | Skipped]:
    """The id of each page below the seeds folder, in order; files that cannot be one are named.

    Raises:
        PageError: there is no such folder.
    """
    if not seeds.is_dir():
        raise PageError(f"{seeds}: no such folder; put pages there or name another with --seeds")
    found, closed = find_files(seeds)
    yield from (Skipped(*folder) for folder in closed)
    sidecars = {sidecar_of(page_id) for page_id in found if takes_sidecar(page_id)}
    for page_id in found:
        if page_id in sidecars:
            continue
        if not page_id.isprintable():
            shown = page_id.encode("utf-8", "backslashreplace").decode()
            yield Skipped(shown, "its name is not UTF-8 or holds control characters; rename it")
        elif page_id.lower().endswith(SUFFIX):
            yield Skipped(
                page_id, f"no page of that name beside it: NAME{SUFFIX} corrects NAME.txt"
            )
        else:
            yield page_id


def left_out(page_id: str, error: PageError) -> Skipped:
    """What is said of a page that cannot be read."""
    return Skipped(page_id, str(error).removeprefix(f"{page_id}: "))


def read_page(seeds: Path, page_id: str, settings: Settings) -> Page:
    """The page with this id; ``PageError`` says why there is none."""
    data, sidecar = page_bytes(seeds, page_id)
    return page_of(page_id, data, settings, sidecar=sidecar)


def page_bytes(seeds: Path, page_id: str) -> tuple[bytes, Sidecar | None]:
    """What lies there as the page with this id, and beside it to correct it.

    Raises:
        PageError: it cannot be read.
    """
    path = page_path(seeds, page_id)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PageError(f"{page_id}: {error.strerror or error}") from error
    return data, read_sidecar(seeds, page_id) if takes_sidecar(page_id) else None


def page_of(
    page_id: str, data: bytes, settings: Settings, *, sidecar: Sidecar | None = None
) -> Page:
    """The page that these bytes hold, with the corrections that its sidecar makes."""
    try:
        text, encoding = decode(data)
    except PageError as error:
        raise PageError(f"{page_id}: {error}") from error
    form = FORMS.get(PurePosixPath(page_id).suffix.lower(), Form.TEXT)
    imprint = _imprint(text, page_id, settings) if form is Form.TEXT else _ruled(page_id, settings)
    digest = digest_of(data, sidecar)
    if sidecar is None:
        return Page(page_id, text, form, encoding, digest, imprint)
    corrections = read_corrections(sidecar, text, line_starts(text))
    imprint = corrected(imprint, corrections.stated)
    return Page(page_id, text, form, encoding, digest, imprint, corrections)


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding: UTF-8 with or without a mark, else GB18030; line ends stay as they are."""
    if not data.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf"):
        raise PageError("empty")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise PageError("UTF-16 or UTF-32 text: save the page as UTF-8")
    if b"\0" in data:
        raise PageError("binary data (NUL bytes): save the page as UTF-8 text")
    try:
        text, encoding = data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        text, encoding = _gb18030(data, error.start), "gb18030"
    if not text.strip():
        raise PageError("empty")
    return text, encoding


def line_starts(text: str) -> list[int]:
    """Where each line begins; CR LF, LF and CR end lines."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def line_of(text: str, offset: int) -> int:
    """The number of the line that holds this character, from 1."""
    return bisect_right(_cached_starts(text), offset)


@lru_cache(maxsize=8)
def _cached_starts(text: str) -> tuple[int, ...]:
    """``line_starts``, kept for the pages last asked about."""
    return tuple(line_starts(text))


@lru_cache(maxsize=2)  # what a page states and its articles are read from the same lines
def printed_lines(text: str, settings: Settings) -> tuple[Printed, ...]:
    """The lines of a page that hold anything, in order."""
    spans = [match.span() for match in _LINE.finditer(text)]
    shown = [displayed(text, span) for span in spans]
    held = [(span, line) for span, line in zip(spans, shown, strict=True) if line]
    marks = furniture_lines([line for _, line in held], settings)
    return tuple(Printed(*line, mark) for line, mark in zip(held, marks, strict=True))


def furniture_lines(lines: Sequence[str], settings: Settings) -> list[bool]:
    """For each line of a page that holds anything, whether it is furniture."""
    marks = [is_furniture(line) for line in lines]
    places = range(len(lines))
    edge = {*places[:12], *places[-6:]}
    for i in edge:
        marks[i] = marks[i] or names_paper(lines[i], settings) or read_folio(lines[i]) is not None
    for near, i in [*pairwise(places), *((b, a) for a, b in pairwise(places))]:
        if i in edge and marks[near] and not marks[i]:
            marks[i] = is_date(lines[i])
    for i in _garbled_masthead(lines, marks):
        marks[i] = True
    return marks


def _garbled_masthead(lines: Sequence[str], marks: Sequence[bool]) -> list[int]:
    """Scraps of at most eight characters among the first lines, above two lines of masthead."""
    top: list[int] = []
    for i, line in enumerate(lines[:30]):
        if not marks[i] and len(line) > 8:
            break
        top.append(i)
    while top and not marks[top[-1]]:
        top.pop()
    return top if sum(marks[i] for i in top) >= 2 else []


def _imprint(text: str, page_id: str, settings: Settings) -> Imprint:
    """What a page states by its furniture and text, or else by its name or the user's rules."""
    stated = [line.text for line in printed_lines(text, settings) if line.furniture]
    return read_imprint(stated, page_id, settings, text=text)


def _ruled(page_id: str, settings: Settings) -> Imprint:
    """What its name and the user's rules say of a file of separate articles."""
    return read_imprint((), page_id, settings)


def digest_of(data: bytes, sidecar: Sidecar | None) -> str:
    """The digest of a page with its sidecar, if any: another one whenever either changes."""
    if sidecar is None:
        return hashlib.sha256(data).hexdigest()
    whole = b"\0".join([hashlib.sha256(data).digest(), sidecar.problem.encode(), sidecar.data])
    return hashlib.sha256(whole).hexdigest()


def _gb18030(data: bytes, broken: int) -> str:
    """The text as GB18030, if it reads like Chinese; as UTF-8 it breaks at byte ``broken``."""
    line = len(_LINE_END.findall(data[:broken].decode("latin-1"))) + 1
    why = f"neither UTF-8 (broken in line {line}) nor {{}}GB18030: save the page as UTF-8"
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise PageError(why.format("")) from error
    if _plausibility(text[:_SAMPLE_CHARS]) < _PLAUSIBLE:
        raise PageError(why.format("plausible "))
    return text


def _plausibility(text: str) -> float:
    """The share of characters that a Chinese page may hold."""
    counts = Counter(text)
    good = sum(n for char, n in counts.items() if _is_plain(char))
    return good / max(1, len(text))


def _is_plain(char: str) -> bool:
    """Whether a character belongs on a Chinese page: common Han, ASCII, punctuation."""
    if char.isascii():
        return char.isprintable() or char in "\t\r\n\x0b\x0c"
    if "\u4e00" <= char <= "\u9fff":
        return _is_common(char)
    return unicodedata.category(char)[0] in "PNSZ" or "\uff01" <= char <= "\uff5e"


def _is_common(char: str) -> bool:
    """Whether a Han character is on the first level of GB 2312, or of Big5 (Traditional pages)."""
    for codec, last in (("gb2312", 0xD7), ("big5", 0xC6)):
        try:
            if char.encode(codec)[0] <= last:
                return True
        except UnicodeEncodeError:
            continue
    return False
