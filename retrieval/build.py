"""Seeds → a new generation of the index, built aside and moved into place.

What is there and whole is kept: shards of pages that did not change, and the stores of a build
that was killed. Whatever happens on the way, the generation in use stays as it is: stores are
written in ``building/``, synced, sealed and renamed, and only at the end ``current`` is replaced.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval import manifest as manifests
from retrieval.continuations import Join
from retrieval.crew import Progress as Progress
from retrieval.crew import make_shards, workers
from retrieval.dead import NONE, Dead
from retrieval.entries import entries
from retrieval.errors import PageError
from retrieval.generations import move_into_place, sweep, writer
from retrieval.layout import Layout
from retrieval.ledger import Held, Ledger
from retrieval.making import order_of, records_name
from retrieval.manifest import BUILDING, LAYOUT, MANIFEST, SHARDS, Manifest, Nearest, Shard
from retrieval.pages import Skipped
from retrieval.past import Past, read_past
from retrieval.plan import Plan, Sizes, plan_shards
from retrieval.recall import nearest
from retrieval.records import Doubt
from retrieval.register import REGISTER, Register, Registered
from retrieval.roll import Roll, write_register
from retrieval.seals import FileSeal, seal, sealed_files, write_synced
from retrieval.stores import dead_name
from retrieval.stories import Before, join_again, join_all
from retrieval.survey import Sighting, survey
from retrieval.tools import Tools
from retrieval.vectors import Vectors

STAGES = ("read", "split", "tokenise", "encode", "write")
SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. ``counts`` are pages, articles and passages.

    ``doubts`` are the pages whose imprint disagrees with itself, by id. ``split`` is how many
    pages were split, ``shards`` how many shards there are. ``damaged`` are files of the last build
    that were no longer as it left them; they were made anew.
    """

    generation: str
    rebuilt: bool
    counts: dict[str, int]
    skipped: tuple[Skipped, ...]
    doubts: tuple[tuple[str, tuple[Doubt, ...]], ...] = ()
    split: int = 0
    shards: int = 1
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What a build works with: where, by which rules, after what, and whom it tells."""

    seeds: Path
    index: Path
    tools: Tools
    past: Past
    tell: Progress
    sizes: Sizes
    full: bool


def build(
    seeds: Path,
    index: Path,
    tools: Tools,
    *,
    full: bool = False,
    progress: Progress | None = None,
    sizes: Sizes = SIZES,
) -> Report:
    """Bring the index up to date with the seeds; nothing is written where nothing changed.

    1. look which pages changed; 2. plan the shards; 3. make those that are not there; 4. register
    the pages, and write what depends on all of them; 5. move into place.

    Raises:
        PageError: there is no seeds folder, or no page in it can be read.
        IndexFolderError: another process is building, or the folder cannot be written.
    """
    with writer(index):
        work = Work(seeds, index, tools, read_past(index), progress or _silent, sizes, full)
        seen, skipped = _seen(work)  # 1
        name = _generation(seen, tools)
        if not full and _is_current(work.past, name):
            return _report(name, list(work.past.pages.values()), skipped, work.past.manifest)
        plan = _planned(seen, work)  # 2
        shards = _made(plan, work)  # 3
        folder = index / BUILDING / "generation"
        folder.mkdir(parents=True)
        pages = _registered(shards, plan, work)  # 4
        manifest = _written(folder, name, work, shards=shards, pages=pages)
        move_into_place(index, folder, name)  # 5
        sweep(index)
        work.tell("write", 1, 1)
        split = sum(len(pages) for pages in plan.fresh)
        report = _report(name, pages, skipped, manifest, split=split)
        return replace(report, damaged=work.past.spoilt)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _seen(work: Work) -> tuple[list[Sighting], tuple[Skipped, ...]]:
    """The pages that can be read, by id, and the files that cannot."""
    seen: list[Sighting] = []
    skipped: list[Skipped] = []
    for item in survey(work.seeds, {} if work.full else work.past.sightings()):
        (skipped if isinstance(item, Skipped) else seen).append(item)  # type: ignore[arg-type]
        work.tell("read", len(seen) + len(skipped), 0)
    if not seen:
        why = f" (first: {skipped[0].file}: {skipped[0].reason})" if skipped else ""
        raise PageError(
            f"{work.seeds}: no page that can be read{why}; put .txt, .md or .jsonl files there"
        )
    return sorted(seen, key=lambda one: one.id), tuple(skipped)


def _generation(seen: Sequence[Sighting], tools: Tools) -> str:
    """The name of the generation of these pages."""
    pages = (f"{one.id}\0{one.digest}" for one in seen)
    return manifests.generation_name([*tools.digests().values(), *pages])


def _is_current(past: Past, name: str) -> bool:
    """Whether the last generation is this one, and whole."""
    manifest = past.manifest
    return manifest is not None and manifest.generation == name and not past.damaged


def _planned(seen: Sequence[Sighting], work: Work) -> Plan:
    """Which shards stay, and which pages are to make new ones."""
    now = {one.id: one for one in seen}
    rules = work.tools.digests()["rules"]
    standing = [] if work.full else list(work.past.standing(now, rules))
    return plan_shards(seen, standing, work.sizes, workers=workers())


def _made(plan: Plan, work: Work) -> list[Shard]:
    """The shards of the plan, those that stay first.

    What is made in spite of what is there gets another name: nothing in use is written over.
    """
    anew = work.full or bool(work.past.damaged)
    salt = os.urandom(8).hex() if anew else ""
    orders = [order_of(shard.records, work.tools) for shard in plan.kept]
    for pages in plan.fresh:
        named = [(page.id, page.digest) for page in pages]
        orders.append(order_of(records_name(named, work.tools, salt), work.tools, named))
    return make_shards(orders, work.seeds, work.index, tools=work.tools, tell=work.tell)


def _registered(shards: Sequence[Shard], plan: Plan, work: Work) -> list[Registered]:
    """Every page of the archive by id, each in the shard that the plan gave it to."""
    of_shard = [*(shard.pages for shard in plan.kept), *plan.fresh]
    pages: list[Registered] = []
    for number, (shard, seen) in enumerate(zip(shards, of_shard, strict=True)):
        held = _held(shard, seen, work)
        pages += [Registered(held[one.id], number, one.size, one.stamp) for one in seen]
    return sorted(pages, key=lambda page: page.held.id)


def _held(shard: Shard, seen: Sequence[Sighting], work: Work) -> Mapping[str, Held]:
    """What a shard holds of its pages; of one that was there the last register knows."""
    known = {one.id: work.past.pages[one.id].held for one in seen if one.id in work.past.pages}
    if _was_there(shard, work.past):
        return known
    ledger = Ledger.open(work.index / SHARDS / shard.records)
    held = {page.id: page for page in ledger.pages()}
    ledger.close()
    return held


def _was_there(shard: Shard, past: Past) -> bool:
    """Whether the last generation read its pages in this shard."""
    return any(one.records == shard.records for one in past.shards)


def _written(
    folder: Path,
    name: str,
    work: Work,
    *,
    shards: Sequence[Shard],
    pages: Sequence[Registered],
) -> Manifest:
    """Write a generation's own files, and its manifest over all of them."""
    work.tell("write", 0, 1)
    ledgers = [Ledger.open(work.index / SHARDS / shard.records) for shard in shards]
    named = [(shard.records, ledger) for shard, ledger in zip(shards, ledgers, strict=True)]
    base = _base(work)
    roll = Roll(pages, named, _joins(named, pages, work, base))
    write_register(folder / REGISTER, roll, base=base)
    placed = ((page.shard, page.held.first, page.held.passages) for page in pages)
    Layout.of(placed, len(shards)).save(folder / LAYOUT)
    live = _by_shard(pages)
    for number, (shard, ledger) in enumerate(zip(shards, ledgers, strict=True)):
        _write_dead(folder, shard, ledger, live.get(number, set()), work)
    looked = _nearest(folder, shards, ledgers, work)
    for ledger in ledgers:
        ledger.close()
    stored = _stored(work.index, shards)
    manifest = Manifest(
        format=manifests.FORMAT,
        generation=name,
        model=work.tools.encoder.name,
        dimension=work.tools.encoder.dimension,
        seeds=manifests.generation_name([f"{p.held.id}\0{p.held.digest}" for p in pages]),
        counts=_counts(pages),
        versions=manifests.versions(),
        shards=tuple(shards),
        nearest=looked,
        files={**seal(folder), **stored},
        **work.tools.digests(),
    )
    write_synced(folder / MANIFEST, manifests.written(manifest))
    return manifest


