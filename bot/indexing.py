"""`jiwen index`: a build with its progress and its report, once or whenever the pages change."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from bot.places import Places
from bot.progress import shown
from bot.reports import build_json, build_report
from bot.streams import write_line
from retrieval.archive import Archive
from retrieval.build import Report
from retrieval.errors import IndexFolderError, PageError
from retrieval.files import find_files

_LOOK_S = 2.0  # between two looks at the folder; what is being written settles meanwhile


def indexed(places: Places, *, full: bool = False, as_json: bool = False) -> Report:
    """What a build did, which is also shown: progress and report on stderr, JSON on stdout."""
    settings = places.read_config().archive
    started = time.perf_counter()
    with shown(Console(stderr=True)) as progress:
        report = Archive.build(places.seeds, places.index, settings, full=full, progress=progress)
    if as_json:
        write_line(build_json(report, time.perf_counter() - started))
    else:
        Console(stderr=True).print(build_report(report, places.index), soft_wrap=True)
    return report


def watched(
    places: Places, *, as_json: bool = False, pause: Callable[[float], None] = time.sleep
) -> None:
    """Build whenever the folder looks different, until the user ends it.

    A folder that was taken away, or an index at which somebody else is at work, is waited for.
    """
    Console(stderr=True).print(Text(f"看着 {places.seeds}, Ctrl-C 结束"), soft_wrap=True)
    before: object = None
    while True:
        now = look(places)
        if now != before:
            try:
                indexed(places, as_json=as_json)
                before = now
            except (PageError, IndexFolderError) as error:
                Console(stderr=True).print(Text(f"jiwen: {error}"), soft_wrap=True)
        pause(_LOOK_S)


def look(places: Places) -> dict[str, tuple[int, int]]:
    """The pages and corrections in the folder, each with its time and size."""
    found: dict[str, tuple[int, int]] = {}
    for name in find_files(places.seeds)[0]:
        try:
            stat = (places.seeds / name).stat()
        except OSError:
            continue
        found[name] = (stat.st_mtime_ns, stat.st_size)
    return found
