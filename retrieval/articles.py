"""Articles: a page divided into its stories, each with headline, byline and body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.blocks import Block, merge
from retrieval.cleaning import EMPTY, join
from retrieval.division import divide
from retrieval.headlines import Piece, headline_pieces, name_headline
from retrieval.lines import read_lines
from retrieval.pages import Skipped, line_of
from retrieval.pinned import Pinned, Story, as_pinned, held, take_pinned
from retrieval.readings import Role, Step
from retrieval.records import Article, CleanText, Credit, Form, Kind, Page, Span
from retrieval.rows import read_rows
from retrieval.settings import Settings
from retrieval.shapes import TEXTS, Shape

_NOTICE = re.compile(
    r"订购热线|订阅热线|订购电话|咨询电话|联系电话|报名电话|广告热线|服务热线|订购地址|订购价|招标|拍卖|遗失|"
    r"声明作废|特此公告|特此通知|特此声明|启事|公告|通告|讣告|招聘|转让|出租|出售|温馨提示"
)
_NOTICE_HEAD = re.compile(r"(?:通报|公告|通告|通知|启事|声明|公示|讣告|招聘|简章|倡议书|公开信)$")
_SIGNED_BODY = re.compile(
    r"(?:办公室|委员会|领导小组|指挥部|人民政府|管理局|公司|局|中心|总队|支队|法院|检察院|集团|医院|学校)\s*"
    r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日$"
)
_CAPTION = re.compile(r"图为|图①|上图|下图|左图|右图|(?:^|[(（])图[:：]")
_MAX_CAPTION_CHARS = 260
_MAX_NOTICE_CHARS = 600
_SIGNATURE_CHARS = 60  # an office and a date at most


@dataclass(frozen=True, slots=True)
class Contents:
    """A page's blocks by whom they belong to: stories in their order, and no story's."""

    stories: Sequence[Story]
    furniture: Sequence[Block]


def split_page(page: Page, settings: Settings) -> tuple[Article, ...]:
    """The page's articles in reading order; furniture, if any, is ``page/a0`` and comes first.

    1. blocks, those pinned by hand aside, 2. furniture aside, 3. the division, 4. an article from
    each part.
    """
    if page.form is Form.JSONL:
        return read_rows(page)[0]
    pinned = take_pinned(page, read_lines(page.text, settings))
    kept = to_divide(pinned)
    return articles_of(page, contents_of(pinned, divide(kept)))


def split_whole(page: Page, settings: Settings) -> tuple[tuple[Article, ...], tuple[Skipped, ...]]:
    """What ``split_page`` and ``skipped_lines`` say; rows are read once for both."""
    if page.form is Form.JSONL:
        return read_rows(page)
    return split_page(page, settings), skipped_lines(page)


def to_divide(pinned: Pinned) -> list[Block]:
    """The blocks that the rules divide: neither pinned nor furniture by their looks."""
    return [b for b in pinned.free if b.shape is not Shape.FURNITURE]


def contents_of(pinned: Pinned, steps: Sequence[Step]) -> Contents:
    """The stories and the furniture of a page, given the step of each block that is divided."""
    kept = to_divide(pinned)
    parts = sorted([*_parts(kept, steps), *pinned.stories], key=_place)
    sections = [p.block for part in parts for p in part.pieces if p.role is Role.SECTION]
    printed = [b for b in pinned.free if b.shape is Shape.FURNITURE]
    asides = [b for b, s in zip(kept, steps, strict=True) if s.role in (Role.ASIDE, Role.COLUMN)]
    stories = sorted(_with_sections(parts), key=_place)
    return Contents(stories, [*printed, *sections, *asides, *pinned.furniture])


def articles_of(page: Page, contents: Contents) -> tuple[Article, ...]:
    """An article from each story, numbered from 1; furniture, if any, before them as 0."""
    articles = [_article(page, n, story) for n, story in enumerate(contents.stories, 1)]
    furnished = [_furniture(page, contents.furniture)] if contents.furniture else []
    return (*furnished, *articles)


def skipped_lines(page: Page) -> tuple[Skipped, ...]:
    """What of a page is left out, and why: lines that hold no article, corrections that err."""
    if page.form is Form.JSONL:
        return read_rows(page)[1]
    made = page.corrections
    return (Skipped(made.file, made.problem),) if made and made.problem else ()


def _place(story: Story) -> Span:
    """Where a story begins: stories stand in this order."""
    return story.pieces[0].block.span


def _parts(blocks: Sequence[Block], steps: Sequence[Step]) -> Iterator[Story]:
    """The pieces of each article; a section's name stands in the part it was read in."""
    part: list[Piece] = []
    column: str | None = None  # of the part
    named: str | None = None  # of the next one
    for block, step in zip(blocks, steps, strict=True):
        if step.starts and any(p.role is not Role.SECTION for p in part):
            yield Story(part, section=column)
            part = []
        if step.starts:
            column, named = named, None
        if step.role is Role.COLUMN:
            named = block.clean.text
        elif step.role is not Role.ASIDE:
            part.append(Piece(block, step.role))
    if part:
        yield Story(part, section=column)


