"""How an article begins: the sentences that open it, fit to be read by themselves."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from retrieval.catalogue import Catalogue, part_text
from retrieval.legibility import legibility
from retrieval.marks import comes_from
from retrieval.passages import sentences
from retrieval.records import MAX_QUOTE_CHARS, Article, Kind, Part, Span

# Shorter openings are datelines and greetings; of the next sentences as many as stay below the
# other are taken: four lines on a phone.
_LEAST_CHARS, _MOST_CHARS = 40, 120
# Passages drawn for an article that begins well: in the five pages one in ten opens such a one.
_DRAWS = 2_000
_ENDED = re.compile(r"[。！？!?][”’」』）)]?$")
_HAN = re.compile(r"[㐀-鿿]")
_PROSE = 0.7  # of its characters are Han; below that it is a table or a list


def lead_span(text: str) -> Span:
    """The opening of a body: whole sentences as far as they fit, at least one, at most a quote."""
    found = [s for s in sentences(text) if text[slice(*s)].strip()]
    if not found:
        return 0, 0
    start, end = found[0]
    for first, last in found[1:]:
        if end - start >= _LEAST_CHARS or last - start > _MOST_CHARS or "\n" in text[start:first]:
            break
        end = last
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, start + len(text[start : min(end, start + MAX_QUOTE_CHARS)].rstrip())


def lead_of(article: Article) -> tuple[Part, Span]:
    """Where an article's lead stands: in its body, or in the headline of one without a body."""
    part = Part.BODY if article.body.text.strip() else Part.HEADLINE
    return part, lead_span(part_text(article, part).text)


def well_begun(catalogue: Catalogue, seed: int, *, legible_at: float) -> Iterator[Article]:
    """Articles in an order that ``seed`` decides, those that begin well and cleanly.

    Passages are drawn, not articles listed: an archive of any size costs the same. Of a drawn
    passage that opens its article, the article is taken, so that a long one is no likelier.
    """
    n_rows = len(catalogue)
    draws = random.Random(seed).sample(range(n_rows), min(n_rows, _DRAWS))  # noqa: S311 -- a draw
    for row in draws:
        for article in catalogue.begun_at(row):
            if _begins_well(article, legible_at):
                yield article


def _begins_well(article: Article, legible_at: float) -> bool:
    """Whether the article is a headed report whose lead is whole prose that reads cleanly."""
    if article.kind is not Kind.NEWS or not article.title:
        return False
    lead = article.body.text[slice(*lead_span(article.body.text))]
    whole = len(lead) >= _LEAST_CHARS // 2 and _ENDED.search(lead) is not None
    prose = len(_HAN.findall(lead)) >= _PROSE * len(lead)
    if not (whole and prose) or comes_from(article.body.text):
        return False
    return (article.legibility or 0) >= legible_at and legibility(lead) >= legible_at
