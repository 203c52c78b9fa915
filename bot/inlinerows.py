"""An answer as rows to choose from: each one inserts a cited quote. Knows no Telegram."""

from __future__ import annotations

from dataclasses import dataclass

from bot import render, wording
from bot.markup import escape
from bot.wording import Door, Lang
from retrieval.records import Answer, Quote, Verdict

_TITLE_CHARS = 60  # a phone shows some 30 Chinese characters of a title, and two lines
_START_CHARS = 60  # … of the description
_ASKED_CHARS = 80
_ID_CHARS = 64  # Telegram's limit, in bytes; ours are ASCII


@dataclass(frozen=True, slots=True)
class Row:
    """One result: what is shown, and the HTML that choosing it sends."""

    id: str
    title: str
    description: str
    html: str


def rows(answer: Answer, lang: Lang) -> list[Row]:
    """Return a row for each quote, best first; one that says so where there is none.

    The id tells the generation of the index that the quote was read from.
    """
    if not answer.quotes:
        return [_nothing(answer, lang)]
    return [_row(answer, quote, lang) for quote in answer.quotes]


def _row(answer: Answer, quote: Quote, lang: Lang) -> Row:
    title = quote.source.title or render.source_line(quote.source, lang)
    start = _clipped(quote.text[_from(quote) :], _START_CHARS)
    if answer.verdict is Verdict.RELATED:
        start = wording.say(Door.INLINE_RELATED, lang, text=start)
    return Row(
        f"{answer.generation}:{quote.cite}"[:_ID_CHARS],
        _clipped(title, _TITLE_CHARS),
        f"{_paper(quote, lang)}{start}",
        "\n".join(render.quotes_html([quote], lang=lang)),
    )


def _from(quote: Quote) -> int:
    """Where the answering words begin, if the start of the quote would not show them."""
    first = quote.highlights[0][0] if quote.highlights else 0
    return first if first > _START_CHARS // 2 else 0


def _paper(quote: Quote, lang: Lang) -> str:
    """Paper and day of a quote, as far as its page states them."""
    source = quote.source
    paper = f"《{source.newspaper}》" if source.newspaper else ""
    day = wording.day(source.date, lang) if source.date else ""
    return f"{paper}{day} " if paper or day else ""


def _nothing(answer: Answer, lang: Lang) -> Row:
    """The row that says that nothing was found; it inserts that, and no more."""
    question = _clipped(answer.query.question, _ASKED_CHARS)
    said = wording.say(Door.INLINE_NOTHING, lang, question=question)
    return Row(
        f"{answer.generation}:none"[:_ID_CHARS],
        wording.say(Door.INLINE_TITLE, lang),
        render.reason_line(answer, lang) or "",
        escape(said),
    )


def _clipped(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
