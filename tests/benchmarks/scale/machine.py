"""The machine that figures were measured on, and what of the index its page cache holds."""

from __future__ import annotations

import ctypes
import datetime
import importlib.metadata
import mmap
import os
import platform
import re
from contextlib import suppress
from pathlib import Path

_PACKAGES = ("jiwen", "faiss-cpu", "tantivy", "jieba", "rjieba", "numpy", "bm25s", "numba")


def machine(seed: int) -> dict[str, str]:
    """What a figure depends on: processor, cores, memory, kernel, versions, day, seed."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": ", ".join(_versions()),
        "measured": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "seed": str(seed),
    }


def _processor() -> str:
    with suppress(OSError):
        said = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        if named := re.search(r"^model name\s*:\s*(.+)$", said, re.MULTILINE):
            return f"{named[1]} ({platform.machine()})"
    return platform.processor() or platform.machine()


def _versions() -> list[str]:
    found = []
    for name in _PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{name} {importlib.metadata.version(name)}")
    return found


def drop_cached(folder: Path) -> float:
    """Ask the system to let go of what it keeps of a folder's files; the share that it kept still.

    Needs no rights; files that are mapped somewhere stay.
    """
    files = [p for p in folder.rglob("*") if p.is_file() and p.stat().st_size]
    for path in files:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return sum(map(_cached_bytes, files)) / max(sum(p.stat().st_size for p in files), 1)


def _cached_bytes(path: Path) -> int:
    """How much of a file is in the page cache (mincore(2))."""
    libc = ctypes.CDLL(None, use_errno=True)
    size = path.stat().st_size
    pages = -(-size // mmap.PAGESIZE)
    held = (ctypes.c_ubyte * pages)()
    with path.open("rb") as file, mmap.mmap(file.fileno(), size, mmap.MAP_PRIVATE) as mapped:
        first = ctypes.c_char.from_buffer(mapped)
        address = ctypes.c_void_p(ctypes.addressof(first))
        failed = libc.mincore(address, ctypes.c_size_t(size), held)
        del first  # or the map could not be closed
    return size if failed else min(sum(one & 1 for one in held) * mmap.PAGESIZE, size)
