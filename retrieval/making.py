"""Pages → one shard: its records, then its terms and its vectors, each in a sealed store.

Pages go through one by one and passages in small batches, so memory does not grow with the shard.
What is there already, whole, is not made again: a build that was killed goes on where it stood.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from retrieval.articles import split_whole
from retrieval.context import encoded_text
from retrieval.encoder import Encoder
from retrieval.entries import entries
from retrieval.errors import PageError
from retrieval.inverted import Inverted
from retrieval.ledger import Ledger, LedgerWriter, Notes
from retrieval.legibility import legibilities
from retrieval.manifest import BUILDING, FORMAT, SHARDS, Shard
from retrieval.pages import read_page
from retrieval.passages import split_article
from retrieval.records import Article, Passage
from retrieval.scan import Floats, Scan
from retrieval.seals import publish, sound
from retrieval.settings import Settings
from retrieval.tools import Tools

_T = TypeVar("_T")
Told = Callable[[str, int], None]  # stage, how many more are done
Split = list[tuple[Article, tuple[Passage, ...]]]

_BATCH = 1024
_TOLD_EVERY = 64


class Order(msgspec.Struct, frozen=True):
    """A shard to be made: the names of its stores, and its pages with their digests."""

    records: str
    lexicon: str
    vectors: str
    pages: tuple[tuple[str, str], ...] = ()  # none where the records are there


def order_of(records: str, tools: Tools, pages: Iterable[tuple[str, str]] = ()) -> Order:
    """The order for a shard with these records, whose other stores follow from them."""
    stem = records.partition(".")[0]
    digests = tools.digests()
    lexicon = _name(stem, digests["rules"], digests["segmenter"])
    vectors = _name(stem, digests["rules"], digests["encoder"])
    return Order(records, f"{lexicon}.lexicon", f"{vectors}.vectors", tuple(pages))


def records_name(pages: Iterable[tuple[str, str]], tools: Tools, salt: str) -> str:
    """The name of the records of pages, given with their digests."""
    parts = (f"{page_id}\0{digest}" for page_id, digest in pages)
    return f"{_name(tools.digests()['rules'], salt, *parts)}.records"


def is_made(order: Order, index: Path) -> bool:
    """Whether all stores of a shard are there."""
    stores = (order.records, order.lexicon, order.vectors)
    return all(sound(index / SHARDS / store, thorough=False) for store in stores)


def make_shard(order: Order, seeds: Path, index: Path, tools: Tools, *, tell: Told) -> Shard:
    """The shard that was ordered, with every store of it in place.

    1. the records, from the pages; 2. the terms, from the records; 3. the vectors.

    Raises:
        PageError: a page is no longer what was ordered.
    """
    shards = index / SHARDS
    if _stands(shards / order.records):  # 1
        tell("split", len(order.pages))
    else:
        with _workshop(index, order.records) as folder:
            _write_records(folder, order, (seeds, tools.settings), tell)
    ledger = Ledger.open(shards / order.records)
    tell("passages", len(ledger))
    if _stands(shards / order.lexicon):  # 2
        tell("tokenise", len(ledger))
    else:
        with _workshop(index, order.lexicon) as folder:
            found = entries(ledger, tools.segmenter.hurried())
            Inverted.write(folder, _told(found, "tokenise", tell), n_expected=len(ledger))
    if _stands(shards / order.vectors):  # 3
        tell("encode", len(ledger))
    else:
        with _workshop(index, order.vectors) as folder:
            batches = _encoded(ledger, tools.encoder, tell)
            Scan.build(batches, tools.encoder.dimension).save(folder)
    rows = len(ledger)
    ledger.close()
    return Shard(order.records, order.lexicon, order.vectors, rows)


def _write_records(folder: Path, order: Order, source: tuple[Path, Settings], tell: Told) -> None:
    seeds, settings = source
    writer = LedgerWriter(folder)
    for page_id, digest in order.pages:
        page = read_page(seeds, page_id, settings)
        if page.digest != digest:
            raise PageError(f"{page_id}: was changed while it was read; run `jiwen index` again")
        articles, left_out = split_whole(page, settings)
        split = _judged([(a, split_article(a, settings)) for a in articles])
        skipped = tuple((s.file, s.reason) for s in left_out)
        writer.add(
            (page.id, page.digest, page.encoding), split, Notes(page.imprint.doubts, skipped)
        )
        tell("split", 1)
    writer.close()


def _judged(split: Split) -> Split:
    """The same articles and passages with how cleanly they read."""
    whole = legibilities([f"{a.headline.text}\n{a.body.text}" for a, _ in split])
    parts = iter(legibilities([p.clean.text for _, passages in split for p in passages]))
    return [
        (
            replace(article, legibility=round(value, 3)),
            tuple(replace(p, legibility=round(next(parts), 3)) for p in passages),
        )
        for (article, passages), value in zip(split, whole, strict=True)
    ]


def _encoded(ledger: Ledger, encoder: Encoder, tell: Told) -> Iterator[Floats]:
    """The vectors of a shard's passages, batch by batch."""
    texts = (encoded_text(p, article) for _, p, article in ledger.records(range(len(ledger))))
    while batch := list(islice(texts, _BATCH)):
        yield encoder.encode_passages(batch)
        tell("encode", len(batch))


def _told(items: Iterable[_T], stage: str, tell: Told) -> Iterator[_T]:
    """The items, counted as they go by."""
    count = 0
    for count, item in enumerate(items, start=1):
        yield item
        if count % _TOLD_EVERY == 0:
            tell(stage, _TOLD_EVERY)
    tell(stage, count % _TOLD_EVERY)


def _stands(store: Path) -> bool:
    """Whether a store is there and as it was sealed; one that is not is taken away."""
    if sound(store, thorough=False):
        return True
    shutil.rmtree(store, ignore_errors=True)
    return False


@contextmanager
def _workshop(index: Path, name: str) -> Iterator[Path]:
    """A folder to write a store in, which is published when it is done."""
    folder = index / BUILDING / f"{name}-{os.getpid()}"
    folder.mkdir(parents=True)
    yield folder
    (index / SHARDS).mkdir(exist_ok=True)
    publish(folder, index / SHARDS / name)


def _name(*parts: str) -> str:
    return hashlib.sha256("\0".join([str(FORMAT), *parts]).encode()).hexdigest()[:16]
