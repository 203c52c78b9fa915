"""How a page was divided, as a person checks it in the terminal: in a list, or line by line."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from bot.clues import reasons_line
from bot.render import visible
from bot.reports import article_head, article_line, doubt_line, imprint_line
from retrieval.corrections import sidecar_of
from retrieval.readings import Role
from retrieval.records import Form, Kind
from retrieval.review import Basis, Certainty, Reading, Review, certainty, doubts

_START_CHARS = 60  # of a paragraph, unless it is shown whole
_INDENT = " " * 11
_BARS = ("cyan", "magenta", "green", "blue", "yellow")  # of articles in turn
_ROLES = {
    Role.TITLE: ("标题", "bold"),
    Role.TAIL: ("标题", "bold"),
    Role.MIDDLE: ("标题", "bold"),
    Role.INSIDE: ("小题", "italic"),
    Role.SECTION: ("栏目", "bright_black"),
    Role.COLUMN: ("栏目", "bright_black"),
    Role.BYLINE: ("署名", "green"),
    Role.BODY: ("正文", "dim"),
    Role.ASIDE: ("版务", "bright_black"),
    None: ("版务", "bright_black"),
}
_CERTAINTY = {
    Certainty.SURE: ("很确定", "green"),
    Certainty.FAIR: ("较确定", "default"),
    Certainty.UNSURE: ("没有把握", "yellow"),
}
_SETTLED = {
    Basis.PERSON: "由改正表写定",
    Basis.ROW: "在文件里自成一行",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is to be shown: paragraphs whole or clipped, on a terminal to its width."""

    full: bool = False
    width: int | None = None


def listed(review: Review, misread: Collection[str]) -> Group:
    """The articles of a page in a line or two each, those marked whose opening is in doubt.

    ``misread`` are the ids of articles whose text may be misread.
    """
    unsure = {r.article_id for r in doubts(review) if r.opens}
    page = review.page
    lines = [doubt_line(page.id, page.imprint.doubts)] if page.imprint.doubts else []
    if count := len(doubts(review)):
        command = f"jiwen articles --page {visible(shlex.quote(page.id))}"
        remark = f"存疑 {visible(page.id)}: {_flagged(count)}, 用 {command} 查看"
        lines.append(Text(remark, style="yellow"))
    for article in review.articles:
        mark = "? 分界存疑" if article.id in unsure else ""
        lines.append(article_line(article, article.id in misread, mark))
    return Group(*lines)


def whole_page(review: Review, misread: Collection[str], look: Look) -> Group:
    """The page line by line, each block under the article it was put in, and why it opens there."""
    return Group(*_opening(review), *_blocks(review, misread, look), *_closing(review))


def _flagged(count: int) -> str:
    return f"这一页有 {count} 处分界没有把握"


def _opening(review: Review) -> Iterator[Text]:
    """What the page states of itself, and whether its division is in doubt."""
    page = review.page
    yield imprint_line(page.imprint)
    if page.imprint.doubts:
        yield doubt_line(page.id, page.imprint.doubts)
    if count := len(doubts(review)):
        yield Text(_flagged(count), style="yellow")


def _blocks(review: Review, misread: Collection[str], look: Look) -> Iterator[Text]:
    """Every block in the page's order; where an article goes on after another, that is said."""
    articles = {a.id: a for a in review.articles}
    order = {id_: n for n, id_ in enumerate(a.id for a in review.articles if _is_story(a.kind))}
    last = ""
    for reading in review.readings:
        number = order.get(reading.article_id)
        bar = "bright_black" if number is None else _BARS[number % len(_BARS)]
        if number is not None and reading.opens:
            article = articles[reading.article_id]
            head = Text().append(f"\n━━ {number + 1} ━━ ", style=f"bold {bar}")
            head.append_text(article_head(article, article.id in misread))
            yield head.append(f"  {visible(article.imprint.date or '')}".rstrip())
            yield _why(reading)
        elif number is not None and last not in ("", reading.article_id):
            yield Text(f"── 接第 {number + 1} 篇 ──", style=bar)
        if not reading.opens and certainty(reading) is Certainty.UNSURE:
            yield Text(f"{_INDENT}? 这里也可能是一篇的开头(没有把握)", style="yellow")
        yield _block(reading, bar, look)
        last = last if number is None else reading.article_id


def _is_story(kind: Kind) -> bool:
    return kind is not Kind.FURNITURE


def _why(reading: Reading) -> Text:
    """Why an article opens here, and how sure that is."""
    sure = certainty(reading)
    if sure is None:
        return Text(f"{_INDENT}为什么在这里分: {_SETTLED[reading.basis]}", style="dim")
    told = f"{_INDENT}为什么在这里分: {reasons_line(reading.reasons)}  "
    words, style = _CERTAINTY[sure]
    mark = "? " if sure is Certainty.UNSURE else ""
    return Text().append(told, style="dim").append(f"{mark}{words}", style=style)


def _block(reading: Reading, bar: str, look: Look) -> Text:
    """A block behind its lines: what it is, and its text, a paragraph's only to begin with."""
    first, last = reading.lines
    name, style = _ROLES[reading.role]
    numbers = str(first) if first == last else f"{first}–{last}"
    row = (
        Text()
        .append(f"{numbers:>8} ", style="dim")
        .append("▌", style=bar)
        .append(f"{name} ", style="dim")
    )
    text = " ".join(visible(reading.text).split())
    if not look.full:
        left = None if look.width is None else look.width - cell_len(row.plain)
        text = _start(text, left, whole=reading.role not in (Role.BODY, Role.ASIDE, None))
    return row.append(text, style=style)


def _start(text: str, cells: int | None, *, whole: bool) -> str:
    """The first words of a text, no wider than ``cells``; a headline, whatever its length, whole."""
    if whole:
        return text
    short = Text(text if len(text) <= _START_CHARS else f"{text[:_START_CHARS]}…")
    if cells is not None:
        short.truncate(max(cells, 2), overflow="ellipsis")
    return short.plain


def _closing(review: Review) -> Iterator[Text]:
    """How a wrong division is put right."""
    if review.page.form is Form.JSONL:
        return
    page, sheet = review.page.id, sidecar_of(review.page.id)
    if review.page.corrections is not None:
        hint = f"分得不对: 修改页面旁边的 {sheet}, 再运行 jiwen index"
    else:
        name = shlex.quote(sheet.rpartition("/")[2])
        draft = f"jiwen articles --page {shlex.quote(page)} --draft > {name}"
        hint = f"分得不对: {draft}, 改好后放在页面旁边, 再运行 jiwen index"
    yield Text(f"\n{visible(hint)}", style="dim")
