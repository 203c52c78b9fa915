"""The archive in use, and the next one: opened aside, then put in its place.

A question takes ``archive`` once and keeps it to its end; the files of an old one are let go when
the last question that holds it is answered.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.desk import Archive
from retrieval import manifest as manifests
from retrieval.errors import IndexFolderError


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How the index under an archive is looked after.

    ``pointed`` names the generation in place (``None``: none that can be used), ``counts`` what it
    holds, ``command`` rebuilds it (see ``bot.rebuilding``).
    """

    pointed: Callable[[], str | None] = lambda: None
    counts: Callable[[], Mapping[str, int]] = dict
    command: tuple[str, ...] = ()

    @classmethod
    def of(cls, index: Path, command: tuple[str, ...]) -> Upkeep:
        """Return the upkeep of an index folder."""

        def pointed() -> str | None:
            try:
                return manifests.current(index).name
            except IndexFolderError:
                return None

        def counts() -> Mapping[str, int]:
            return manifests.read_manifest(manifests.current(index)).counts

        return cls(pointed, counts, command)


@dataclass(slots=True)
class Shelf:
    """The archive in use; ``generation`` is the one it was opened from."""

    open_archive: Callable[[], Archive]
    upkeep: Upkeep
    archive: Archive
    generation: str | None
    counts: Mapping[str, int]
    opened: float
    _failed: str | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def stocked(cls, open_archive: Callable[[], Archive], upkeep: Upkeep) -> Shelf:
        """A shelf with its first archive; raises what opening it raises."""
        generation = upkeep.pointed()
        archive = open_archive()
        return cls(open_archive, upkeep, archive, generation, upkeep.counts(), time.monotonic())

    def outdated(self) -> bool:
        """Whether another generation is in place, and not one that could not be opened."""
        generation = self.upkeep.pointed()
        return generation not in (None, self.generation, self._failed)

    def renew(self) -> None:
        """Open what is in place now and use it from here on; where that fails, all stays as it was.

        Raises:
            JiwenError: it cannot be opened.
        """
        with self._opening:
            # Read first: where yet another one is put in place meanwhile, it is opened next.
            generation = self.upkeep.pointed()
            try:
                archive, counts = self.open_archive(), self.upkeep.counts()
            except Exception:
                self._failed = generation
                raise
            self.archive, self.generation, self.counts = archive, generation, counts
            self.opened, self._failed = time.monotonic(), None
            del archive
        gc.collect()  # what of the old one hangs together in a circle
