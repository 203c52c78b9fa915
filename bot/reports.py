"""What the terminal prints of a build, an article, a passage, a proof or a measurement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from bot.render import json_line, quote_terminal, source_line, visible
from bot.wording import Text as Says
from bot.wording import say, taken_down
from retrieval.archive import Archive
from retrieval.build import Report
from retrieval.continuations import marks_of
from retrieval.errors import NotFoundError, TakenDownError
from retrieval.events import EventDate, event_dates
from retrieval.marks import Way
from retrieval.records import Article, CleanText, Doubt, Imprint, Kind, Origin, Passage, Witness
from retrieval.whereabouts import Standing, Whereabouts

_KINDS = {Kind.NEWS: "报道", Kind.PHOTO: "图片", Kind.NOTICE: "公告", Kind.FURNITURE: "报头版务"}
_MARKS = {"newspaper": "报纸", "date": "日期", "page": "版次", "issue": "期号"}
_ORIGINS = {
    Origin.CORRECTION: "改正表",
    Origin.MASTHEAD: "报头",
    Origin.TEXT: "正文自述",
    Origin.FILE_NAME: "文件名",
    Origin.FIELD: "JSONL 字段",
    Origin.CONFIG: "配置",
}
_WITNESSES = {
    Witness.MASTHEAD: "报头另有日期",
    Witness.TEXT: "正文自述",
    Witness.FILE_NAME: "文件名",
    Witness.FIELD: "JSONL 字段",
    Witness.CONFIG: "配置",
    Witness.SOLAR: "所印公历日期不合星期和农历",
    Witness.WEEKDAY: "所印星期不合",
    Witness.LUNAR: "所印农历不合",
}
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
    read = f", 其中 {report.split} 页是新读的" if 0 < report.split < counts["pages"] else ""
    text = Text(
        f"{what}: {counts['pages']} 页 · {counts['articles']} 篇文章 · {counts['passages']} 个段落{read}"
        f" → {index} ({report.generation})"
    )
    if report.damaged:
        text.append(f"\n有文件损坏, 已经重做: {', '.join(report.damaged)}", style="yellow")
    for skipped in report.skipped:
        text.append(f"\n跳过 {skipped.file}: {skipped.reason}", style="yellow")
    for page_id, doubts in report.doubts:
        text.append("\n").append_text(doubt_line(page_id, doubts))
    return text


def build_json(report: Report, took_s: float) -> bytes:
    """What a build did, as one line of JSON."""
    line = {
        "generation": report.generation,
        "rebuilt": report.rebuilt,
        **report.counts,
        "split": report.split,
        "shards": report.shards,
        "damaged": report.damaged,
        "skipped": [{"file": one.file, "reason": one.reason} for one in report.skipped],
        "doubts": [
            {"page": page_id, "fields": sorted({doubt.field for doubt in doubts})}
            for page_id, doubts in report.doubts
        ],
        "took_s": round(took_s, 3),
    }
    return json_line(line)


def imprint_line(imprint: Imprint) -> Text:
    """What a page states of itself, field by field, and where each was read."""
    origins = dict(imprint.origins)
    parts = [
        f"{label} {visible(getattr(imprint, name))}(来源: {_ORIGINS[origins[name]]})"
        for name, label in _MARKS.items()
        if name in origins
    ]
    return Text(" · ".join(parts) or "没有写明报纸、日期和版次", style="magenta")


def doubt_line(page_id: str, doubts: Sequence[Doubt]) -> Text:
    """What about a page's imprint disagrees, in one line."""
    return Text(f"存疑 {visible(page_id)}: {'; '.join(map(_doubt, doubts))}", style="yellow")


def _doubt(doubt: Doubt) -> str:
    said = visible(doubt.said).replace("\n", " ")
    kept = f" {visible(doubt.stated)}" if doubt.stated else "未定"
    return f"{_MARKS[doubt.field]}{kept}, {_WITNESSES[doubt.witness]}: {said}"


def dates_line(article: Article) -> Text | None:
    """The dates named in an article's body and the days they mean, or ``None`` if it has none."""
    found = event_dates(article.body.text, article.imprint.date)
    shown_dates = dict.fromkeys(f"{visible(_flat(e.text))} → {_days(e)}" for e in found)
    return Text(f"文中日期: {'; '.join(shown_dates)}", style="dim") if shown_dates else None


def _days(event: EventDate) -> str:
    if event.first is None:
        return "未定"
    return event.first if event.first == event.last else f"{event.first} 至 {event.last}"


def _flat(text: str) -> str:
    return "".join(text.split())


def article_line(article: Article, doubtful: bool = False, mark: str = "") -> Text:
    """An article in a line or two: its head, a mark that warns of it, its first words."""
    text = article_head(article, doubtful)
    if mark:
        text.append(f"  {mark}", style="yellow")
    start = article.body.text.replace("\n", " ")[:60]
    text.append(
        f"\n    {visible(start)}{'…' if len(article.body.text) > len(start) else ''}", style="dim"
    )
    return text


