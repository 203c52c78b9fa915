"""Where the seeds, the index and the configuration lie; the same options on every command."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.settings import Config, read_config, takedown_files
from retrieval.archive import Archive


@dataclass(frozen=True, slots=True)
class Places:
    """The three folders a command works with; ``config`` is the user's own, if any."""

    seeds: Path
    index: Path
    config: Path | None

    def read_config(self) -> Config:
        """The settings; raises SettingsError."""
        return read_config(self.config)

    def open_archive(self) -> Archive:
        """The archive as it was last built; raises JiwenError."""
        return Archive.open(self.seeds, self.index, self.read_config().archive)

    def lists(self) -> tuple[tuple[object, ...], ...]:
        """What changes with the take-down lists: each file's path, time and size."""
        found = [(path, path.stat()) for path in takedown_files(self.config)]
        return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in found)


_OPTIONS = (
    ("seeds", "JIWEN_SEEDS", "存放报纸页面的文件夹 [默认 seeds/]"),
    ("index", "JIWEN_INDEX", "索引文件夹 [默认 .jiwen/]"),
    ("config", "JIWEN_CONFIG", "您自己的设置文件夹 [默认 config/]"),
)
_DEFAULTS = {"seeds": Path("seeds"), "index": Path(".jiwen"), "config": None}


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the three folder options, and hand it one ``Places``.

    An option may stand before or after the command's name; after it wins.
    """

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:  # noqa: ANN401 -- click's own signature
        context = click.get_current_context()
        given = {name: options.pop(name) for name, _, _ in _OPTIONS}
        outer = context.find_object(dict) or {}
        chosen: dict[str, Any] = {
            name: given[name] if given[name] is not None else outer.get(name) or _DEFAULTS[name]
            for name in given
        }
        return command(*args, places=Places(**chosen), **options)

    return options(run)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Declare the three folder options on a command or group."""
    for name, _, text in reversed(_OPTIONS):
        command = click.option(f"--{name}", type=click.Path(path_type=Path), help=text)(command)
    return command


def from_environment(name: str, environment: dict[str, str]) -> Path | None:
    """The folder that an environment variable names."""
    variable = next(v for n, v, _ in _OPTIONS if n == name)
    value = environment.get(variable, "").strip()
    return Path(value) if value else None
