"""Where things are and what the user set: defaults ← the user's files ← environment.

``config/`` of the project holds complete defaults. A user's own folder (``--config``) and the
``*.local.*`` files beside either override them key by key; an unknown key is an error.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from retrieval.errors import SettingsError
from retrieval.settings import Newspaper, PageRule, Settings, TakeDown

_T = TypeVar("_T")

_ELSEWHERE = ("newspapers", "pages", "takedown", "words")  # settings that have their own files
_HERE = Path(__file__).parent
# A checkout keeps config/ beside the packages; a wheel carries a copy inside this one.
SHIPPED = next((p for p in (_HERE.parent / "config", _HERE / "_config") if p.is_dir()), _HERE)


_Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class LimitsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ``[bot.limits]`` section: how much may be asked; ``*_per_min`` 0 is no limit."""

    user_per_min: _Count = 30
    user_burst: _Count = 20
    all_per_min: _Count = 3000
    all_burst: _Count = 1000


class WebhookConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ``[bot.webhook]`` section; without a ``url`` the bot polls."""

    url: str = ""
    listen: str = "127.0.0.1"
    port: _Port = 8443
    path: str = ""


class BotConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ``[bot]`` section: who may use the bot, how it reaches Telegram, how long it remembers."""

    allowed_users: tuple[int, ...] = ()
    access: Literal["", "open", "listed", "paired"] = ""
    admins: tuple[int, ...] = ()
    base_url: str = ""
    log: Literal["text", "json"] = "text"
    metrics_listen: str = "127.0.0.1"
    metrics_port: _Port = 0
    limits: LimitsConfig = LimitsConfig()
    webhook: WebhookConfig = WebhookConfig()
    forget_after_min: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 30
    state: str = ""
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30


class _Papers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of ``newspapers.toml``."""

    newspaper: tuple[Newspaper, ...] = ()
    page: tuple[PageRule, ...] = ()


class _TakeDowns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of ``takedown.toml``."""

    takedown: tuple[TakeDown, ...] = ()


class Config(msgspec.Struct, frozen=True):
    """Everything that was set, parsed once."""

    archive: Settings
    bot: BotConfig


def read_config(folder: Path | None = None) -> Config:
    """The settings: the shipped ones, overridden by those of ``folder``.

    Raises:
        SettingsError: a file cannot be read, is no TOML, or holds an unknown key or a wrong value.
    """
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"{folder}: no such folder; give --config (or JIWEN_CONFIG) a folder")
    sections: dict[str, dict[str, Any]] = {}
    for path in _files("jiwen", ".toml", folder):
        for name, values in _sections(path).items():
            sections[name] = _over(sections.get(name, {}), values)
    papers: dict[str, Newspaper] = {}
    pages: list[PageRule] = []
    for path in _files("newspapers", ".toml", folder):
        table = _convert(_toml(path), _Papers, path)
        papers.update((paper.name, paper) for paper in table.newspaper)
        pages = [*table.page, *pages]  # the user's rules come first: the first that matches wins
    words = tuple(w for path in _files("userdict", ".txt", folder) for w in _words(path))
    bot = _convert(sections.pop("bot", {}), BotConfig, SHIPPED / "jiwen.toml")
    archive = sections | {"newspapers": tuple(papers.values()), "pages": pages, "words": words}
    archive["takedown"] = _takedowns(folder)
    return Config(_convert(archive, Settings, SHIPPED / "jiwen.toml"), bot)


def _files(stem: str, suffix: str, folder: Path | None) -> Iterator[Path]:
    """The files of that name that exist, the shipped one first, the most particular last."""
    folders = [SHIPPED]
    if folder is not None and folder.resolve() != SHIPPED.resolve():
        folders.append(folder)
    for place in folders:
        for name in (f"{stem}{suffix}", f"{stem}.local{suffix}"):
            if (place / name).is_file():
                yield place / name


def _over(values: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """``values`` overridden key by key, in the tables within as well."""
    nested = {
        key: _over(values[key], other)
        for key, other in others.items()
        if isinstance(other, dict) and isinstance(values.get(key), dict)
    }
    return {**values, **others, **nested}


def takedown_files(folder: Path | None = None) -> list[Path]:
    """The files of the take-down list that exist."""
    return list(_files("takedown", ".toml", folder))


def _takedowns(folder: Path | None) -> list[TakeDown]:
    """The entries of all take-down lists: what any of them hides is hidden."""
    entries: list[TakeDown] = []
    for path in takedown_files(folder):
        entries += _convert(_toml(path), _TakeDowns, path, shown="config/takedown.toml").takedown
    return entries


def _sections(path: Path) -> dict[str, dict[str, Any]]:
    """The sections of a settings file, checked one by one so that an error names the file."""
    sections = _toml(path)
    kinds: dict[str, type] = {f.name: f.type for f in msgspec.structs.fields(Settings)}
    kinds = {k: v for k, v in kinds.items() if k not in _ELSEWHERE}
    kinds["bot"] = BotConfig
    for name, values in sections.items():
        if name not in kinds:
            raise SettingsError(
                f"{path}: unknown section [{name}]; known: {', '.join(sorted(kinds))}"
            )
        _convert(values, kinds[name], path, f"[{name}] ")
    return sections


def _convert(
    values: object, kind: type[_T], path: Path, where: str = "", *, shown: str = "config/jiwen.toml"
) -> _T:
    """The values as a record; ``shown`` is the file that shows every key."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {where}{error}; {shown} lists every key") from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML ({error})") from error


def _words(path: Path) -> list[str]:
    """The entries of a user dictionary; lines that begin with # are comments."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as UTF-8 ({error})") from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
