"""What the last build left that can still be used: known files, and shards that are whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from retrieval import manifest as manifests
from retrieval.errors import IndexBroken, IndexFolderError
from retrieval.manifest import CURRENT, GENERATIONS, MANIFEST, SHARDS, Manifest, Shard
from retrieval.plan import Standing
from retrieval.register import REGISTER, Register, Registered
from retrieval.seals import differing, read_seal, stamp_of
from retrieval.survey import Sighting

# An index up to this size is read whole before anything is built upon it (0.1 s); of a larger one
# the files that were written since. What a disk loses by itself shows only to `jiwen doctor`.
_READ_WHOLE_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Past:
    """The last generation: its folder, manifest and pages, and the files of it that are damaged."""

    folder: Path | None = None
    manifest: Manifest | None = None
    pages: Mapping[str, Registered] = field(default_factory=dict)
    damaged: frozenset[str] = frozenset()
    lost: str = ""  # the file that would say what there was, where it is damaged

    @property
    def spoilt(self) -> tuple[str, ...]:
        """The files that are damaged, by their names in the index or in the generation."""
        known = self.manifest.files if self.manifest else {}
        return (self.lost,) if self.lost else tuple(sorted(self.damaged & known.keys()))

    @property
    def shards(self) -> tuple[Shard, ...]:
        """The shards of the generation."""
        return self.manifest.shards if self.manifest else ()

    def sightings(self) -> dict[str, Sighting]:
        """Its pages as they were seen."""
        return {
            name: Sighting(name, page.held.digest, page.size, page.stamp)
            for name, page in self.pages.items()
        }

    def standing(self, now: Mapping[str, Sighting], rules: str) -> Iterator[Standing]:
        """The shards that can be kept, with what of them is as it is ``now``."""
        if self.manifest is None or self.manifest.rules != rules:
            return
        held: dict[int, list[Registered]] = {}
        for name, page in self.pages.items():
            seen = now.get(name)
            if seen is not None and seen.digest == page.held.digest:
                held.setdefault(page.shard, []).append(page)
        for number, shard in enumerate(self.manifest.shards):
            if any(f"{SHARDS}/{store}" in self.damaged for store in shard.stores):
                continue
            pages = sorted(held.get(number, []), key=lambda page: page.held.id)
            rows = sum(page.held.passages for page in pages)
            seen_pages = tuple(now[page.held.id] for page in pages)
            yield Standing(shard.records, shard.rows, rows, seen_pages)


def read_past(index: Path) -> Past:
    """What the last build left; nothing where it cannot be read."""
    lost = CURRENT
    try:
        folder = manifests.current(index)
        lost = f"{GENERATIONS}/{folder.name}/{MANIFEST}"
        manifest = _manifest(folder)
    except IndexBroken:
        return Past(lost=lost)
    except IndexFolderError:  # never built, or in another form
        return Past()
    with suppress(IndexFolderError):
        pages: dict[str, Registered] = {}
        damaged = _damaged(folder, manifest)
        if REGISTER not in damaged:
            register = Register.open(folder / REGISTER)
            pages = {page.held.id: page for page in register.pages()}
            register.close()
        return Past(folder, manifest, pages, damaged)
    return Past()


def _manifest(folder: Path) -> Manifest:
    """The manifest of a generation, whatever became of its files."""
    return manifests.read_manifest(folder, files=False)


def _damaged(folder: Path, manifest: Manifest) -> frozenset[str]:
    """The files of a generation that are not as they were sealed, and the stores that hold one."""
    whole = sum(sealed.size for sealed in manifest.files.values()) <= _READ_WHOLE_BYTES
    paths = {name: manifests.file_of(folder, name) for name in manifest.files}
    stamps = {} if whole else _stamps(folder, manifest)
    looked = {
        name: sealed
        for name, sealed in manifest.files.items()
        if not stamps.get(name) or stamp_of(paths[name]) != stamps[name]
    }
    bad = differing(paths, looked)
    return frozenset([*bad, *("/".join(name.split("/")[:2]) for name in bad)])


def _stamps(folder: Path, manifest: Manifest) -> dict[str, str]:
    """The stamps of the files of all stores, as they were sealed."""
    found: dict[str, str] = {}
    for store in (store for shard in manifest.shards for store in shard.stores):
        if seal := read_seal(manifests.file_of(folder, f"{SHARDS}/{store}")):
            found.update({f"{SHARDS}/{store}/{name}": stamp for name, stamp in seal.stamps.items()})
    return found
