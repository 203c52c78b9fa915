"""Pinned stories: what a person fixed of a page, taken out before the rules divide the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from retrieval.blocks import Block, join_lines
from retrieval.cleaning import Setting, clean
from retrieval.corrections import bare, places
from retrieval.division import divide
from retrieval.headlines import Piece, headline_pieces
from retrieval.lines import Line
from retrieval.readings import Role, Step
from retrieval.records import Article, Corrections, Credit, Page, Pin, Span
from retrieval.shapes import Shape

_FREE, _FURNITURE = -2, -1  # whose a line is, where it is no pin's
_HEADS = (Role.TITLE, Role.TAIL, Role.MIDDLE, Role.INSIDE)


@dataclass(frozen=True, slots=True)
class Story:
    """The pieces of one article in the page's order, and what a person pinned of it."""

    pieces: Sequence[Piece]
    pin: Pin | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Pinned:
    """A page's blocks with what is pinned set aside: ``free`` is left to the rules."""

    free: Sequence[Block]
    furniture: Sequence[Block] = ()
    stories: Sequence[Story] = ()


def take_pinned(page: Page, lines: Sequence[Line]) -> Pinned:
    """The blocks that the page's lines make, by whom they belong to.

    1. whose each line is, 2. blocks, none of them two owners', each in its place on the page, 3. a
    story from each pin's.
    """
    made = page.corrections
    if made is None or not (made.pins or made.furniture):
        return Pinned(join_lines(page.text, lines))
    owners = list(_owners(made, lines))
    before = [*owners[:1], *owners]
    own = [replace(x, parted=a != b) for x, a, b in zip(lines, owners, before, strict=False)]
    whose: dict[int, int] = {}
    theirs: dict[int, list[Line]] = {}
    for line, (owner, _) in zip(own, owners, strict=True):
        whose[line.start] = owner
        theirs.setdefault(owner, []).append(line)
    shares: dict[int, list[Block]] = {}
    for block in join_lines(page.text, own):
        shares.setdefault(whose[block.span[0]], []).append(block)
    stories = [
        Story(_pieces_of(page.text, pin, shares[n], theirs[n]), pin)
        for n, pin in enumerate(made.pins)
        if n in shares
    ]
    return Pinned(shares.get(_FREE, ()), shares.get(_FURNITURE, ()), stories)


def held(story: Story) -> list[Span]:
    """The ranges that a story holds: its blocks', or from first to last in each pinned run."""
    spans = [p.block.span for p in story.pieces]
    if story.pin is None:
        return spans
    starts = [start for start, _ in story.pin.spans]
    runs = groupby(spans, key=lambda span: bisect_right(starts, span[0]))
    whole = [list(run) for _, run in runs]
    return [(run[0][0], run[-1][1]) for run in whole]


def as_pinned(article: Article, pin: Pin, heads: Sequence[Block]) -> Article:
    """The article with what is pinned of it in place of what the rules say."""
    names = article.title, article.kicker, article.subtitle
    title, kicker, subtitle = names if pin.title is None else _named(heads, pin.title)
    return replace(
        article,
        title=title,
        kicker=kicker,
        subtitle=subtitle,
        byline=article.byline if pin.byline is None else pin.byline,
        credits=article.credits if pin.byline is None else _credited(article, pin.byline),
        kind=pin.kind or article.kind,
        section=article.section if pin.section is None else pin.section or None,
    )


def _credited(article: Article, names: Sequence[str]) -> tuple[Credit, ...]:
    """The names with the roles that the page prints for them."""
    known = {credit.name: credit for credit in article.credits}
    return tuple(known.get(name, Credit(name)) for name in names)


