"""Seals: the size and checksum of each file of the index, and the stores that carry their own.

A store is a folder that is written once, named by what it is made of, sealed, and never changed.
It comes into being by one rename, so what has a store's name is whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

SEAL = "seal.json"


class FileSeal(msgspec.Struct, frozen=True):
    """The size in bytes and the SHA-256 of a file of the index."""

    size: int
    sha256: str


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a sealed store holds; ``stamps`` are those of its files when they were sealed."""

    files: dict[str, FileSeal]
    stamps: dict[str, str]


def seal(folder: Path) -> dict[str, FileSeal]:
    """Sync every file of a folder to disk and seal it."""
    seals = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not _lock_file(p)):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        seals[path.relative_to(folder).as_posix()] = FileSeal(path.stat().st_size, sha256)
    return seals


def publish(folder: Path, store: Path) -> None:
    """Seal a finished folder and move it to where the store belongs; one that is there stays."""
    files = seal(folder)
    stamps = {name: stamp_of(folder / name) for name in files}
    write_synced(folder / SEAL, msgspec.json.encode(Seal(files, stamps), order="sorted"))
    for inner in (p for p in folder.rglob("*") if p.is_dir()):
        sync_folder(inner)
    sync_folder(folder)
    try:
        folder.rename(store)
    except OSError:
        if not (store / SEAL).is_file():
            raise
        shutil.rmtree(folder)
    sync_folder(store.parent)


def read_seal(store: Path) -> Seal | None:
    """The seal of a store, if it is there and can be read."""
    try:
        return msgspec.json.decode((store / SEAL).read_bytes(), type=Seal)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def sound(store: Path, *, thorough: bool) -> bool:
    """Whether a store is as it was sealed.

    Files whose stamps are those of the seal were not written since; they are read again only where
    the look is to be ``thorough``: what a disk has lost shows in no stamp.
    """
    found = read_seal(store)
    return found is not None and all(
        (not thorough and stamp_of(store / name) == found.stamps.get(name))
        or intact(store / name, sealed)
        for name, sealed in found.files.items()
    )


def sealed_files(store: Path) -> dict[str, FileSeal]:
    """The seals of a store's files, that of its own seal among them."""
    found = read_seal(store)
    return {**found.files, SEAL: _sealed(store / SEAL)} if found else {}


def differing(paths: Mapping[str, Path], files: Mapping[str, FileSeal]) -> list[str]:
    """The names of the files that differ from their seals, by full checksum."""
    return [name for name, sealed in files.items() if not intact(paths[name], sealed)]


def intact(path: Path, sealed: FileSeal) -> bool:
    """Whether a file is as it was sealed, by its size and checksum."""
    return path.is_file() and path.stat().st_size == sealed.size and _sealed(path) == sealed


def vouch(path: Path) -> None:
    """Seal a file that can be made again by a file beside it, where that can be written."""
    with suppress(OSError):
        write_synced(_seal_of(path), msgspec.json.encode(_sealed(path)))


def vouched(path: Path) -> bool:
    """Whether such a file is as it was sealed; one that is not is taken away, if it can be."""
    if path.is_file() and _spoilt(path) is False:
        return True
    with suppress(OSError):
        path.unlink(missing_ok=True)
        _seal_of(path).unlink(missing_ok=True)
    return False


def spoilt(folder: Path) -> list[str]:
    """The files of a folder that differ from the seals beside them."""
    sealed = (path.with_suffix("") for path in sorted(folder.glob("*.seal")))
    return [path.name for path in sealed if path.exists() and _spoilt(path)]


def cleared(folder: Path) -> list[str]:
    """The same, taken away: they are made again when they are needed."""
    return [name for name in spoilt(folder) if not vouched(folder / name)]


def stamp_of(path: Path) -> str:
    """What changes whenever a file is written: inode, size and time; empty where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_ino}-{stat.st_size}-{stat.st_mtime_ns}"


def write_synced(path: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the disk has the names of a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal_of(path: Path) -> Path:
    """Where the seal of a file that stands alone lies."""
    return path.with_name(f"{path.name}.seal")


def _spoilt(path: Path) -> bool | None:
    """Whether a file differs from the seal beside it; ``None`` where there is none."""
    try:
        return not intact(path, msgspec.json.decode(_seal_of(path).read_bytes(), type=FileSeal))
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return True


def _sealed(path: Path) -> FileSeal:
    with path.open("rb") as file:
        return FileSeal(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _lock_file(path: Path) -> bool:
    """Whether tantivy left the file as a lock; it says nothing of the content."""
    return path.name.endswith(".lock")
