"""The archive in use, and the next one: opened aside, then put in its place.

A question takes ``archive`` once and keeps it to its end; the files of an old one are let go when
the last question that holds it is answered.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.library import Archive
from retrieval import manifest as manifests
from retrieval.errors import IndexFolderError


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How the index under an archive is looked after.

    ``pointed`` names the generation in place (``None``: none that can be used), ``lists`` changes
    with what else an open archive depends on, the take-down lists; ``counts`` says what the index
    holds, ``command`` rebuilds it (see ``bot.rebuilding``).
    """

    pointed: Callable[[], str | None] = lambda: None
    lists: Callable[[], Hashable] = lambda: None
    counts: Callable[[], Mapping[str, int]] = dict
    command: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, index: Path, command: tuple[str, ...], lists: Callable[[], Hashable] = lambda: None
    ) -> Upkeep:
        """Return the upkeep of an index folder."""

        def pointed() -> str | None:
            try:
                return manifests.current(index).name
            except IndexFolderError:
                return None

        def counts() -> Mapping[str, int]:
            return manifests.read_manifest(manifests.current(index)).counts

        return cls(pointed, lists, counts, command)


@dataclass(slots=True)
class Shelf:
    """The archive in use; ``generation`` is the one it was opened from."""

    open_archive: Callable[[], Archive]
    upkeep: Upkeep
    archive: Archive
    generation: str | None
    counts: Mapping[str, int]
    opened: float
    lists: Hashable = None
    _failed: tuple[str | None, Hashable] | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def stocked(cls, open_archive: Callable[[], Archive], upkeep: Upkeep) -> Shelf:
        """A shelf with its first archive; raises what opening it raises."""
        generation, lists = upkeep.pointed(), upkeep.lists()
        archive = open_archive()
        opened, counts = time.monotonic(), upkeep.counts()
        return cls(open_archive, upkeep, archive, generation, counts, opened, lists)

    def outdated(self) -> bool:
        """Whether another index or list is in place, and not one that could not be opened."""
        now = self.upkeep.pointed(), self.upkeep.lists()
        return now[0] is not None and now not in ((self.generation, self.lists), self._failed)

    def renew(self) -> None:
        """Open what is in place now and use it from here on; where that fails, all stays as it was.

        Raises:
            JiwenError: it cannot be opened.
        """
        with self._opening:
            # Read first: where yet another one is put in place meanwhile, it is opened next.
            generation, lists = self.upkeep.pointed(), self.upkeep.lists()
            try:
                archive, counts = self.open_archive(), self.upkeep.counts()
            except Exception:
                self._failed = generation, lists
                raise
            self.archive, self.generation, self.counts = archive, generation, counts
            self.opened, self.lists, self._failed = time.monotonic(), lists, None
            del archive
        gc.collect()  # what of the old one hangs together in a circle