def _owners(made: Corrections, lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Whose each line is, and in which run."""
    runs = [(span, n) for n, pin in enumerate(made.pins) for span in pin.spans]
    runs = sorted([*runs, *((span, _FURNITURE) for span in made.furniture)])
    starts = [span[0] for span, _ in runs]
    for line in lines:
        at = bisect_right(starts, line.start) - 1
        inside = at >= 0 and line.start < runs[at][0][1]
        yield (runs[at][1], at) if inside else (_FREE, _FREE)


def _pieces_of(raw: str, pin: Pin, blocks: Sequence[Block], lines: Sequence[Line]) -> list[Piece]:
    """The pieces of a pinned article, its title among the headlines.

    A headline that the rules must find stands out better without the neighbours' lines.
    """
    if pin.title is None:
        return _pieces(join_lines(raw, lines))
    pieces = _pieces(blocks)
    if not pin.title:
        return [Piece(p.block, Role.BODY) if p.role in _HEADS else p for p in pieces]
    if any(_is(p.block, pin.title) for p in headline_pieces(pieces)):
        return pieces
    found = next(at for span in pin.spans for at in places(raw, span, pin.title))
    place = _printed(raw, lines, found)
    blocks = join_lines(raw, list(_set_apart(raw, lines, place)))
    blocks = [_as_head(raw, b) if b.span == place else b for b in blocks]
    pieces = _pieces(blocks)
    if any(p.block.span == place for p in headline_pieces(pieces)):
        return pieces
    pieces = [Piece(p.block, Role.TITLE) if p.block.span == place else p for p in pieces]
    return _headed(pieces, [n for n, p in enumerate(pieces) if p.block.span == place])


def _pieces(blocks: Sequence[Block]) -> list[Piece]:
    """The pieces of blocks that are one article, even where the rules would make several.

    Its headline is the first that the rules find, with all headline lines beside it.
    """
    steps = iter(divide([b for b in blocks if b.shape is not Shape.FURNITURE]))
    pieces: list[Piece] = []
    stories: list[int] = []  # by the rules
    for block in blocks:
        step = None if block.shape is Shape.FURNITURE else next(steps)
        pieces.append(Piece(block, _role(block, step)))
        stories.append(sum(stories[-1:]) + bool(step and step.starts))
    heads = [n for n, p in enumerate(pieces) if p.role in (Role.TITLE, Role.TAIL, Role.MIDDLE)]
    return _headed(pieces, [n for n in heads if stories[n] == stories[heads[0]]])


def _role(block: Block, step: Step | None) -> Role:
    """What a block is to a pinned article: furniture and a column's name belong to it, too."""
    aside = step is None or step.role is Role.ASIDE
    if step is None or aside or (step.role is Role.SECTION and block.level):
        return Role.BODY
    return Role.INSIDE if step.role in (Role.SECTION, Role.COLUMN) else step.role


def _headed(pieces: Sequence[Piece], chosen: Sequence[int]) -> list[Piece]:
    """The pieces with these, and the headline lines beside them, as the headline; others inside."""
    if not chosen:
        return list(pieces)
    heads = set(chosen)
    forward = range(len(pieces))
    for walk, before in ((forward, -1), (reversed(forward), 1)):  # the set grows as it walks
        heads.update(n for n in walk if pieces[n].role in _HEADS and n + before in heads)
    return [
        Piece(p.block, Role.TITLE if n in heads else Role.INSIDE) if p.role in _HEADS else p
        for n, p in enumerate(pieces)
    ]


def _printed(raw: str, lines: Sequence[Line], place: Span) -> Span:
    """A title's range with the marks beside it that are not printed, such as ``#``."""
    start, end = place
    for line in lines:
        shown = clean(raw, [(line.start, line.end)], Setting.DISPLAY).spans
        start = line.start if shown[0][0] == place[0] else start
        end = line.end if shown[-1][1] == place[1] else end
    return start, end


def _set_apart(raw: str, lines: Sequence[Line], place: Span) -> Iterator[Line]:
    """The lines with a title as one line of its own, what stands beside it as others."""
    start, end = place
    first = next(line for line in lines if line.end > start)
    last = next(line for line in lines if line.end >= end)
    yield from (line for line in lines if line.end <= start)
    yield from _part(raw, (first.start, start), first)
    yield from _part(raw, place, replace(first, parted=True))
    yield from _part(raw, (end, last.end), replace(last, level=0, gap=0, parted=True))
    after = [line for line in lines if line.start >= end]
    yield from (replace(line, parted=True) for line in after[:1])
    yield from after[1:]


def _part(raw: str, span: Span, line: Line) -> Iterator[Line]:
    """A part of a line as a line, if anything is printed there."""
    text = clean(raw, [span], Setting.DISPLAY).text
    if text:
        left = raw[span[0] : span[1]]
        start = span[0] + len(left) - len(left.lstrip())
        end = start + len(left.strip())
        yield replace(line, start=start, end=end, text=text, furniture=False)


def _as_head(raw: str, block: Block) -> Block:
    """A block as the headline that a person says it is."""
    shape = block.shape if block.shape is Shape.DASH else Shape.HEAD
    shown = clean(raw, [block.span], Setting.DISPLAY)
    return Block(shape, block.span, shown, block.gap, block.level, block.numbered)


def _named(heads: Sequence[Block], title: str) -> tuple[str | None, str | None, str | None]:
    """Title, kicker and subtitle, where the title is pinned."""
    at = next((i for i, head in enumerate(heads) if _is(head, title)), None)
    if at is None:
        return None, None, None
    above = " ".join(h.clean.text for h in heads[:at])
    below = " ".join(h.clean.text for h in heads[at + 1 :])
    return heads[at].clean.text, above or None, below or None


def _is(block: Block, title: str) -> bool:
    """Whether a block is the title that is pinned."""
    return bare(block.clean.text) == bare(title)
