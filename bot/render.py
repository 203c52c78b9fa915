"""An answer as a reader sees it: Telegram HTML, the terminal, JSON. Values in, values out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from rich.console import Group
from rich.text import Text as Styled

from bot import wording
from bot.markup import Block, pack, quote_blocks, runs, scalar, text_blocks
from bot.moves import Move
from bot.reading import query_json, reading_line
from bot.sums import tally_lines
from bot.wording import Lang, Text
from retrieval.records import Answer, Article, Quote, Reason, Source, Span, Tally, Verdict

_TITLE_CHARS = 120  # the longest headline of the seeds has 42
_FILE_CHARS = 300
_SIGNED = 4  # reporters named under a quote; a page of group reports signs with a dozen
_ASKED_CHARS = 80
# What no verdict is on is headed by what it is.
_HEADINGS = {Move.MORE: Text.FURTHER, Move.DETAIL: Text.AROUND, Move.WHOLE: Text.WHOLE}
# Characters that steer a terminal or turn the reading direction; line feeds and tabs stay.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def source_line(source: Source, lang: Lang = Lang.ZH, *, signed: bool = False) -> str:
    """Where a quote stands: paper and date, page, headline, who ``signed`` it, lines.

    What the page does not state is left out; the file stands in for a missing newspaper.
    """
    names = "、".join(source.byline[:_SIGNED]) + "…" * (len(source.byline) > _SIGNED)
    byline = wording.say(Text.SIGNED, lang, names=names) if signed and names else ""
    date = wording.day(source.date, lang) if source.date else ""
    if source.newspaper:
        paper = f"《{source.newspaper}》{' ' if lang is Lang.EN and date else ''}{date}"
        opening = [paper]
    else:
        opening = [wording.say(Text.FILE, lang, file=_clip(source.file, _FILE_CHARS)), date]
    title = _clip(source.title or "", _TITLE_CHARS)
    parts = [
        *opening,
        wording.page(source.page or "", lang) if source.page else "",
        title,
        byline,
        _lines(source.lines, lang),
    ]
    return " · ".join(_one_line(part) for part in parts if part)


def quote_line(quote: Quote, lang: Lang = Lang.ZH, *, signed: bool = False) -> str:
    """Where a quote stands, and a remark where its text may be misread."""
    remark = [wording.say(Text.DOUBTFUL, lang)] if quote.doubtful else []
    return " · ".join([source_line(quote.source, lang, signed=signed), *remark])


def also_lines(quote: Quote, lang: Lang = Lang.ZH) -> list[str]:
    """Where else the story of a quote was printed, a line each."""
    sources = (source_line(other.source, lang) for other in quote.also)
    return [wording.say(Text.ALSO, lang, source=source) for source in sources]


def suggestion_line(answer: Answer, lang: Lang = Lang.ZH) -> str | None:
    """Which names of the archive sound like one it does not hold; ``None`` for most answers."""
    if not answer.suggestions:
        return None
    names = "、".join(f"“{name}”" for name in answer.suggestions)
    return wording.say(Text.SUGGESTION, lang, names=names)


def verdict_line(answer: Answer, lang: Lang = Lang.ZH) -> str:
    """Return the sentence that opens the answer: what was found, or why nothing was."""
    if answer.tally is not None:
        told = tally_lines(answer, lang)
        unsure = answer.reason in (Reason.NOT_PROVEN, Reason.NOTHING_IN_SCOPE)
        return "\n".join([*told, *([reason_line(answer, lang) or ""] if unsure else [])])
    if answer.verdict is Verdict.ANSWERED:
        return wording.verdict(answer.verdict, lang)
    if answer.reason is None or (answer.quotes and answer.reason is Reason.NOT_STATED):
        return wording.verdict(answer.verdict, lang)
    return reason_line(answer, lang) or ""


def reason_line(answer: Answer, lang: Lang = Lang.ZH) -> str | None:
    """Why the question is not answered, in words; ``None`` where it is."""
    if answer.reason is None:
        return None
    where = wording.scope(answer.query.scope, lang)
    return wording.reason(answer.reason, lang, **({"where": where} if where else {}))


def quotes_html(quotes: Sequence[Quote], heading: str = "", *, lang: Lang = Lang.ZH) -> list[str]:
    """Quotes under a heading, as Telegram HTML messages that fit."""
    blocks = list(text_blocks(heading))
    for n, quote in enumerate(quotes, 1):
        blocks += quote_blocks_of(quote, lang, number=f"{n}. " if len(quotes) > 1 else "")
    return pack(blocks, wording.say(Text.CONTINUED, lang))


def opening_blocks(answer: Answer, *, lang: Lang = Lang.ZH, note: str = "") -> list[Block]:
    """Return what stands above the first quote: how the question was read, and the verdict."""
    opening = [note] if note else []
    if not answer.quotes:
        question = _clip(_one_line(answer.query.question), _ASKED_CHARS)
        asked = wording.say(Text.ASKED, lang, question=question)
        opening = opening or ([asked] if question else [])
    opening += [line] if (line := reading_line(answer.query, lang)) else []
    blocks = [block for line in opening for block in text_blocks(line, "i")]
    for said in (suggestion_line(answer, lang), verdict_line(answer, lang)):
        blocks += text_blocks(said or "")
    return blocks


def asked_line(question: str, lang: Lang = Lang.ZH) -> str:
    """Return the line that says which of several questions is answered."""
    return wording.say(Text.ASKED, lang, question=_clip(_one_line(question), _ASKED_CHARS))


def understood(question: str, lang: Lang = Lang.ZH) -> str:
    """Return the line that tells a reader how a follow-up was understood."""
    return wording.say(Text.UNDERSTOOD, lang, question=_clip(_one_line(question), _ASKED_CHARS))


def answer_terminal(answer: Answer, lang: Lang = Lang.ZH) -> Group:
    """Return the answer for a terminal: verdict, then each quote with its source.

    Control characters of the page are left out: they could steer the terminal.
    """
    lines = (suggestion_line(answer, lang), verdict_line(answer, lang))
    parts = [Styled(visible(line), style="bold green") for line in lines if line]
    if line := reading_line(answer.query, lang):
        parts.insert(0, Styled(visible(line), style="dim"))
    for quote in answer.quotes:
        parts += [Styled(), quote_terminal(quote, lang)]
    return Group(*parts)


def turn_terminal(move: Move, answer: Answer, lang: Lang = Lang.ZH) -> Group:
    """Return a turn of a conversation for a terminal; pieces of one article share a source line."""
    heading = turn_heading(move, answer, lang)
    if heading is None:
        return answer_terminal(answer, lang)
    parts = [Styled(heading, style="bold green")]
    if move is Move.MORE:
        for quote in answer.quotes:
            parts += [Styled(), quote_terminal(quote, lang)]
        return Group(*parts)
    for quote, source in zip(answer.quotes, _sources(answer.quotes, lang), strict=True):
        parts += [Styled(visible(source), style="dim")] if source else []
        parts += [_marked(quote)]
    return Group(*parts)


def turn_heading(move: Move, answer: Answer, lang: Lang = Lang.ZH) -> str | None:
    """Return the line above quotes that no verdict is on; ``None`` where there is a verdict."""
    if not answer.quotes or move not in _HEADINGS:
        return None
    return wording.say(_HEADINGS[move], lang, n=len(answer.quotes))


def _sources(quotes: Sequence[Quote], lang: Lang) -> list[str]:
    """The source line of each piece, lines from the first to the last; empty where it repeats."""
    found: list[str] = []
    for n, quote in enumerate(quotes):
        if n and quotes[n - 1].article_id == quote.article_id:
            found.append("")
            continue
        lines = [q.source.lines for q in quotes if q.article_id == quote.article_id]
        around = min(a for a, _ in lines), max(b for _, b in lines)
        found.append(source_line(replace(quote.source, lines=around), lang))
    return found


def quote_terminal(quote: Quote, lang: Lang = Lang.ZH) -> Styled:
    """One quote with its highlights bold, its source and code dim below it."""
    shown = _marked(quote)
    for line in (quote_line(quote, lang), *also_lines(quote, lang)):
        shown.append("\n" + visible(line), style="dim")
    return shown.append("\n" + visible(wording.say(Text.CITE, lang, cite=quote.cite)), style="dim")


def _marked(quote: Quote) -> Styled:
    """A quote's text with its highlights bold."""
    shown = Styled()
    for run in runs(quote.text, quote.highlights):
        shown.append(visible(run.text), style="bold" if run.marked else "")
    return shown


