"""What `jiwen doctor` looks at, one finding after another."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from bot.access import TOKEN_VARIABLE
from bot.places import Places
from bot.render import visible
from bot.settings import Config
from bot.takedowns import look, warnings
from retrieval import manifest as manifests
from retrieval.archive import Archive
from retrieval.articles import skipped_lines
from retrieval.errors import JiwenError
from retrieval.pages import Skipped, read_pages
from retrieval.seals import spoilt
from retrieval.tools import open_tools
from retrieval.training.record import read_record

_PACKAGES = (
    "faiss-cpu",
    "tantivy",
    "jieba",
    "tokenizers",
    "sentence-transformers",
    "python-telegram-bot",
)
_OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at; ``sound`` is false where something must be mended."""

    text: Text
    sound: bool = True


def examine(places: Places) -> Iterator[Finding]:
    """The findings, in the order in which things depend on each other."""
    yield _installation()
    try:
        config = places.read_config()
    except JiwenError as error:
        yield _bad("设置", str(error))
        return
    yield _good(
        "设置", f"{len(config.archive.newspapers)} 家报纸, {len(config.archive.words)} 个自定义词"
    )
    if bad := spoilt(places.index / manifests.CACHE):  # opening the model makes them anew
        names = ", ".join(f"{manifests.CACHE}/{name}" for name in bad)
        yield _note("缓存", f"{names} 损坏, 不再使用, 会自动重做")
    yield _tried("模型", lambda: _model(places, config))
    pages = list(_pages(places, config))
    yield from pages
    yield _tried("索引", lambda: _index(places, config))
    yield from _takedown(places, config)
    if os.environ.get(TOKEN_VARIABLE):
        yield _good("机器人", f"{TOKEN_VARIABLE} 已设置")
    else:
        yield _note("机器人", f"没有设置 {TOKEN_VARIABLE}: 只用终端则不需要; jiwen bot 需要")


def _installation() -> Finding:
    python = platform.python_version()
    if sys.version_info < _OLDEST_PYTHON:
        return _bad("安装", f"Python {python} 太旧, 需要 3.11 或更新")
    missing = [name for name in _PACKAGES if not _version(name)]
    if missing:
        return _bad("安装", f"缺少 {', '.join(missing)}; 运行 make setup 或 pip install -e .")
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    return _good("安装", f"Python {python}, {versions}")


def _model(places: Places, config: Config) -> str:
    encoder = open_tools(places.index, config.archive).encoder
    encoder.encode_query("试一句话")
    return f"{encoder.name}, {encoder.dimension} 维{_adapted(encoder.name)}"


def _adapted(model: str) -> str:
    """To what a model was adapted, or nothing."""
    if record := read_record(Path(model).expanduser()):
        return f", {record.made} 按 {record.articles} 篇文章调整过 (jiwen adapt)"
    return ""


def _pages(places: Places, config: Config) -> Iterator[Finding]:
    try:
        found = list(read_pages(places.seeds, config.archive))
    except JiwenError as error:
        yield _bad("页面", str(error))
        return
    for item in found:
        for left_out in (item,) if isinstance(item, Skipped) else skipped_lines(item):
            yield _note("页面", f"跳过 {visible(left_out.file)}: {left_out.reason}")
    count = sum(not isinstance(item, Skipped) for item in found)
    yield (
        _good("页面", f"{places.seeds}: {count} 页可读")
        if count
        else _bad("页面", f"{places.seeds}: 没有可读的页面; 放入 .txt、.md 或 .jsonl 文件")
    )


def _index(places: Places, config: Config) -> str:
    """The state of the index; raises JiwenError where it cannot be used as it is."""
    folder = manifests.current(places.index)
    if bad := manifests.damaged(folder, manifests.read_manifest(folder)):
        raise JiwenError(f"{folder}: damaged: {', '.join(bad)}; run `jiwen index`")
    archive = Archive.open(places.seeds, places.index, config.archive)
    changed = _changed(places.seeds, archive, config)
    if changed:
        raise JiwenError(
            f"{len(changed)} pages changed since ({', '.join(changed[:3])}); run `jiwen index`"
        )
    counts = archive.manifest.counts
    return (
        f"{archive.manifest.generation}: {counts['pages']} 页, {counts['articles']} 篇文章,"
        f" {counts['passages']} 个段落, 校验无误"
    )


def _takedown(places: Places, config: Config) -> Iterator[Finding]:
    """The take-down list, and what of it asks for a look; nothing where there is none."""
    if not config.archive.takedown:
        return
    try:
        seen = look(places, reprints=True)
    except JiwenError:
        return  # there is no index that can be asked, which was said
    yield _good("撤稿名单", f"{len(seen.hidden)} 条, 隐藏 {len(seen.articles)} 篇")
    yield from (_note("撤稿名单", line.plain) for line in warnings(seen))


def _changed(seeds: Path, archive: Archive, config: Config) -> list[str]:
    """The pages that were added, changed or taken away since the index was built."""
    now = {p.id: p.digest for p in read_pages(seeds, config.archive) if not isinstance(p, Skipped)}
    built = dict(archive.catalogue.pages())
    return sorted(name for name in now.keys() | built.keys() if now.get(name) != built.get(name))


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return _good(what, look())
    except JiwenError as error:
        return _bad(what, str(error))


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _good(what: str, text: str) -> Finding:
    return Finding(Text(f"✓ {what}: {text}", style="green"))


def _note(what: str, text: str) -> Finding:
    return Finding(Text(f"! {what}: {text}", style="yellow"))


def _bad(what: str, text: str) -> Finding:
    return Finding(Text(f"✗ {what}: {text}", style="red"), sound=False)