def _nearest(
    folder: Path, shards: Sequence[Shard], ledgers: Sequence[Ledger], work: Work
) -> Nearest:
    """How the nearest vectors of the archive are to be looked for."""
    folders = [work.index / SHARDS / shard.vectors for shard in shards]
    vectors = Vectors.join(folders, Layout.open(folder / LAYOUT, len(shards)))
    past, encoder = work.past.manifest, work.tools.encoder
    same = past is not None and past.encoder == encoder.fingerprint
    return nearest(vectors, ledgers, encoder, before=past.nearest if past and same else None)


def _base(work: Work) -> Path | None:
    """The last register, where what it says was found by these rules and is whole."""
    past = work.past
    if past.folder is None or past.manifest is None or past.damaged or work.full:
        return None
    same = past.manifest.rules == work.tools.digests()["rules"]
    return past.folder / REGISTER if same else None


def _joins(
    shards: Sequence[tuple[str, Ledger]],
    pages: Sequence[Registered],
    work: Work,
    base: Path | None,
) -> tuple[Join, ...]:
    """The articles that are parts of one story, over the whole archive."""
    read = {page.held.id: shards[page.shard][1] for page in pages}
    if base is None:
        return join_all(read)
    now, past = {page.held.id: page.held.digest for page in pages}, work.past.pages
    changed = {i for i in {*now, *past} if i not in past or past[i].held.digest != now.get(i)}
    was = {i: work.past.shards[past[i].shard].records for i in changed & past.keys()}
    gone = {
        name: Ledger.open(work.index / SHARDS / name) for name in {*was.values()} - {*dict(shards)}
    }
    opened = {**dict(shards), **gone}
    register = Register.open(base)
    before = Before(register.joins(), changed, {i: opened[name] for i, name in was.items()})
    joins = join_again(read, before)
    register.close()
    for ledger in gone.values():
        ledger.close()
    return joins


