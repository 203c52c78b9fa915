"""What the terminal prints of a build, an article, a passage, a proof or a measurement."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.render import quote_terminal, source_line, visible
from bot.wording import Text as Says
from bot.wording import say
from retrieval.archive import Archive
from retrieval.build import Report
from retrieval.errors import NotFoundError
from retrieval.measures import Table as Measures
from retrieval.records import Article, CleanText, Kind, Passage
from retrieval.whereabouts import Standing, Whereabouts

_KINDS = {Kind.NEWS: "报道", Kind.PHOTO: "图片", Kind.NOTICE: "公告", Kind.FURNITURE: "报头版务"}
_STANDING = {
    Standing.EXACT: "一字不差, 见于:",
    Standing.NEARLY: "与下面这句近似, 但不相同:",
    Standing.STITCHED: "不是一句原话: 各部分分别见于:",
    Standing.NOWHERE: "档案里没有这句话。",
}


def build_report(report: Report, index: Path) -> Text:
    """What a build did, one line, and the files it had to skip."""
    counts = report.counts
    what = "已建好" if report.rebuilt else "没有改动, 索引仍是最新"
    text = Text(
        f"{what}: {counts['pages']} 页 · {counts['articles']} 篇文章 · {counts['passages']} 个段落"
        f" → {index} ({report.generation})"
    )
    for skipped in report.skipped:
        text.append(f"\n跳过 {skipped.file}: {skipped.reason}", style="yellow")
    return text


def article_line(article: Article, doubtful: bool = False) -> Text:
    """An article in a line or two: id, lines, kind, headline, reporters, its first words.

    Where it is ``doubtful``, a remark says that its text may be misread.
    """
    text = Text()
    text.append(f"{article.id}", style="cyan")
    text.append(
        f"  第{article.lines[0]}–{article.lines[1]}行  {_KINDS[article.kind]}  ", style="dim"
    )
    text.append(visible(article.title or "(无标题)"), style="bold" if article.title else "italic")
    for label, value in (
        ("引题", article.kicker),
        ("副题", article.subtitle),
        ("栏目", article.section),
    ):
        if value:
            text.append(f"  {label}: {visible(value)}")
    if article.byline:
        text.append(f"  {'、'.join(map(visible, article.byline))}", style="green")
    if doubtful:
        text.append(f"  {say(Says.DOUBTFUL)}", style="yellow")
    start = article.body.text.replace("\n", " ")[:60]
    text.append(
        f"\n    {visible(start)}{'…' if len(article.body.text) > len(start) else ''}", style="dim"
    )
    return text


def shown(archive: Archive, identifier: str) -> RenderableType:
    """A page, an article, a passage or a cited quote, with where it stands.

    Raises:
        NotFoundError: there is none of that name, or its page has changed.
    """
    catalogue = archive.catalogue
    if articles := catalogue.articles_of(identifier):
        for article in articles:
            archive.source(article, article.body)
        return Group(*(article_line(article) for article in articles))
    name = identifier.rpartition("/")[2]
    if name.startswith("p") and name[1:].isdigit():
        passage = catalogue.passage(identifier)
        return _placed(archive, catalogue.article(passage.article_id), passage.clean)
    if name.startswith("a") and name[1:].isdigit():
        return _article(archive, catalogue.article(identifier))
    try:
        return quote_terminal(archive.quote(identifier.removeprefix("/c_")))
    except NotFoundError as error:
        raise NotFoundError(
            f"{identifier!r}: no page, article, passage or citation code of that name"
        ) from error


def _article(archive: Archive, article: Article) -> Group:
    passages = archive.catalogue.passages_of(article.id)
    legible = Text(f"    可读程度 {article.legibility:.2f}", style="dim")
    return Group(article_line(article), legible, *(_passage(archive, article, p) for p in passages))


def _passage(archive: Archive, article: Article, passage: Passage) -> Text:
    first, last = archive.source(article, passage.clean).lines
    text = Text(f"\n{passage.id}  第{first}–{last}行\n", style="cyan")
    return text.append(visible(passage.clean.text), style="default")


def _placed(archive: Archive, article: Article, clean: CleanText) -> Text:
    """Clean text with its source line."""
    text = Text(visible(clean.text))
    return text.append(f"\n{source_line(archive.source(article, clean))}", style="dim")


def verified(archive: Archive) -> tuple[Text, bool]:
    """What re-reading every page proved, and whether all of it stands."""
    pages = passages = failed = 0
    text = Text()
    for page_id, count, failures in archive.check():
        pages, passages, failed = pages + 1, passages + count, failed + len(failures)
        for failure in failures:
            text.append(f"✗ {failure.passage_id}: {failure.why}\n", style="red")
        if not failures:
            text.append(f"✓ {page_id}: {count} 个段落逐字相符\n", style="green")
    text.append(f"{pages} 页, {passages} 个段落, {passages - failed} 个得到证明, {failed} 个不符")
    return text, failed == 0


def whereabouts(archive: Archive, found: Whereabouts) -> Group:
    """Where a quote stands, in words."""
    lines: list[RenderableType] = [Text(_STANDING[found.standing], style="bold")]
    lines += [_placed(archive, place.article, place.clean) for place in found.places]
    if found.standing is Standing.STITCHED and found.missing:
        lines.append(Text(f"找不到的部分: {' / '.join(map(visible, found.missing))}", style="red"))
    return Group(*lines)


def measured(table: Measures, floors: dict[str, float]) -> Table:
    """Measures by group as a table."""
    columns = ("n", "found@1", "found@3", "marked", "right")
    shown_table = Table("类别", *columns)
    for group, row in table.groups.items():
        shown_table.add_row(group, *_cells(row, columns))
    shown_table.add_row("proven", "", f"{table.proven:.3f}")
    shown_table.caption = "下限: " + ", ".join(
        f"{name} ≥ {floor}" for name, floor in floors.items()
    )
    return shown_table


def _cells(row: dict[str, float], columns: tuple[str, ...]) -> list[str]:
    return [
        "" if c not in row else f"{row[c]:.0f}" if c == "n" else f"{row[c]:.3f}" for c in columns
    ]
