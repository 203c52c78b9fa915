"""Making a page: stories chosen, signed, spoiled, set, and put together with their truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from random import Random

from . import furniture
from .faults import BREAK, Rates, choose, spoil
from .records import (
    HEADS,
    Fault,
    Genre,
    Layout,
    Line,
    MadePage,
    Part,
    Role,
    Span,
    Story,
    Truth,
)
from .setting import Base, Setting, choose_setting, set_story
from .signing import OPENING, Sign, Signed, sign
from .stories import Shelf, invented

_FAULT_SHARE = 0.22  # of the faults strike a page: four of nineteen
_MAX_CHARS = 6000  # of the stories of a page: the five seeds hold 3000 to 7000
_KINDS = {Genre.PHOTO: "photo", Genre.NOTICE: "notice", Genre.AD: "notice", Genre.SERVICE: "notice"}
_SMALL_SHARE = {  # chance of small items, and of which genres
    Layout.SMALL_ITEMS: (1.0, tuple(_KINDS)),
    Layout.COLUMN_AFTER: (0.3, (Genre.PHOTO,)),
    Layout.SECTIONS: (0.3, (Genre.NOTICE, Genre.SERVICE)),
}
_NO_SMALL = (Layout.NO_BLANKS, Layout.BLANK_EACH_LINE, Layout.UNSIGNED, Layout.BRIEFS)
_NO_FEATURES = (Layout.NO_BLANKS, Layout.UNSIGNED, Layout.HEADLINE_LOST, Layout.HEADLINE_INSIDE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What holds for a whole page."""

    layout: Layout
    faults: frozenset[Fault]
    rates: Rates
    setting: Setting


def make_page(
    seed: int,
    *,
    layout: Layout | None = None,
    faults: frozenset[Fault] | None = None,
    shelf: Shelf | None = None,
) -> MadePage:
    """The page of this seed; layouts take turns, faults are drawn unless they are given.

    1. stories, 2. their signatures, 3. the faults of their words, 4. their lines, 5. what stands
    between and around them, 6. text and truth.
    """
    layout = layout or list(Layout)[seed % len(Layout)]
    rng = Random(f"{seed} {layout}")
    faults = _draw(rng) if faults is None else faults
    if layout is not Layout.FRONT_PAGE:
        faults -= {Fault.BROKEN_MASTHEAD}
    rates = choose(rng, faults)
    setting = choose_setting(rng, layout, faults)
    stories = _ordered(rng, _chosen(rng, layout, shelf or invented()), faults)
    signed = [_signed(rng, s, n, layout, setting, faults) for n, s in enumerate(stories)]
    printed = [_printed(rng, one, rates) for one in signed]
    blocks = [set_story(rng, n, one, setting, rates) for n, one in enumerate(printed)]
    sheet = Sheet(layout, faults, rates, setting)
    lines = list(_assembled(rng, stories, blocks, sheet))
    text, spans = _text(lines, setting, "\r\n" if Fault.CRLF in faults else "\n")
    truths = [_truth(spans[n], one) for n, one in enumerate(printed) if n in spans]
    return MadePage(seed, text, tuple(sorted(truths, key=lambda t: t.spans)), layout, faults)


def _draw(rng: Random) -> frozenset[Fault]:
    """The faults of a page; one page in six has none."""
    if rng.random() < 1 / 6:
        return frozenset()
    return frozenset(f for f in Fault if rng.random() < _FAULT_SHARE)