def _by_shard(pages: Iterable[Registered]) -> dict[int, set[str]]:
    """The pages that are to be read in each shard."""
    found: dict[int, set[str]] = {}
    for page in pages:
        found.setdefault(page.shard, set()).add(page.held.id)
    return found


def _write_dead(folder: Path, shard: Shard, ledger: Ledger, live: set[str], work: Work) -> None:
    """Count the terms of a shard's dead pages, those that died since the last build added."""
    dead = [page for page in ledger.pages() if page.id not in live]
    if not dead:
        return
    known, counts = _dead_before(shard, ledger, work.past)
    if known - {page.id for page in dead}:  # some live again
        known, counts = set(), NONE
    ranges = [range(p.first, p.first + p.passages) for p in dead if p.id not in known]
    more = Dead.of(entries(ledger, work.tools.segmenter.hurried(), ranges)) if ranges else NONE
    counts.plus(more).save(folder / dead_name(shard))


def _dead_before(shard: Shard, ledger: Ledger, past: Past) -> tuple[set[str], Dead]:
    """The dead pages of a shard in the last generation, and what they counted."""
    name = dead_name(shard)
    known = past.manifest is not None and name in past.manifest.files
    if not known or past.folder is None or name in past.damaged or shard not in past.shards:
        return set(), NONE
    number = past.shards.index(shard)
    dead = {page.id for page in ledger.pages()} - {
        page_id for page_id, page in past.pages.items() if page.shard == number
    }
    return dead, Dead.open(past.folder / name)


def _stored(index: Path, shards: Sequence[Shard]) -> dict[str, FileSeal]:
    """The seals of all files of the shards' stores, by their path in the index."""
    return {
        f"{SHARDS}/{store}/{name}": sealed
        for shard in shards
        for store in shard.stores
        for name, sealed in sealed_files(index / SHARDS / store).items()
    }


def _counts(pages: Sequence[Registered]) -> dict[str, int]:
    held = [page.held for page in pages]
    return {
        "pages": len(held),
        "articles": sum(page.articles for page in held),
        "passages": sum(page.passages for page in held),
    }


def _left_out(pages: Sequence[Registered]) -> list[Skipped]:
    """The lines and corrections of readable pages that are left out, and why."""
    notes = (page.held.notes for page in pages)
    return [Skipped(*line) for note in notes if note for line in note.skipped]


def _report(
    name: str,
    pages: Sequence[Registered],
    skipped: Sequence[Skipped],
    manifest: Manifest | None,
    *,
    split: int | None = None,
) -> Report:
    """What was done; ``split`` is how many pages were split, ``None`` where nothing was."""
    noted = [(page.held.id, page.held.notes) for page in pages if page.held.notes]
    return Report(
        generation=name,
        rebuilt=split is not None,
        counts=manifest.counts if manifest else _counts(pages),
        skipped=(*skipped, *_left_out(pages)),
        doubts=tuple((page_id, note.doubts) for page_id, note in noted if note.doubts),
        split=split or 0,
        shards=len(manifest.shards) if manifest else 0,
    )
