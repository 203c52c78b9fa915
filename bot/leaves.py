"""The leaves that an answer can be turned to, as Telegram HTML: quotes, surroundings, whole texts.

Values in, values out; whoever hands in a quote has had it proven.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bot import render, wording
from bot.citation import citation
from bot.markup import Block, pack, plain, quote_blocks, text_blocks
from bot.wording import Lang, Text
from retrieval.catalogue import code_range
from retrieval.records import Answer, Quote, Source, Span

MAX_MESSAGES: Final = 3  # of a whole article; what is longer is sent as a file
_HEAD_UNITS: Final = 1500  # of what stands above a quote, so that both fit one message
_NAME_CHARS: Final = 60  # of a file's name
_NO_NAME: Final = re.compile(r'[\s/\\:*?"<>|.]+')


@dataclass(frozen=True, slots=True)
class Document:
    """A text file, its name, and the line that stands with it."""

    name: str
    content: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring pieces of one part of an article, laid together as they are printed."""

    article_id: str
    text: str
    highlights: tuple[Span, ...]


def front(answer: Answer, lang: Lang, *, note: str = "") -> tuple[list[str], str]:
    """Return an answer's messages, the best quote in the last, and the HTML above that quote."""
    blocks = render.opening_blocks(answer, lang=lang, note=note)
    opening = pack(blocks, wording.say(Text.CONTINUED, lang))
    if not answer.quotes:
        return opening, ""
    head = opening[0] if len(opening) == 1 and len(plain(opening[0])) * 2 <= _HEAD_UNITS else ""
    before = [] if head else opening
    return [*before, *leaf(answer.quotes[0], lang, head=head)], head


def leaf(quote: Quote, lang: Lang, *, head: str = "") -> list[str]:
    """Return one quote under ``head``, HTML that was made here, as messages; mostly as one."""
    above = [Block(head, plain(head))] if head else []
    return pack([*above, *render.quote_blocks_of(quote, lang)], wording.say(Text.CONTINUED, lang))


def excerpt(heading: str, pieces: Sequence[Quote], lang: Lang) -> list[str]:
    """Return pieces of a story under a heading, each part of it under the line that names it."""
    blocks = list(text_blocks(heading))
    for article, group in groupby(stretches(pieces), lambda stretch: stretch.article_id):
        source = _spanning([piece for piece in pieces if piece.article_id == article])
        blocks += text_blocks(render.source_line(source, lang, signed=True), "i")
        for stretch in group:
            blocks += quote_blocks(stretch.text, stretch.highlights)
    return pack(blocks, wording.say(Text.CONTINUED, lang))


def whole(
    pieces: Sequence[Quote], lang: Lang, *, note: str = ""
) -> tuple[list[str], Document | None]:
    """Return a whole story as messages, or, where it takes too many, as a file; after ``note``."""
    chars = sum(len(stretch.text) for stretch in stretches(pieces))
    above = f"{note}\n" if note else ""
    messages = excerpt(above + wording.say(Text.FULL, lang, n=chars), pieces, lang)
    if len(messages) <= MAX_MESSAGES:
        return messages, None
    caption = above + wording.say(Text.FULL_FILE, lang, n=chars)
    return [], Document(_file_name(pieces[0].source), _file(pieces, lang), caption)


def reference(quote: Quote, lang: Lang) -> list[str]:
    """Return how to cite a quote's article, and the code that finds the quote again."""
    heading, code = text_blocks(wording.say(Text.REFERENCE, lang)), f"/c_{quote.cite}"
    return pack([*heading, *text_blocks(citation(quote.source), "code"), *text_blocks(code)], "")


def stretches(pieces: Sequence[Quote]) -> list[Stretch]:
    """Return the pieces laid together; where blanks between two were left out, a new line."""
    return [
        _laid(list(group))
        for _, group in groupby(pieces, lambda piece: (piece.article_id, _place(piece)[0]))
    ]


def _laid(pieces: Sequence[Quote]) -> Stretch:
    text, highlights, end = "", list[Span](), None
    for piece in pieces:
        _, start, last = _place(piece)
        text += "\n" if end is not None and start > end else ""
        highlights += [(a + len(text), b + len(text)) for a, b in piece.highlights]
        text, end = text + piece.text, last
    return Stretch(pieces[0].article_id, text, tuple(highlights))


def _place(piece: Quote) -> tuple[tuple[str, str], int, int]:
    """The part of an article that a piece is cut from, and where it begins and ends there."""
    return code_range(piece.cite)


def _file(pieces: Sequence[Quote], lang: Lang) -> bytes:
    """The text with its source above it; marked as UTF-8 for readers' programs that must be told."""
    return "\n".join(_file_lines(pieces, lang)).encode("utf-8-sig", "replace")


def _file_lines(pieces: Sequence[Quote], lang: Lang) -> Iterator[str]:
    first = [piece for piece in pieces if piece.article_id == pieces[0].article_id]
    source = _spanning(first)
    yield render.source_line(source, lang, signed=True)
    yield citation(source)
    yield f"/c_{pieces[0].cite}"
    yield wording.say(Text.FULL_NOTE, lang)
    for stretch in stretches(pieces):
        yield "\n" + stretch.text
    yield ""


def _spanning(pieces: Sequence[Quote]) -> Source:
    """Where pieces of one article stand, from the first line of any to the last."""
    lines = [piece.source.lines for piece in pieces]
    around = min(first for first, _ in lines), max(last for _, last in lines)
    return replace(pieces[0].source, lines=around)


def _file_name(source: Source) -> str:
    """A name that says what the file holds: paper, day and headline, as far as they are known."""
    paper = source.newspaper or source.file.rpartition("/")[2].partition(".")[0]
    parts = (paper, source.date or "", source.title or "")
    name = "_".join(_NO_NAME.sub("_", part).strip("_") for part in parts if part)
    return f"{name[:_NAME_CHARS] or 'article'}.txt"
