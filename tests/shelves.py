"""Stores for tests: made of a few articles, without seeds and without a build."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from retrieval.catalogue import Catalogue
from retrieval.continuations import Join, join_parts
from retrieval.layout import Layout
from retrieval.ledger import Ledger, LedgerWriter, Notes
from retrieval.records import Article, Passage
from retrieval.register import REGISTER, Register, Registered
from retrieval.roll import Roll, write_register

Split = Sequence[tuple[Article, Sequence[Passage]]]
Pages = Sequence[tuple[tuple[str, str, str], Split]]  # (id, digest, encoding), articles


def write_ledger(folder: Path, pages: Pages) -> Ledger:
    """The records of one shard."""
    writer = LedgerWriter(folder)
    for page, split in pages:
        writer.add(page, split, Notes())
    writer.close()
    return Ledger.open(folder)


def catalogue_of(
    folder: Path, shards: Sequence[Pages], *, dead: Iterable[str] = (), joins: Iterable[Join] = ()
) -> Catalogue:
    """A catalogue of these shards; pages that are ``dead`` stand in a shard and are not read."""
    ledgers = [write_ledger(folder / f"{n}.records", pages) for n, pages in enumerate(shards)]
    pages = [
        Registered(held, number, 1, "")
        for number, ledger in enumerate(ledgers)
        for held in ledger.pages()
        if held.id not in set(dead)
    ]
    pages.sort(key=lambda page: page.held.id)
    shards = [(f"{n}.records", ledger) for n, ledger in enumerate(ledgers)]
    write_register(folder / REGISTER, Roll(pages, shards, tuple(joins)))
    placed = ((page.shard, page.held.first, page.held.passages) for page in pages)
    return Catalogue(Register.open(folder / REGISTER), ledgers, Layout.of(placed, len(ledgers)))


def catalogue_in(folder: Path, split: Split) -> Catalogue:
    """A catalogue of articles in one shard, their pages and stories as they say."""
    by_page = groupby(sorted(split, key=lambda one: one[0].page_id), key=lambda one: one[0].page_id)
    pages = [((page, "", "utf-8"), list(articles)) for page, articles in by_page]
    return catalogue_of(folder, [pages], joins=join_parts(article for article, _ in split))