def _with_sections(parts: Sequence[Story]) -> Iterator[Story]:
    """Each article without section names, and the name of its section.

    A heading above deeper headings names the column of all that follow; a series' name at the
    end of a story names that story's series alone.
    """
    column: str | None = None
    level = 0
    upcoming: str | None = None
    upcoming_level = 0
    for part in parts:
        if upcoming is not None:
            column, level, upcoming = upcoming, upcoming_level, None
        series: list[str] = []
        story: list[Piece] = []
        for piece in part.pieces:
            if piece.role is not Role.SECTION:
                story.append(piece)
            elif piece.block.level:
                name, depth = piece.block.clean.text, piece.block.level
                if story:
                    upcoming, upcoming_level = name, depth
                else:
                    column, level = name, depth
            else:
                series.append(piece.block.clean.text)
        marks = [p.block.level for p in story if p.block.level]
        if column and (min(marks) <= level if marks else part.pin is None):
            column = None
        if story:
            yield replace(part, pieces=story, section="".join(series) or part.section or column)


def _article(page: Page, number: int, story: Story) -> Article:
    """The article that a story's pieces make, as far as nothing of it is pinned."""
    part = story.pieces
    heads = headline_pieces(part)
    headed = {id(p) for p in heads}
    body = [p.block for p in part if p.role is not Role.BYLINE and id(p) not in headed]
    body = merge(page.text, body if heads or body else [p.block for p in part])
    lede = "".join(b.clean.text[:300] for b in body[:3])
    main, kicker, subtitle = name_headline([p.block for p in heads], lede)
    names = [p.block for p in part if p.role is Role.BYLINE]
    signed = sorted([*body, *names], key=lambda b: b.span)
    spans = _spans(page.text, held(story))
    credits = _credits(signed)
    article = Article(
        id=f"{page.id}/a{number}",
        page_id=page.id,
        kind=_kind(body, signed, main),
        headline=lines_of(page.text, [p.block for p in heads]),
        body=lines_of(page.text, body),
        spans=spans,
        lines=(line_of(page.text, spans[0][0]), line_of(page.text, spans[-1][1] - 1)),
        title=main,
        kicker=kicker,
        subtitle=subtitle,
        byline=tuple(credit.name for credit in credits),
        section=story.section,
        imprint=page.imprint,
        credits=credits,
    )
    return as_pinned(article, story.pin, [p.block for p in heads]) if story.pin else article


def _credits(blocks: Sequence[Block]) -> tuple[Credit, ...]:
    """Every name of an article's bylines with its role, in the page's order, once."""
    found: dict[str, Credit] = {}
    for block in blocks:
        for byline in (block.opening, block.closing):
            for credit in byline.credits if byline else ():
                found.setdefault(credit.name, credit)
    return tuple(found.values())


def _kind(body: Sequence[Block], blocks: Sequence[Block], title: str | None) -> Kind:
    """News, a photograph's caption, or a notice."""
    texts = [b for b in body if b.shape in TEXTS]
    size = sum(len(b.clean.text) for b in texts)
    signed = [b.closing for b in blocks if b.closing]
    if title is None and size <= _MAX_CAPTION_CHARS and not any(b.opens for b in texts):
        captioned = any(_CAPTION.search(b.clean.text) for b in texts)
        if captioned or any(by.photo for by in signed):
            return Kind.PHOTO
    if signed or any(b.opening or b.opens for b in texts):
        return Kind.NEWS
    if title and _NOTICE_HEAD.search(title):
        return Kind.NOTICE
    if texts and _SIGNED_BODY.search(texts[-1].clean.text[-_SIGNATURE_CHARS:]):
        return Kind.NOTICE
    worded = size <= _MAX_NOTICE_CHARS and any(_NOTICE.search(b.clean.text) for b in texts)
    return Kind.NOTICE if worded else Kind.NEWS


def _furniture(page: Page, blocks: Sequence[Block]) -> Article:
    """The page's furniture, as one article that is none."""
    ordered = sorted(blocks, key=lambda b: b.span)
    spans = tuple(s for b in ordered for s in b.clean.spans)
    return Article(
        id=f"{page.id}/a0",
        page_id=page.id,
        kind=Kind.FURNITURE,
        headline=EMPTY,
        body=lines_of(page.text, ordered),
        spans=tuple(b.span for b in ordered),
        lines=(line_of(page.text, spans[0][0]), line_of(page.text, spans[-1][1] - 1)),
        imprint=page.imprint,
    )


def lines_of(raw: str, blocks: Sequence[Block]) -> CleanText:
    """The blocks' clean text, one a line, the line ends taken from the page.

    A sentence that something printed in its midst (a headline) cuts in two runs on.
    """
    parts: list[CleanText] = []
    end = 0
    last: Block | None = None
    for block in (b for b in blocks if b.clean.text):
        if last is not None and not (last.unfinished and _has_print(raw, end, block.span[0])):
            parts.append(_line_end(raw, end, block.span[0]))
        parts.append(block.clean)
        last, end = block, block.span[1]
    return join(parts)


def _has_print(raw: str, start: int, end: int) -> bool:
    """Whether anything is printed between two places of the page."""
    return bool(raw[start:end].strip())


def _line_end(raw: str, start: int, end: int) -> CleanText:
    """The first line end of the page between two blocks."""
    for char in "\n\r\u2028\u2029\x85\x0b\x0c":
        at = raw.find(char, start, end)
        if at >= 0:
            return CleanText(char, ((at, at + 1),))
    return EMPTY


def _spans(raw: str, held: Sequence[Span]) -> tuple[Span, ...]:
    """What the article covers: what it holds, neighbours that only white space parts made one."""
    spans: list[Span] = []
    for start, end in held:
        if spans and not raw[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)
