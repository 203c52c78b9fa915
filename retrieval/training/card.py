"""The card of an adapted model: from what, when, and how well."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval.training.compare import Gain
from retrieval.training.evaluate import Score
from retrieval.training.record import Record, write_record

CARD = "README.md"


@dataclass(frozen=True, slots=True)
class Card:
    """What is to be known of an adapted model; scores are those of the held-out tasks."""

    base: str
    made: str
    articles: int
    learnt: int
    held_out: int
    words: int
    seed: int
    alpha: float
    epochs: int
    before: tuple[tuple[str, Score], ...]
    after: tuple[tuple[str, Score], ...]
    gain: Gain | None


def write_card(folder: Path, card: Card) -> None:
    """Write the card and the record into the model's ``folder``."""
    (folder / CARD).write_text(_card(card), encoding="utf-8")
    write_record(folder, Record(card.made, card.base, card.articles, card.words))


def _card(card: Card) -> str:
    return f"""---
language: zh
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embeddings, chinese, news, retrieval]
---

# Sentence vectors adapted to one archive

The static model `{card.base}`, fitted on {card.made} by `jiwen adapt` to an archive of {card.articles:,} articles:
{card.words:,} new words, all rows of the archive's words moved {card.alpha:g} of the way that training went ({card.epochs} epochs, seed {card.seed}).
{card.learnt:,} articles were learnt from; {card.held_out:,} were held out, by story, and ask the questions below, each among
all passages of the archive: a headline looks for its story, a sentence for the passage that it was cut out of.

| held-out | R@1 before | after | R@10 before | after | MRR before | after |
| --- | --- | --- | --- | --- | --- | --- |
{_rows(card)}
{_gain(card.gain)}
It is fitted to this archive's text and holds its words: do not pass it on where the archive may not go. The licence is that
of the base model and of the archive.
"""


def _rows(card: Card) -> str:
    after = dict(card.after)
    return "".join(_row(name, old, after[name]) for name, old in card.before)


def _row(name: str, old: Score, new: Score) -> str:
    pairs = ((old.hit_1, new.hit_1), (old.hit_10, new.hit_10), (old.mrr, new.mrr))
    return f"| {name} | {' | '.join(f'{a:.3f} | {b:.3f}' for a, b in pairs)} |\n"


def _gain(gain: Gain | None) -> str:
    if gain is None:
        return ""
    interval = f"{gain.low:+.4f} to {gain.high:+.4f}"
    return f"Gain in MRR over both: {gain.mean:+.4f}, 95 % interval {interval} (bootstrap over stories).\n"