def visible(text: str) -> str:
    """``text`` without the characters that steer a terminal; line feeds and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _UNSAFE)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the object of ``jiwen ask --json``."""
    query = answer.query
    return {
        "question": scalar(query.question),
        "query": query_json(query),
        "verdict": answer.verdict.value,
        "reason": reason_line(answer),
        "confidence": answer.confidence,
        "quotes": [quote_json(quote) for quote in answer.quotes],
        "tally": _tally_json(answer.tally) if answer.tally else None,
        "suggestions": list(answer.suggestions),
        "generation": answer.generation,
        "took_ms": answer.took_ms,
    }


def article_json(article: Article) -> dict[str, Any]:
    """Return the object of ``jiwen articles --json``."""
    return {
        "id": article.id,
        "file": article.page_id,
        "spans": _lists(article.spans),
        "lines": list(article.lines),
        "title": article.title,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "byline": list(article.byline),
        "section": article.section,
        "kind": article.kind.value,
        "newspaper": article.imprint.newspaper,
        "date": article.imprint.date,
        "page": article.imprint.page,
        "text": article.body.text,
    }


def json_line(value: dict[str, Any]) -> bytes:
    """One line of JSON, UTF-8, with its line feed."""
    return msgspec.json.encode(value) + b"\n"


def quote_blocks_of(quote: Quote, lang: Lang = Lang.ZH, *, number: str = "") -> list[Block]:
    """Return a quote with its source, where else it was printed, and its code below it."""
    lines = [number + quote_line(quote, lang, signed=True), *also_lines(quote, lang)]
    return [
        *quote_blocks(quote.text, quote.highlights, folds=True),
        *text_blocks("\n".join(lines), "i"),
        *text_blocks(wording.say(Text.CITE, lang, cite=f"/c_{quote.cite}")),
    ]


