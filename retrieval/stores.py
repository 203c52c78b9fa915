"""The stores of a generation: opened together, and agreeing on what they hold."""

from __future__ import annotations

from pathlib import Path

from retrieval.catalogue import Catalogue
from retrieval.dead import NONE, Dead
from retrieval.errors import IndexStale
from retrieval.layout import Layout
from retrieval.ledger import Ledger
from retrieval.lexicon import Lexicon
from retrieval.manifest import LAYOUT, SHARDS, Manifest, Shard, file_of
from retrieval.register import REGISTER, Register
from retrieval.vectors import Vectors

Stores = tuple[Catalogue, Vectors, Lexicon]


def dead_name(shard: Shard) -> str:
    """The file of a generation that counts the dead terms of a shard."""
    return f"dead-{shard.records.partition('.')[0]}.npy"


def open_stores(folder: Path, manifest: Manifest) -> Stores:
    """The stores of the generation in ``folder``.

    Raises:
        IndexBroken: a file cannot be read.
        IndexStale: they do not hold the same passages.
    """
    layout = Layout.open(folder / LAYOUT, len(manifest.shards))

    def of(store: str) -> Path:
        return file_of(folder, f"{SHARDS}/{store}")

    dead = NONE
    for name in (dead_name(shard) for shard in manifest.shards):
        if name in manifest.files:
            dead = dead.plus(Dead.open(folder / name))
    ledgers = [Ledger.open(of(shard.records)) for shard in manifest.shards]
    stores = (
        Catalogue(Register.open(folder / REGISTER), ledgers, layout),
        Vectors.join(
            [of(shard.vectors) for shard in manifest.shards],
            layout,
            reread=manifest.nearest.reread,
        ),
        Lexicon.join([of(shard.lexicon) for shard in manifest.shards], layout, dead),
    )
    _agree(stores, [len(ledger) for ledger in ledgers], manifest)
    return stores


def _agree(stores: Stores, records: list[int], manifest: Manifest) -> None:
    """Raise IndexStale unless all stores of each shard hold the same passages."""
    catalogue, vectors, lexicon = stores
    rows = [shard.rows for shard in manifest.shards]
    held = (records, vectors.held(), lexicon.held())
    counts = {catalogue.counts()["passages"], len(vectors), len(lexicon)}
    same = all(one == rows for one in held) and counts == {manifest.counts["passages"]}
    if not same or vectors.dimension != manifest.dimension:
        raise IndexStale(
            f"the stores of the index disagree ({sorted(counts)}); run `jiwen index --full`"
        )
