"""A quotation from elsewhere, checked against the archive: word for word, nearly, pieced together."""

from __future__ import annotations

from collections.abc import Sequence

from bot import render, wording
from bot.cards import Card
from bot.library import Archive, desk_card
from bot.markup import Block, escape, pack, quote_blocks, text_blocks
from bot.wording import Lang, Library, Text
from retrieval.catalogue import cite
from retrieval.errors import NotFoundError
from retrieval.records import MAX_QUOTE_CHARS, Reason, Span
from retrieval.whereabouts import Difference, Place, Standing, differences, locate

MAX_CHARS = 500  # of a quotation: comparing takes the square of its length, 0.2 s at this one
_PLACES = 6  # parts of a pieced quotation that are shown, some four lines each
_DIFFERENCES = 8  # told one by one; a copy that differs in more is another sentence
_STANDING = {
    Standing.EXACT: Library.VERIFY_EXACT,
    Standing.NEARLY: Library.VERIFY_NEARLY,
    Standing.STITCHED: Library.VERIFY_STITCHED,
    Standing.NOWHERE: Library.VERIFY_NOWHERE,
}


def checked(archive: Archive, words: str, lang: Lang) -> Card:
    """Where a quotation stands, each place with its source and code, and how it differs."""
    if not any(char.isalnum() for char in words):
        return desk_card(Library.VERIFY_HOW, lang)
    if len(words) > MAX_CHARS:
        return desk_card(Reason.LONG_QUESTION, lang, max_chars=MAX_CHARS)
    found = locate(words, archive.near)
    blocks = list(text_blocks(wording.say(_STANDING[found.standing], lang)))
    try:
        for place in found.places[:_PLACES]:
            blocks += _place(archive, place, lang)
    except NotFoundError:
        return desk_card(Reason.NOT_PROVEN, lang)
    if found.standing is Standing.NEARLY:
        compared = differences(found.places[0].piece, found.places[0].clean.text)
        blocks += _told(compared, lang)
    if found.standing is Standing.STITCHED and found.missing:
        pieces = " / ".join(found.missing)
        blocks += text_blocks(wording.say(Library.VERIFY_MISSING, lang, pieces=pieces))
    return Card(tuple(pack(blocks, wording.say(Text.CONTINUED, lang))))


def _place(archive: Archive, place: Place, lang: Lang) -> list[Block]:
    """The archive's own words, what differs bold, their source, proven, and their code."""
    source = archive.source(place.article, place.clean)
    length = min(len(place.clean.text), MAX_QUOTE_CHARS)
    code = cite(place.article, place.part, start=place.start, length=length)
    return [
        *quote_blocks(place.clean.text, _bold(place)),
        *text_blocks(render.source_line(source, lang), "i"),
        *text_blocks(wording.say(Text.CITE, lang, cite=f"/c_{code}")),
    ]


def _bold(place: Place) -> list[Span]:
    """The ranges of the archive's words that the copy has otherwise; none where they are the same."""
    if place.ratio == 1:
        return []
    return [one.span for one in differences(place.piece, place.clean.text) if one.printed]


def difference_lines(compared: Sequence[Difference], lang: Lang) -> list[str]:
    """What differs, a line each, and how many more there are."""
    lines = [
        wording.say(_kind(one), lang, copied=one.copied, printed=one.printed) for one in compared
    ]
    if len(lines) > _DIFFERENCES:
        rest = wording.say(Library.VERIFY_REST, lang, n=len(lines) - _DIFFERENCES)
        lines = [*lines[:_DIFFERENCES], rest]
    return lines


def _kind(one: Difference) -> Library:
    if one.copied and one.printed:
        return Library.VERIFY_CHANGED
    return Library.VERIFY_ADDED if one.copied else Library.VERIFY_LEFT_OUT


def _told(compared: Sequence[Difference], lang: Lang) -> list[Block]:
    return [Block(escape(line), line) for line in difference_lines(compared, lang)]