def quote_json(quote: Quote) -> dict[str, Any]:
    """Return a quote as ``jiwen ask --json`` holds it."""
    return {
        "text": quote.text,
        "highlights": _lists(quote.highlights),
        "spans": _lists(quote.spans),
        "source": _source_json(quote.source),
        "passage_id": quote.passage_id,
        "article_id": quote.article_id,
        "cite": quote.cite,
        "score": quote.score,
        "also": [
            {**_source_json(other.source), "article_id": other.article_id, "cite": other.cite}
            for other in quote.also
        ],
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    whole: dict[str, Any] = msgspec.to_builtins(tally)
    return {**whole, "terms": [scalar(term) for term in tally.terms]}


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "file": source.file,
        "newspaper": source.newspaper,
        "date": source.date,
        "page": source.page,
        "title": source.title,
        "byline": list(source.byline),
        "lines": list(source.lines),
    }


def _lists(spans: Sequence[Span]) -> list[list[int]]:
    return [list(span) for span in spans]


def _lines(lines: tuple[int, int], lang: Lang) -> str:
    first, last = lines
    return wording.say(Text.LINE if first == last else Text.LINES, lang, first=first, last=last)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _clip(text: str, chars: int) -> str:
    return text if len(text) <= chars else text[: chars - 1] + "…"
