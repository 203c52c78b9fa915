"""Examples that this archive can answer: each was asked once before it is offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from bot.library import Archive
from bot.texts import EXAMPLES
from retrieval.entities import EntityType
from retrieval.records import Quote, Verdict

MOST = 4  # examples of one help text
_SEEDS = range(16)  # leads read for names that the archive knows; some 2 ms each
_NAMES = 6  # of them asked about, the most frequent first
_TERM_CHARS = range(2, 9)  # of a name that a reader would type
_FALLBACK_DAY, _FALLBACK_TERM = "2021-01-27", "疫苗"


@dataclass(frozen=True, slots=True)
class Guide:
    """Questions that the archive answers, a day that it has, and a word that it holds."""

    examples: tuple[str, ...] = EXAMPLES
    day: str = _FALLBACK_DAY
    term: str = _FALLBACK_TERM


def guide(archive: Archive) -> Guide:
    """The examples for this archive; the shipped ones where it is empty."""
    held = archive.holdings()
    if not held.articles:
        return Guide()
    leads = [lead for seed in _SEEDS if (lead := archive.random(seed))]
    names = _names(archive, leads)
    days = [paper.last for paper in held.papers if paper.last]
    return Guide(
        examples=tuple(islice(_answered(archive, _proposed(leads, names)), MOST)) or EXAMPLES,
        day=max(days, default=_FALLBACK_DAY),
        term=names[0] if names else _FALLBACK_TERM,
    )


def _answered(archive: Archive, questions: Iterable[str]) -> Iterator[str]:
    """The questions that the archive answers when they are asked, in their order."""
    for question in dict.fromkeys(questions):
        if archive.ask(question, k=1).verdict is Verdict.ANSWERED:
            yield question


def _proposed(leads: list[Quote], names: list[str]) -> Iterator[str]:
    """Questions, of each kind one in turn, so that the first few differ."""
    reporters = list(dict.fromkeys(name for lead in leads for name in lead.source.byline))
    kinds = [
        iter(EXAMPLES),
        (f"一共有几篇报道提到{name}？" for name in names),
        (f"最早什么时候报道{name}？" for name in names[1:]),
        (f"记者{name}写过几篇报道？" for name in reporters),
        (f"哪些记者写过{name}的报道？" for name in names[2:]),
    ]
    for turn in zip_longest(*kinds):
        yield from (question for question in turn if question)


def _names(archive: Archive, leads: list[Quote]) -> list[str]:
    """The places and bodies that the leads name, the most frequent first."""
    kinds = (EntityType.PLACE, EntityType.BODY)
    named = Counter(
        one.text
        for lead in leads
        for one in archive.entities(f"{lead.source.title or ''}\n{lead.text}")
        if one.type in kinds and len(one.text) in _TERM_CHARS
    )
    return [name for name, _ in named.most_common(_NAMES)]
