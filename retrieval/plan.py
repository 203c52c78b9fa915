"""Which shard each page belongs in: most stay where they are, the changed go into new ones.

Shards are never changed. A page that changed leaves dead rows behind; a shard that is dead by a
quarter is made anew without them. Small shards add up as pages come in: as soon as four are of
about one size they are made one, so that a page is moved some ten times in its life and a
million passages lie in some twenty shards (a log-structured merge tree; O'Neil et al., 1996).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.survey import Sighting


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large shards are. ``shard_bytes`` of text at most, but for a page that is larger.

    A share of ``dead_share`` and more of dead rows, or ``fan`` shards within a factor of ``fan``
    in size, are reasons to make shards anew.
    """

    # 120,000 passages: half a minute of work, 70 MB of vectors in memory while it is done. Every
    # shard costs each question a third of a millisecond.
    shard_bytes: int = 80_000_000
    dead_share: float = 0.25
    fan: int = 4
    # Half a minute of work is worth a second process, which takes two seconds to start.
    share_bytes: int = 6_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A shard as it stands: its records by name, its rows, and the pages and rows still in use."""

    records: str
    rows: int
    live_rows: int
    pages: tuple[Sighting, ...]

    @property
    def size(self) -> int:
        """The bytes of its pages that are in use."""
        return sum(page.size for page in self.pages)


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards that stay, and the pages of each new one, by id."""

    kept: tuple[Standing, ...]
    fresh: tuple[tuple[Sighting, ...], ...]


def plan_shards(
    pages: Sequence[Sighting], standing: Iterable[Standing], sizes: Sizes, *, workers: int = 1
) -> Plan:
    """Where every page of the archive is to be, given by id; no shard twice, no page left out."""
    kept = [shard for shard in standing if _lively(shard, sizes)]
    placed = {page.id for shard in kept for page in shard.pages}
    loose = [page for page in pages if page.id not in placed]
    while merged := _crowd(kept, sum(page.size for page in loose), sizes):
        kept = [shard for shard in kept if shard not in merged]
        freed = {page.id for shard in merged for page in shard.pages}
        placed -= freed
        loose = [page for page in pages if page.id not in placed]
    return Plan(tuple(kept), tuple(_divided(loose, sizes, workers)))


def _lively(shard: Standing, sizes: Sizes) -> bool:
    """Whether enough of a shard is in use to keep it."""
    return bool(shard.pages) and shard.live_rows >= shard.rows * (1 - sizes.dead_share)


def _crowd(kept: Sequence[Standing], loose_bytes: int, sizes: Sizes) -> list[Standing]:
    """Shards of about one size, as many as are to be one; the new one among them, if there is one."""
    tiers: dict[int, list[Standing]] = defaultdict(list)
    for shard in kept:
        if shard.size * 2 < sizes.shard_bytes:
            tiers[_tier(shard.size, sizes)].append(shard)
    new = _tier(loose_bytes, sizes) if loose_bytes else -1
    for tier, shards in sorted(tiers.items()):
        if len(shards) + (tier == new) >= sizes.fan:
            return shards
    return []


def _tier(size: int, sizes: Sizes) -> int:
    return int(math.log(max(size, 1), sizes.fan))


def _divided(
    pages: Sequence[Sighting], sizes: Sizes, workers: int
) -> Iterator[tuple[Sighting, ...]]:
    """The pages in shards of about one size, neighbours together."""
    whole = sum(page.size for page in pages)
    shared = min(workers, whole // sizes.share_bytes)
    n_shards = max(math.ceil(whole / sizes.shard_bytes), shared, 1)
    part: list[Sighting] = []
    done = filled = 0
    for page in pages:
        part.append(page)
        filled += page.size
        if filled * n_shards >= whole * (done + 1):
            yield tuple(part)
            part, done = [], filled * n_shards // max(whole, 1)
    if part:
        yield tuple(part)
