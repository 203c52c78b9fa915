"""Generations of an index: one writer, built aside, moved into place, the last good one kept."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval import manifest as manifests
from retrieval.errors import IndexBroken, IndexFolderError
from retrieval.manifest import BUILDING, CURRENT, GENERATIONS, LOCK, SHARDS
from retrieval.seals import sync_folder, write_synced


def claim(index: Path) -> None:
    """Make the folder an index, or leave untouched what is something else.

    Raises:
        IndexBroken: it holds something that is not an index.
        IndexFolderError: it cannot be written.
    """
    with _writable(index):
        if manifests.foreign(index):
            raise IndexBroken(
                f"{index}: holds something that is not an index; give another --index"
            )
        index.mkdir(parents=True, exist_ok=True)
        (index / LOCK).touch()


def move_into_place(index: Path, folder: Path, name: str) -> None:
    """Rename the finished folder, point ``current`` at it, and keep only the one before.

    The folder in use is never moved: a rebuild of the same content gets another name beside it.
    """
    generations = index / GENERATIONS
    generations.mkdir(exist_ok=True)
    before = _pointed(index)
    target = generations / (f"{name}again" if before == name else name)
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
    sync_folder(generations)
    fresh = index / f"{CURRENT}.new"
    write_synced(fresh, target.name.encode())
    fresh.replace(index / CURRENT)
    sync_folder(index)
    for old in generations.iterdir():
        if old.name not in (target.name, before):
            shutil.rmtree(old, ignore_errors=True)


def _pointed(index: Path) -> str | None:
    try:
        return manifests.current(index).name
    except IndexFolderError:
        return None


def sweep(index: Path) -> None:
    """Take away the stores of shards that no generation left needs."""
    needed: set[str] = set()
    for folder in (index / GENERATIONS).iterdir():
        try:
            shards = manifests.read_manifest(folder).shards
        except IndexFolderError:  # what cannot be opened needs nothing
            continue
        needed.update(store for shard in shards for store in shard.stores)
    for store in (index / SHARDS).iterdir():
        if store.name not in needed:
            shutil.rmtree(store, ignore_errors=True)


@contextmanager
def writer(index: Path) -> Iterator[None]:
    """Hold the index as its one writer; the lock goes with the process, however it ends."""
    claim(index)
    with _writable(index), (index / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexFolderError(
                f"{index}: another `jiwen index` is at work; wait for it"
            ) from error
        shutil.rmtree(index / BUILDING, ignore_errors=True)  # what a killed build left
        yield
        shutil.rmtree(index / BUILDING, ignore_errors=True)


@contextmanager
def _writable(index: Path) -> Iterator[None]:
    """Say of what cannot be written to the index that it cannot."""
    try:
        yield
    except OSError as error:
        raise IndexFolderError(
            f"{index}: cannot be written ({error}); give another --index"
        ) from error