def _chosen(rng: Random, layout: Layout, shelf: Shelf) -> list[Story]:
    """Different stories for a page of this layout, three to nine."""
    news = [s for s in shelf.news if layout not in _NO_FEATURES or not s.has_subheads]
    count = rng.randint(3, 7)
    if layout is Layout.BRIEFS:
        whole = rng.sample([s for s in news if s.genre is Genre.NEWS], rng.randint(4, 9))
        return [_brief(s) for s in whole]
    features = [s for s in news if s.has_subheads]
    led = rng.sample(features, 2) if layout is Layout.SUBHEADS else []
    picked = [*led, *(s for s in rng.sample(news, count) if s not in led)]
    kept = [s for n, s in enumerate(picked) if n < 3 or _fits(picked[: n + 1])]
    share, genres = _SMALL_SHARE.get(layout, (0.25, (Genre.PHOTO, Genre.NOTICE)))
    if layout in _NO_SMALL or rng.random() > share:
        return kept
    small = [s for s in shelf.small if s.genre in genres]
    most = 4 if layout is Layout.SMALL_ITEMS else 2
    return [*kept[: 9 - most], *rng.sample(small, rng.randint(most // 2, most))]


def _fits(stories: Sequence[Story]) -> bool:
    """Whether these have room on one page."""
    return sum(s.chars for s in stories) <= _MAX_CHARS


def _brief(story: Story) -> Story:
    """A story as one paragraph under its title."""
    title = next(p for p in story.parts if p.role is Role.TITLE)
    texts = [p.text for p in story.parts if p.role is Role.PARAGRAPH]
    return replace(story, parts=(title, Part(Role.PARAGRAPH, texts[0])))


def _ordered(rng: Random, stories: list[Story], faults: frozenset[Fault]) -> list[Story]:
    """The lead first and small items between and after, or in any order."""
    if Fault.SHUFFLED in faults:
        return rng.sample(stories, len(stories))
    lead = max(stories, key=lambda s: s.chars)
    rest = [s for s in stories if s is not lead]
    return [lead, *rng.sample(rest, len(rest))]


def _signed(
    rng: Random,
    story: Story,
    number: int,
    layout: Layout,
    setting: Setting,
    faults: frozenset[Fault],
) -> Signed:
    """The story with its signature, and with what its layout takes from it."""
    how = rng.choice(setting.signs)
    if Fault.BYLINE_LINE in faults and how not in (Sign.NONE, *OPENING[2:]) and _has_head(layout):
        how = Sign.LINE
    if story.genre is not Genre.NEWS:
        return sign(rng, story, how)
    if layout is Layout.HEADLINE_LOST and (number % 2 or rng.random() < 0.3):
        body = tuple(p for p in story.parts if p.role not in HEADS)
        return sign(rng, replace(story, parts=body), how)
    if layout is Layout.OPENING_LOST and rng.random() < 0.6:
        return sign(rng, _without_opening(rng, story), how)
    if layout is Layout.FRONT_PAGE and number < 2:
        return sign(rng, _turned(story), Sign.PAREN)
    return sign(rng, story, how)


def _has_head(layout: Layout) -> bool:
    """Whether every story of this layout begins with its headline."""
    return layout not in (Layout.COLUMN_AFTER, Layout.HEADLINE_INSIDE, Layout.HEADLINE_LOST)


def _without_opening(rng: Random, story: Story) -> Story:
    """The story, its first words lost: the body begins in mid-sentence."""
    first = next(i for i, p in enumerate(story.parts) if p.role is Role.PARAGRAPH)
    part = story.parts[first]
    short = replace(part, text=part.text[rng.randint(6, max(7, min(40, len(part.text) // 2))) :])
    return replace(story, parts=(*story.parts[:first], short, *story.parts[first + 1 :]))


def _turned(story: Story) -> Story:
    """The story up to where the page turns, if it is long."""
    if len(story.parts) < 6:
        return story
    *kept, last = story.parts[:-2]
    at = max(8, len(last.text) // 2)
    return replace(story, parts=(*kept, replace(last, text=last.text[:at] + "(下转第二版)")))


def _printed(rng: Random, signed: Signed, rates: Rates) -> Signed:
    """A story as printed and read."""
    dash = rng.choice(("——", "——", "—", ""))
    parts = (
        replace(p, text=dash + p.text) if p.role is Role.SUBTITLE else p for p in signed.story.parts
    )
    read = tuple(spoil(rng, p, signed.names, rates) for p in parts)
    return replace(signed, story=replace(signed.story, parts=read))


def _assembled(
    rng: Random, stories: list[Story], blocks: list[list[Line]], sheet: Sheet
) -> Iterator[Line]:
    """All lines of a page: furniture above, the stories with what stands between, furniture below."""
    front, named = sheet.layout is Layout.FRONT_PAGE, sheet.layout is Layout.SECTIONS
    top, foot = furniture.around(rng, sheet.faults, front=front)
    gap = sheet.setting.story_gap
    blank = [Line("")] * max(1, gap)
    yield from [*top, *blank] if top else []
    if front and rng.random() < 0.6:
        yield from [*furniture.contents(_elsewhere(rng, stories)), *blank]
    for number, block in enumerate(blocks):
        if named and number in (1, len(blocks) // 2 + 1):
            mark = "## " if sheet.setting.base is Base.MARKDOWN else ""
            yield from [Line(mark + furniture.section(rng)), *blank]
        strange = (
            [*map(Line, furniture.series(rng))]
            if named and number == 0 and rng.random() < 0.4
            else []
        )
        strange += [furniture.scrap(rng)] if sheet.rates.strike(rng, Fault.SCRAPS) else []
        yield from _amid(rng, block, strange)
        yield from blank if named else [Line("")] * gap
        if sheet.rates.strike(rng, Fault.SCRAPS):
            yield from [furniture.scrap(rng), *[Line("")] * gap]
    yield from foot


def _amid(rng: Random, block: list[Line], strange: list[Line]) -> list[Line]:
    """A story with strange lines after it, or at one of the blank lines in its latter half."""
    gaps = [i for i, line in enumerate(block) if not line.text.strip() and i > len(block) // 2]
    if not strange:
        return block
    if not gaps or rng.random() < 0.5:
        return [*block, Line(""), *strange]
    at = rng.choice(gaps)
    return [*block[:at], Line(""), *strange, *block[at:]]


def _elsewhere(rng: Random, stories: Sequence[Story]) -> list[str]:
    """Titles of stories that are not on this page."""
    here = {p.text for s in stories for p in s.parts}
    heads = [p.text for s in invented().news for p in s.parts if p.role is Role.TITLE]
    return rng.sample([h for h in heads if h not in here], 3)


def _text(lines: list[Line], setting: Setting, end: str) -> tuple[str, dict[int, list[Span]]]:
    """The page's text, and for each story the ranges of its lines, blank lines between included."""
    if setting.line_gap:
        lines = [x for line in lines if line.text.strip() for x in (line, Line(""))]
    texts = [line.text.replace(BREAK, " ") for line in lines]
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + len(end))
    spans: dict[int, list[Span]] = {}
    filled = [i for i, text in enumerate(texts) if text.strip()]
    for owner, run in groupby(filled, key=lambda i: lines[i].owner):
        if owner is not None:
            first, *_, last = (group := [*run])[0], group[-1]
            spans.setdefault(owner, []).append((starts[first], starts[last] + len(texts[last])))
    return end.join(texts) + end, spans


def _truth(spans: list[Span], printed: Signed) -> Truth:
    """The truth about a story that was printed like this."""
    pieces = {p.role: p.text for p in printed.story.parts if p.role in HEADS}
    title = pieces.get(Role.TITLE)
    kind = _KINDS.get(printed.story.genre, "news")
    others = _others(pieces) if title else ()
    return Truth(tuple(spans), title, others, printed.names, kind)


def _others(pieces: dict[Role, str]) -> tuple[str, ...]:
    """What else may be called the title: any part of the headline, with or without a dash."""
    texts = [pieces[role] for role in HEADS if role in pieces]
    joined = ["".join(some) for n in (1, 2, 3) for some in combinations(texts, n)]
    bare = [text.replace("—", "") for text in joined]
    return tuple(dict.fromkeys(t for t in (*joined, *bare) if t != pieces[Role.TITLE]))