def article_head(article: Article, doubtful: bool = False) -> Text:
    """An article in a line: id, lines, kind, headline, reporters.

    Where it is ``doubtful``, a remark says that its text may be misread.
    """
    text = Text()
    text.append(visible(article.id), style="cyan")
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
        return Group(*_page_lines(articles), *_unshown(archive, identifier))
    if taken := catalogue.taken(identifier):
        raise TakenDownError(identifier, taken.told)
    name = identifier.rpartition("/")[2]
    if name.startswith("p") and name[1:].isdigit():
        passage = catalogue.passage(identifier)
        return _placed(archive, catalogue.article(passage.article_id), passage.clean)
    if name.startswith("a") and name[1:].isdigit():
        return _article(archive, catalogue.article(identifier))
    try:
        return quote_terminal(archive.quote(identifier.removeprefix("/c_")))
    except TakenDownError:
        raise
    except NotFoundError as error:
        raise NotFoundError(
            f"{identifier!r}: no page, article, passage or citation code of that name"
        ) from error


def hidden_line(told: str | None) -> Text:
    """That something asked for by name is on the take-down list, and why where that is public."""
    return Text(visible(taken_down(told)), style="yellow")


def _unshown(archive: Archive, page_id: str) -> Iterator[Text]:
    """That the take-down list hides articles of a page, if it does."""
    if archive.catalogue.taken(page_id):
        yield Text("这一页另有文章按撤稿名单隐藏", style="yellow")


def _page_lines(articles: Sequence[Article]) -> Iterator[Text]:
    """The articles of a page, under what it states of itself; rows may state it one by one."""
    said: tuple[object, ...] | None = None
    for article in articles:
        imprint = article.imprint
        if said != (imprint, imprint.origins, imprint.doubts):
            said = (imprint, imprint.origins, imprint.doubts)
            yield imprint_line(imprint)
            if imprint.doubts:
                yield doubt_line(article.page_id, imprint.doubts)
        yield article_line(article)


def _article(archive: Archive, article: Article) -> Group:
    """An article with what is known of it, and the parts of its story that other pages print."""
    story = archive.story(article)
    at = story.index(article)
    dates = dates_line(article)
    lines: list[RenderableType] = [*_page_lines([article])]
    lines.append(Text(f"    可读程度 {article.legibility:.2f}", style="dim"))
    lines += [_credits_line(article)] if article.credits else []
    lines += [dates] if dates else []
    lines += _neighbours(article, story)
    for part in story[at:]:
        if part is not article:
            lines.append(Text(f"\n──── {_joined(Way.ONWARD, part)} ────", style="bold"))
        passages = archive.catalogue.passages_of(part.id)
        lines += [_passage(archive, part, passage) for passage in passages]
    return Group(*lines)


def _neighbours(article: Article, story: Sequence[Article]) -> list[RenderableType]:
    """What the article's marks name: the part before, the part after, or that there is none."""
    at = story.index(article)
    found = {Way.BACK: story[at - 1 : at], Way.ONWARD: story[at + 1 : at + 2]}
    named = {mark.way: mark.page for mark in marks_of(article)}
    lines: list[RenderableType] = []
    for way in (Way.BACK, Way.ONWARD):
        for part in found[way]:
            lines.append(Text(f"    {_joined(way, part)}", style="cyan"))
        if way in named and not found[way]:
            lines.append(Text(f"    {way}第{named[way]}版: 未收, 或不能确定是哪一篇", style="dim"))
    return lines


def _joined(way: Way, part: Article) -> str:
    """The line that names another part of a story, its page first."""
    page = part.imprint.page
    stated = f"第{page}版 " if page else ""
    return f"{way} {stated}{part.id}"


def _credits_line(article: Article) -> Text:
    """Who did what, role and agency as printed."""
    shown_credits = (f"{c.agency or ''}{c.role or ''} {c.name}".strip() for c in article.credits)
    return Text(f"署名: {visible('; '.join(shown_credits))}", style="dim")


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
    if archive.n_hidden:
        text.append(f"\n{say(Says.UNSEARCHED, n=archive.n_hidden)}", style="yellow")
    return text, failed == 0


def whereabouts(archive: Archive, found: Whereabouts) -> Group:
    """Where a quote stands, in words."""
    lines: list[RenderableType] = [Text(_STANDING[found.standing], style="bold")]
    lines += [_placed(archive, place.article, place.clean) for place in found.places]
    if found.standing is Standing.STITCHED and found.missing:
        lines.append(Text(f"找不到的部分: {' / '.join(map(visible, found.missing))}", style="red"))
    if found.standing is not Standing.EXACT and archive.n_hidden:
        lines.append(Text(say(Says.UNSEARCHED, n=archive.n_hidden), style="yellow"))
    return Group(*lines)
