"""Which pages lie in the seeds folder now: those that changed are read, the others are not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import PageError
from retrieval.pages import Skipped, decode, digest_of, left_out, list_pages, page_bytes

# A file written this shortly ago may be written once more without a new time.
_UNSURE_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Sighting:
    """A page that can be read: the digest of its file and sidecar, the file's size in bytes.

    ``stamp`` changes whenever the file does; it is empty where that is not sure, and where a
    sidecar lies beside the page.
    """

    id: str
    digest: str
    size: int
    stamp: str


def survey(seeds: Path, known: Mapping[str, Sighting]) -> Iterator[Sighting | Skipped]:
    """Each page by id; one that is known by its stamp is as it was and is not read again.

    Raises:
        PageError: there is no such folder.
    """
    now, folder = time.time_ns(), str(seeds)
    for page_id in list_pages(seeds):
        if isinstance(page_id, Skipped):
            yield page_id
            continue
        size, stamp = _stamp(f"{folder}/{page_id}", now)
        before = known.get(page_id)
        if stamp and before is not None and before.stamp == stamp:
            yield before
            continue
        try:
            yield _read(seeds, page_id, size, stamp)
        except PageError as error:
            yield left_out(page_id, error)


def _read(seeds: Path, page_id: str, size: int, stamp: str) -> Sighting:
    data, sidecar = page_bytes(seeds, page_id)
    try:
        decode(data)
    except PageError as error:
        raise PageError(f"{page_id}: {error}") from error
    return Sighting(page_id, digest_of(data, sidecar), size, "" if sidecar else stamp)


def _stamp(path: str, now_ns: int) -> tuple[int, str]:
    """The size of a file and what changes whenever it does, if that is sure."""
    try:
        stat = os.stat(path)  # noqa: PTH116 -- of 100,000 files a Path each takes 2 seconds
    except OSError:
        return 0, ""
    settled = max(stat.st_mtime_ns, stat.st_ctime_ns) < now_ns - _UNSURE_NS
    stamp = f"{stat.st_ino}-{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ctime_ns}"
    return stat.st_size, stamp if settled else ""
