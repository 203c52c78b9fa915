"""What `jiwen takedown` and `jiwen doctor` say of the take-down list; it shows no hidden word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from rich.console import Group
from rich.text import Text

from bot.places import Places
from bot.render import visible
from bot.reports import article_line
from retrieval.archive import Archive
from retrieval.records import Article
from retrieval.settings import TakeDown
from retrieval.takedown import Hidden, found, printed_again


@dataclass(frozen=True, slots=True)
class Look:
    """What the list hides of the archive, by entry, and likely reprints that are still shown."""

    hidden: tuple[Hidden, ...]
    articles: dict[str, Article]
    reprints: tuple[tuple[str, Article], ...] = ()

    @property
    def idle(self) -> list[TakeDown]:
        """The entries that hide nothing."""
        return [one.entry for one in self.hidden if not one.articles]


def look(places: Places, *, reprints: bool = False) -> Look:
    """The list against the archive as it is without it; raises JiwenError."""
    settings = places.read_config().archive
    if not settings.takedown:
        return Look((), {})
    whole = Archive.open(places.seeds, places.index, msgspec.structs.replace(settings, takedown=()))
    hidden = found(whole.catalogue, settings)
    ids = dict.fromkeys(i for one in hidden for i in (*one.articles, *one.parts))
    articles = {i: whole.catalogue.article(i) for i in ids}
    prints = printed_again(articles.values(), whole.near) if reprints else []
    still = tuple((i, other) for i, other in prints if other.id not in articles)
    return Look(hidden, articles, still)


def listed(seen: Look) -> Group:
    """Each entry, its reason, and what it hides, an article a line."""
    if not seen.hidden:
        return Group(Text("撤稿名单是空的。写法见 config/takedown.toml。"))
    return Group(*(line for one in seen.hidden for line in _entry(one, seen.articles)))


def warnings(seen: Look) -> list[Text]:
    """What the list's owner should look at: entries that hide nothing, reprints still shown."""
    lines = [
        Text(f"没有对上任何文章: {entry_name(entry)}; 请核对写法", style="yellow")
        for entry in seen.idle
    ]
    for hidden, other in seen.reprints:
        line = Text(f"可能是 {visible(hidden)} 的转载, 仍在显示: ", style="yellow")
        lines.append(line.append_text(article_line(other)))
    return lines


def entry_name(entry: TakeDown) -> str:
    """An entry by what it names."""
    if entry.newspaper:
        title = f" “{entry.title}”" if entry.title else ""
        return visible(f"《{entry.newspaper.strip('《》')}》{entry.date}{title}")
    named = {"引用码": entry.code, "文章": entry.article, "页面": entry.page}
    return next(f"{kind} {visible(value)}" for kind, value in named.items() if value)


def _entry(one: Hidden, articles: dict[str, Article]) -> Iterator[Text]:
    entry = one.entry
    told = "告诉读者" if entry.public else "不告诉读者"
    yield Text(entry_name(entry), style="bold").append(
        f"  {entry.since} 起  {visible(entry.reason)} ({told})", style="dim"
    )
    if not one.articles:
        yield Text("    没有对上任何文章", style="yellow")
    yield from (_place(articles[i]) for i in one.articles)
    yield from (_place(articles[i]).append("  接排部分, 一并隐藏") for i in one.parts)


def _place(article: Article) -> Text:
    """Where a hidden article stands, without a word of it."""
    imprint = article.imprint
    paper = f"《{imprint.newspaper}》" if imprint.newspaper else ""
    stated = f"{paper}{imprint.date or ''}  " if paper or imprint.date else ""
    first, last = article.lines
    return Text(f"    {visible(article.id)}  {visible(stated)}第{first}–{last}行", style="cyan")
