"""``jiwen papers``, ``day``, ``random`` and ``timeline``: the library's commands in the terminal."""

from __future__ import annotations

import secrets
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.places import Places, placed
from bot.streams import show_text, text_of, write_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bars import Bars

_FOUND_NOTHING = 1
_BAR_CHARS = 40  # of the longest bar: with month and number it fits a terminal of 60


@click.command()
@click.option("--json", "as_json", is_flag=True, help="一行 JSON")
@placed
def papers(places: Places, as_json: bool) -> None:
    """档案里有哪些报纸, 收了哪些日子, 缺哪些日子。

    \b
    缺: 看这家报纸通常隔几天一期, 隔了两倍以上、又连着 4 天以上没有报, 就列出来。
    """  # noqa: D301 -- click wants the control character
    import msgspec

    from bot.library import papers_lines
    from bot.wording import Lang

    held = places.open_archive().holdings()
    if as_json:
        write_line(msgspec.json.encode(held))
    else:
        _show(papers_lines(held, Lang.ZH))
    sys.exit(0 if held.articles else _FOUND_NOTHING)


@click.command()
@click.argument("when", metavar="日期")
@click.option("--json", "as_json", is_flag=True, help="每篇文章(或每一天)一行 JSON")
@placed
def day(places: Places, when: str, as_json: bool) -> None:
    """某一天的报纸上有哪些文章; 给月份或年份时, 哪些天有报。

    \b
    例: jiwen day 2021-01-27
        jiwen day 2021年1月
    没有时退出码为 1, 并说明离得最近的是哪天。
    """  # noqa: D301 -- click wants the control character
    from bot import daybook
    from bot.wording import Lang

    archive = places.open_archive()
    listing = daybook.listing(archive, text_of(when), date.today())
    if as_json:
        for row in listing.rows:
            write_line(row)
    else:
        _show(daybook.listing_lines(archive, listing, Lang.ZH))
    sys.exit(0 if listing.rows else _FOUND_NOTHING)


@click.command(name="random")
@click.option("--seed", type=click.IntRange(0), help="同一个数翻到同一篇")
@click.option("--json", "as_json", is_flag=True, help="一行 JSON")
@placed
def at_random(places: Places, seed: int | None, as_json: bool) -> None:
    """随手翻一篇: 一篇报道的开头, 逐字核对过。"""
    from bot.render import json_line, quote_json, quote_terminal
    from bot.wording import Lang, Library, say

    quote = places.open_archive().random(secrets.randbits(32) if seed is None else seed)
    if quote is None:
        click.echo(say(Library.LEAD_NONE, Lang.ZH), err=True)
        sys.exit(_FOUND_NOTHING)
    if as_json:
        write_line(json_line(quote_json(quote)))
    else:
        show_text(quote_terminal(quote))


@click.command()
@click.argument("word", metavar="词")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="把图画到这个文件")
@click.option("--json", "as_json", is_flag=True, help="一行 JSON")
@placed
def timeline(places: Places, word: str, png: Path | None, as_json: bool) -> None:
    """一个词每月(或每年)有几篇报道提到, 全库逐篇核对。

    \b
    例: jiwen timeline 疫苗 --png 疫苗.png
    """  # noqa: D301 -- click wants the control character
    import msgspec

    from bot.bars import bars_of
    from bot.library import timeline_lines
    from bot.wording import Lang, Library

    found = places.open_archive().timeline(text_of(word))
    bars = bars_of(found)
    if png:
        _draw(bars, png)
    if as_json:
        write_line(msgspec.json.encode(found))
    else:
        told = timeline_lines(found, bars, Lang.ZH, blank=Library.TIMELINE_BLANK_LINE)
        _show([*told, *bar_lines(bars)])
    sys.exit(0 if found.articles else _FOUND_NOTHING)


def bar_lines(bars: Bars) -> list[str]:
    """The bars as text, one a line; ``·`` where the archive holds nothing."""
    most = max((bar.n for bar in bars.bars), default=0)
    lines = []
    for bar in bars.bars:
        drawn = "█" * max(round(_BAR_CHARS * bar.n / most), 1) if bar.n else ""
        lines.append(f"{bar.period} {drawn} {bar.n}" if bar.held else f"{bar.period} ·")
    return lines


def _draw(bars: Bars, path: Path) -> None:
    from bot import chart
    from retrieval.errors import SettingsError

    try:
        path.write_bytes(chart.png(bars))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error}); give another --png") from error


def _show(lines: Sequence[str]) -> None:
    from rich.text import Text

    from bot.render import visible

    show_text(Text(visible("\n".join(lines))))


COMMANDS = (papers, day, at_random, timeline)
