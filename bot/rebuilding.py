"""A rebuild of the index in a process of its own, which tells how far it is in JSON lines.

python -m bot.rebuilding --seeds DIR --index DIR [--config DIR]

A process of its own: the bot goes on answering, and what a build needs of memory is given back.
"""

from __future__ import annotations

import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process, create_subprocess_exec
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from typing import Final

import click
import msgspec

from bot.places import Places, placed
from bot.streams import MENDABLE, write_line
from retrieval.errors import JiwenError

_NICE: Final = 10  # questions come first
_EVERY_S: Final = 0.5  # between two lines of one stage: more than any reader is shown


class Step(msgspec.Struct, frozen=True, tag="step"):
    """How far a stage is; ``total`` 0: not known."""

    stage: str
    done: int
    total: int


class Built(msgspec.Struct, frozen=True, tag="built"):
    """What a build did; ``changed`` whether there was anything to do."""

    generation: str
    changed: bool
    counts: dict[str, int]
    skipped: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Why a build failed; the index is as it was."""

    why: str


News = Step | Built | Failed


def command(places: Places) -> tuple[str, ...]:
    """Return the command that rebuilds this index."""
    folders = {"seeds": places.seeds, "index": places.index, "config": places.config}
    given = (part for name, f in folders.items() if f for part in (f"--{name}", str(f.absolute())))
    return (sys.executable, "-m", "bot.rebuilding", *given)


async def rebuilt(command: tuple[str, ...]) -> AsyncGenerator[News, None]:
    """Run the command; yields its steps, and last what it did or why it failed.

    Closed before that, it ends the process; the index in use is never touched by half a build.
    """
    process = await create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE)
    try:
        last: News | None = None
        async for last in _news(process):
            yield last
        code = await process.wait()
        if not isinstance(last, Built | Failed):
            yield Failed(f"the build ended with code {code}")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _news(process: Process) -> AsyncIterator[News]:
    if process.stdout is None:
        raise RuntimeError("a process without its output")
    async for line in process.stdout:
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            yield msgspec.json.decode(line, type=News)


def teller(clock: Callable[[], float] = time.monotonic) -> Callable[[str, int, int], None]:
    """A callback that writes a step at most every ``_EVERY_S``, and each stage's first."""
    last = ("", 0.0)

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = clock()
        if stage != last[0] or now - last[1] >= _EVERY_S:
            last = (stage, now)
            write_line(msgspec.json.encode(Step(stage, done, total)))

    return tell


@click.command()
@placed
def main(places: Places) -> None:
    """Rebuild, tell, and end with 0 or 2."""
    from retrieval.archive import Archive

    os.nice(_NICE)
    try:
        settings = places.read_config().archive
        report = Archive.build(places.seeds, places.index, settings, progress=teller())
    except JiwenError as error:
        write_line(msgspec.json.encode(Failed(str(error))))
        sys.exit(MENDABLE)
    built = Built(report.generation, report.rebuilt, report.counts, len(report.skipped))
    write_line(msgspec.json.encode(built))


if __name__ == "__main__":
    main()
