"""Readings: every way in which a block may be read after what was read before it.

A grammar of newspaper pages: states (the article that is open), moves from state to state, and for
each move the clues that speak for it or against it. A clue is a sign of the page in one context,
with its weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum, auto

from retrieval.signs import Sign


class Role(StrEnum):
    """What a block is to its article."""

    TITLE = "title"  # a headline line before the story
    TAIL = "tail"  # a headline line after the story
    INSIDE = "inside"  # a subhead
    MIDDLE = "middle"  # a headline line inside the story
    SECTION = "section"  # a column's or a series' name
    COLUMN = "column"  # an unmarked name above the story that belongs to it
    BYLINE = "byline"
    BODY = "body"
    ASIDE = "aside"  # a scrap or a piece of furniture: part of no article


class Mode(IntEnum):
    """What was read last."""

    NOTHING = 0
    TITLE = 1
    TEXT = 2
    TAIL = 3
    INSIDE = 4
    SECTION = 5
    MIDDLE = 6


class Guard(IntEnum):
    """What a block must be for a move to be open to it."""

    PLAIN = 0  # a paragraph without a byline
    SIGNED = auto()  # a paragraph with a byline at its beginning alone
    CLOSING = auto()  # a paragraph with a byline at its end
    TURNED = auto()  # a paragraph that goes on on another page
    NAMES = auto()  # a line of names
    HEAD = auto()  # a short line
    BARE = auto()  # a short line that no dash leads in
    DASH = auto()  # one that a dash does
    NAMED = auto()  # the name of a document, which bears no byline
    UNNAMED = auto()  # any other
    WHOLE = auto()  # not a numbered part of something
    FREE = auto()  # does not go on with the line right above it
    AMID = auto()  # text that opens no story follows
    COLUMN = auto()  # a heading over deeper headings
    PLACE = auto()  # no such heading
    LEADING = auto()  # a short line above another headline
    SERIES = auto()  # a name with a dash below it and no story
    SHORT = auto()  # short enough for a scrap or a folio


@dataclass(frozen=True, slots=True)
class State:
    """The article that is open while the page is read."""

    mode: Mode = Mode.NOTHING
    headed: bool = False
    signed: bool = False
    closed: bool = False  # by a byline at its end, or a section's name


@dataclass(frozen=True, slots=True)
class Step:
    """One block's place in the division."""

    role: Role
    starts: bool


class Clue(StrEnum):
    """A sign in a context: what the weights are given to."""

    ARTICLE = auto()
    HEADLESS = auto()
    OPENER = auto()
    OPENER_INSIDE = auto()
    BYLINE_BELOW = auto()
    OPENER_BELOW = auto()
    MARK = auto()
    MARK_INSIDE = auto()
    MARK_BELOW = auto()
    MARK_TAIL = auto()
    NO_OPENER_BELOW = auto()
    NO_SIGN_BELOW = auto()
    SHORT_BELOW = auto()
    NOTHING_BELOW = auto()
    PREVIOUS_CLOSED = auto()
    UNSIGNED = auto()
    GAP = auto()
    PHOTO = auto()
    CAPTION_INSIDE = auto()
    PARTED = auto()
    PARTED_TEXT = auto()
    ABOVE = auto()
    BELOW = auto()
    LOOSE = auto()
    SMALL_WORDS = auto()
    RUNS_IN = auto()
    RUNS_OUT = auto()
    JOIN_RUNS_IN = auto()
    SHORTFALL = auto()
    COMMA = auto()
    HABIT = auto()
    TOP_MARK = auto()
    LOW_MARK = auto()
    NO_MARK = auto()
    DOCUMENT = auto()
    ATTACHED = auto()
    NUMBERED = auto()
    NO_BODY = auto()
    JOIN = auto()
    JOIN_PART = auto()
    TAIL = auto()
    STORY_BELOW = auto()
    INSIDE_CLOSED = auto()
    INSIDE_SPOKEN = auto()
    INSIDE_TOP_MARK = auto()
    SECTION = auto()
    SERIES = auto()
    COLUMN_NAME = auto()
    ORPHAN = auto()
    COLUMN_WORDS = auto()
    AFTER_TAIL = auto()
    AFTER_INSIDE = auto()
    NAMES_AFTER_TAIL = auto()
    NAMES_FRONT = auto()
    SIGNED_TWICE = auto()
    RESUMED = auto()
    NO_GAP = auto()
    NOTICE_ABOVE = auto()
    SIBLING = auto()
    LENGTH = auto()
    LIST = auto()
    LIST_ABOVE = auto()
    PLAIN_ABOVE = auto()
    ASIDE = auto()
    SCRAP = auto()
    FOLIO = auto()
    HEADLESS_ABOVE = auto()
    INSIDE_HEADLINE = auto()
    GAP_TEXT = auto()
    INSIDE_ABOVE = auto()
    INSIDE_BELOW = auto()
    INSIDE_PARTED = auto()
    PAGE_END = auto()


# The sign each clue reads, its weight, and why.
WEIGHTS: dict[Clue, tuple[Sign, float]] = {
    Clue.ARTICLE: (Sign.ONE, -2.61),  # each article must be worth its while
    Clue.HEADLESS: (Sign.ONE, -1.28),  # a story without a headline of its own
    Clue.OPENER: (Sign.OPENER, 1.38),  # 本报讯 opens a story
    Clue.OPENER_INSIDE: (Sign.OPENER, -3.39),  # and seldom stands within one
    Clue.BYLINE_BELOW: (Sign.BYLINE_BELOW, 2.79),  # a headline, then who wrote it
    Clue.OPENER_BELOW: (Sign.OPENER_BELOW, 0.11),
    Clue.MARK: (Sign.MARK, 4.00),  # nothing else does
    Clue.MARK_INSIDE: (Sign.MARK, -4.00),
    Clue.MARK_TAIL: (Sign.MARK_BELOW, -6.00),
    Clue.MARK_BELOW: (Sign.MARK_BELOW, 1.50),  # above 上接 its headline is printed again
    Clue.NO_OPENER_BELOW: (Sign.NO_OPENER_BELOW, -0.17),
    Clue.NO_SIGN_BELOW: (Sign.NO_SIGN_BELOW, -0.44),  # rather a subhead
    Clue.SHORT_BELOW: (Sign.SHORT_BELOW, -1.07),
    Clue.NOTHING_BELOW: (Sign.NOTHING_BELOW, -4.53),
    Clue.PREVIOUS_CLOSED: (Sign.ONE, 0.97),  # the story above has ended
    Clue.UNSIGNED: (Sign.SIGNED_PAGE, -0.82),  # on a page that signs its stories, the last is not
    Clue.GAP: (Sign.GAP, 3.85),
    Clue.CAPTION_INSIDE: (Sign.CAPTION, -4.00),
    Clue.PHOTO: (Sign.PHOTO, 4.08),  # a caption stands alone
    Clue.PARTED: (Sign.PARTED, 2.80),
    Clue.PARTED_TEXT: (Sign.PARTED, 2.80),
    Clue.ABOVE: (Sign.ABOVE, -0.84),
    Clue.BELOW: (Sign.BELOW, 3.50),
    Clue.LOOSE: (Sign.LOOSE, -3.58),  # a line among text is rather text
    Clue.RUNS_IN: (Sign.RUNS_IN, -2.20),
    Clue.RUNS_OUT: (Sign.RUNS_OUT, -2.01),
    Clue.JOIN_RUNS_IN: (Sign.RUNS_IN, 0.05),
    Clue.SHORTFALL: (Sign.SHORTFALL, 2.17),
    Clue.COMMA: (Sign.COMMA, -4.85),
    Clue.SMALL_WORDS: (Sign.SMALL_WORDS, -3.98),
    Clue.HABIT: (Sign.HABIT, 1.56),
    Clue.TOP_MARK: (Sign.TOP_MARK, 0.07),
    Clue.LOW_MARK: (Sign.LOW_MARK, 1.81),
    Clue.NO_MARK: (Sign.NO_MARK, -0.22),
    Clue.DOCUMENT: (Sign.DOCUMENT, 3.58),
    Clue.ATTACHED: (Sign.ATTACHED, -2.48),
    Clue.NUMBERED: (Sign.NUMBERED, -5.20),
    Clue.NO_BODY: (Sign.ONE, -4.11),  # a headline with nothing below it
    Clue.JOIN: (Sign.ONE, 2.38),  # headline lines stand together
    Clue.JOIN_PART: (Sign.NUMBERED, -2.00),
    Clue.TAIL: (Sign.ONE, 0.23),  # a headline below its story
    Clue.STORY_BELOW: (Sign.STORY_BELOW, 0.85),
    Clue.INSIDE_CLOSED: (Sign.ONE, -0.57),  # nothing stands inside a story that has ended
    Clue.INSIDE_SPOKEN: (Sign.SPOKEN_FOR, -0.43),
    Clue.INSIDE_TOP_MARK: (Sign.TOP_MARK, -1.11),  # nor is marked like a headline
    Clue.SECTION: (Sign.ONE, 4.84),
    Clue.COLUMN_NAME: (Sign.ONE, -3.87),  # headlines stand above headlines, too
    Clue.ORPHAN: (Sign.ORPHAN, 4.54),
    Clue.COLUMN_WORDS: (Sign.COLUMN_WORDS, 6.93),
    Clue.SERIES: (Sign.ONE, 1.43),
    Clue.AFTER_INSIDE: (Sign.ONE, -1.40),  # a subhead stands above its own text
    Clue.AFTER_TAIL: (Sign.ONE, -0.20),  # a headline below its story ends it
    Clue.NAMES_FRONT: (Sign.ONE, -1.80),  # a line of names stands above the story it signs
    Clue.NAMES_AFTER_TAIL: (Sign.ONE, -0.38),  # and so its byline stands above
    Clue.SIGNED_TWICE: (Sign.ONE, -3.18),  # one story has one byline
    Clue.RESUMED: (Sign.ONE, -3.91),  # text after a byline that closed the story
    Clue.NO_GAP: (Sign.NO_GAP, -1.02),
    Clue.NOTICE_ABOVE: (Sign.NOTICE_ABOVE, 2.29),
    Clue.SIBLING: (Sign.SIBLING, -2.05),
    Clue.LENGTH: (Sign.LENGTH, 1.22),
    Clue.LIST: (Sign.LIST, -1.15),
    Clue.LIST_ABOVE: (Sign.LIST_ABOVE, -1.30),
    Clue.PLAIN_ABOVE: (Sign.PLAIN_ABOVE, 0.97),
    Clue.ASIDE: (Sign.ONE, -0.04),  # what is printed on a page is rather part of it
    Clue.SCRAP: (Sign.SCRAP, 4.02),
    Clue.FOLIO: (Sign.FOLIO, 5.45),
    Clue.HEADLESS_ABOVE: (Sign.ONE, -0.72),  # the story above has no headline yet
    Clue.INSIDE_HEADLINE: (Sign.ONE, 0.46),
    Clue.GAP_TEXT: (Sign.GAP, 5.07),
    Clue.INSIDE_ABOVE: (Sign.ABOVE, 0.54),
    Clue.INSIDE_BELOW: (Sign.BELOW, 1.05),
    Clue.INSIDE_PARTED: (Sign.PARTED, -0.29),
    Clue.PAGE_END: (Sign.ONE, -4.00),
}
Clues = tuple[tuple[Clue, float], ...]  # each with how many times it counts


@dataclass(frozen=True, slots=True)
class Move:
    """A way to read a block in a state, the state after it, and the clues for it."""

    source: State
    target: State
    step: Step
    needs: tuple[Guard, ...]
    clues: Clues


def grammar() -> tuple[Move, ...]:
    """Every move that a page can take, from the first state on."""
    found: list[Move] = []
    seen = {State()}
    waiting = [State()]
    while waiting:
        for move in _moves(waiting.pop()):
            found.append(move)
            if move.target not in seen:
                seen.add(move.target)
                waiting.append(move.target)
    return tuple(found)


def _moves(state: State) -> Iterator[Move]:
    """What may follow in a state."""
    yield from _texts(state)
    yield from _names(state)
    yield from _titles(state)
    yield from _tails(state)
    yield from _insides(state)
    yield from _sections(state)
    aside = _plain(Clue.ASIDE, Clue.SCRAP, Clue.FOLIO)
    yield Move(state, state, Step(Role.ASIDE, False), (Guard.SHORT,), aside)


_PLACE = (Clue.NO_GAP, Clue.NOTICE_ABOVE, Clue.LIST_ABOVE)
_PARAGRAPHS = (
    (Guard.PLAIN, False, False),
    (Guard.SIGNED, True, False),
    (Guard.CLOSING, True, True),
    (Guard.TURNED, False, True),
)


def _texts(state: State) -> Iterator[Move]:
    """A paragraph goes on with its article, or opens one without a headline."""
    mode = state.mode
    for guard, signed, closes in _PARAGRAPHS:
        if mode is not Mode.NOTHING:
            clues = [(Clue.AFTER_TAIL, 1.0)] if mode is Mode.TAIL else []
            if mode is not Mode.TITLE:
                clues += _plain(Clue.OPENER_INSIDE, Clue.MARK_INSIDE, Clue.CAPTION_INSIDE)
            if state.closed:
                clues.append((Clue.RESUMED, 1.0))
            if signed and closes and state.signed and mode is not Mode.TITLE:
                clues.append((Clue.SIGNED_TWICE, 1.0))
            after = State(Mode.TEXT, state.headed, state.signed or signed, closes)
            yield Move(state, after, Step(Role.BODY, False), (guard,), tuple(clues))
        if mode is not Mode.TITLE:
            fresh = _plain(
                Clue.ARTICLE,
                Clue.HEADLESS,
                Clue.OPENER,
                Clue.GAP_TEXT,
                Clue.PHOTO,
                Clue.PARTED_TEXT,
                *_PLACE,
                Clue.RUNS_IN,
                Clue.LIST,
                Clue.MARK,
            )
            fresh = (*fresh, *_after(state, headed=False))
            if mode in (Mode.INSIDE, Mode.MIDDLE):
                fresh = (*fresh, (Clue.AFTER_INSIDE, 1.0))
            target = State(Mode.TEXT, False, signed, closes)
            yield Move(state, target, Step(Role.BODY, True), (guard, Guard.FREE), fresh)


def _after(state: State, *, headed: bool) -> Clues:
    """The clues that the article above has ended, or has not."""
    ended = state.closed or state.mode is Mode.TAIL or (headed and state.mode is Mode.NOTHING)
    if ended:
        return ((Clue.PREVIOUS_CLOSED, 1.0),)
    if state.signed or state.mode is Mode.NOTHING:
        return ()
    return ((Clue.UNSIGNED, 1.0),)


def _names(state: State) -> Iterator[Move]:
    """A line of names signs the open article, or opens one whose headline is elsewhere."""
    front = state.mode is Mode.TITLE
    if state.mode is not Mode.NOTHING:
        clues = [(Clue.NAMES_FRONT, 1.0)] if front else []
        if state.mode is Mode.TAIL:
            clues.append((Clue.NAMES_AFTER_TAIL, 1.0))
        if state.signed and not front:
            clues.append((Clue.SIGNED_TWICE, 1.0))
        mode = Mode.TITLE if front else Mode.TEXT
        after = State(mode, state.headed, signed=True, closed=not front)
        yield Move(state, after, Step(Role.BYLINE, False), (Guard.NAMES,), tuple(clues))
    if not front:
        fresh = _plain(Clue.ARTICLE, Clue.HEADLESS, Clue.NAMES_FRONT)
        if state.closed or state.mode is Mode.TAIL:
            fresh = (*fresh, (Clue.PREVIOUS_CLOSED, 1.0))
        target = State(Mode.TITLE, False, signed=True)
        yield Move(state, target, Step(Role.BYLINE, True), (Guard.NAMES,), fresh)


_BELOW = (
    Clue.BYLINE_BELOW, Clue.OPENER_BELOW, Clue.MARK_BELOW, Clue.NO_OPENER_BELOW,
    Clue.NO_SIGN_BELOW, Clue.SHORT_BELOW, Clue.NOTHING_BELOW,
)  # fmt: skip
_MARKS = (Clue.TOP_MARK, Clue.LOW_MARK, Clue.NO_MARK)
_WORDING = (Clue.DOCUMENT, Clue.ATTACHED)
_LOOKS: Clues = (
    (Clue.LOOSE, 1.0),
    (Clue.SMALL_WORDS, 1.0),
    (Clue.SHORTFALL, 1.0),
    (Clue.COMMA, 1.0),
    (Clue.RUNS_OUT, 1.0),
)
_UPWARD: Clues = ((Clue.ABOVE, -1.0), (Clue.BELOW, -1.0))  # the story stands above


def _titles(state: State) -> Iterator[Move]:
    """A short line opens an article, or joins the headline line above it."""
    clues = _plain(Clue.ARTICLE, Clue.HABIT, Clue.ABOVE, Clue.BELOW, Clue.PARTED)
    clues = (
        *clues,
        *_LOOKS,
        *_plain(
            *_PLACE,
            Clue.RUNS_IN,
            Clue.SIBLING,
            Clue.LENGTH,
            Clue.PLAIN_ABOVE,
            Clue.GAP,
            Clue.NUMBERED,
            *_BELOW,
            *_MARKS,
            *_WORDING,
        ),
    )
    if state.mode is Mode.TITLE:
        clues = (*clues, (Clue.NO_BODY, 1.0))
    if state.mode in (Mode.TEXT, Mode.INSIDE) and not state.headed:
        clues = (*clues, (Clue.HEADLESS_ABOVE, 1.0))
    clues = (*clues, *_after(state, headed=True))
    may = Guard.HEAD if state.mode is Mode.NOTHING else Guard.BARE
    for name, signed in ((Guard.NAMED, True), (Guard.UNNAMED, False)):
        target = State(Mode.TITLE, headed=True, signed=signed)
        needs = (may, name, Guard.PLACE)
        yield Move(state, target, Step(Role.TITLE, True), needs, clues)
        barred = (*clues, (Clue.NO_BODY, 1.0))
        needs = (may, name, Guard.COLUMN)
        yield Move(state, target, Step(Role.TITLE, True), needs, barred)
    if state.mode is Mode.TITLE:
        after = State(Mode.TITLE, True, state.signed)
        joined = (*_plain(Clue.ABOVE, Clue.BELOW), *_LOOKS, *_JOINED)
        yield Move(state, after, Step(Role.TITLE, False), (Guard.HEAD,), joined)


_JOINED: Clues = (
    (Clue.JOIN, 1.0),
    (Clue.JOIN_PART, 1.0),
    (Clue.JOIN_RUNS_IN, 1.0),
)


def _tails(state: State) -> Iterator[Move]:
    """A short line is the headline of the story above it, or goes on with that headline."""
    after = State(Mode.TAIL, True, state.signed)
    if state.mode is Mode.TEXT and not state.headed:
        clues: Clues = (
            (Clue.TAIL, 1.0),
            (Clue.HABIT, -1.0),
            *_UPWARD,
            *_LOOKS,
            (Clue.DOCUMENT, -1.0),
            (Clue.STORY_BELOW, 1.0),
            (Clue.RUNS_IN, 1.0),
            (Clue.MARK_TAIL, 1.0),
        )
        if not state.signed:
            clues = (*clues, (Clue.UNSIGNED, 1.0))
        yield Move(state, after, Step(Role.TAIL, False), (Guard.HEAD, Guard.WHOLE), clues)
    if state.mode is Mode.TAIL:
        clues = (*_JOINED, *_UPWARD, *_LOOKS)
        yield Move(state, after, Step(Role.TAIL, False), (Guard.HEAD,), clues)


def _insides(state: State) -> Iterator[Move]:
    """A short line stands inside a story: a subhead, or a headline that cuts a sentence in two."""
    if state.mode is Mode.MIDDLE:
        clues = (*_JOINED, *_LOOKS, *_plain(Clue.INSIDE_ABOVE, Clue.INSIDE_BELOW))
        yield Move(state, state, Step(Role.MIDDLE, False), (Guard.HEAD,), clues)
    if state.mode not in (Mode.TEXT, Mode.INSIDE, Mode.MIDDLE):
        return
    clues = (
        *_plain(
            Clue.INSIDE_SPOKEN,
            Clue.INSIDE_TOP_MARK,
            Clue.MARK_TAIL,
            Clue.INSIDE_PARTED,
        ),
        *_LOOKS,
    )
    clues = (*clues, (Clue.INSIDE_CLOSED, 1.0)) if state.closed else clues
    after = State(Mode.INSIDE, state.headed, state.signed, state.closed)
    yield Move(state, after, Step(Role.INSIDE, False), (Guard.HEAD,), clues)
    if state.headed:
        return
    after = State(Mode.MIDDLE, True, state.signed, state.closed)
    clues = (
        *clues,
        *_plain(Clue.RUNS_IN, Clue.INSIDE_HEADLINE, Clue.INSIDE_ABOVE, Clue.INSIDE_BELOW),
    )
    step = Step(Role.MIDDLE, False)
    yield Move(state, after, step, (Guard.HEAD, Guard.AMID), clues)


def _sections(state: State) -> Iterator[Move]:
    """A short line names the column that follows, or the series the story above belongs to."""
    after = State(Mode.SECTION, state.headed, state.signed, closed=True)
    step = Step(Role.SECTION, False)
    yield Move(state, after, step, (Guard.COLUMN,), ((Clue.SECTION, 1.0),))
    if state.mode is not Mode.TITLE:
        named = _plain(Clue.COLUMN_NAME, Clue.ORPHAN, Clue.COLUMN_WORDS, Clue.GAP, *_MARKS)
        named = (*named, *_after(state, headed=True), *_UPWARD)
        column = Step(Role.COLUMN, False)
        yield Move(state, after, column, (Guard.LEADING, Guard.BARE, Guard.PLACE), named)
    if state.mode is Mode.SECTION:
        clues: Clues = ((Clue.JOIN, 1.0), *_UPWARD)
        yield Move(state, after, step, (Guard.DASH, Guard.PLACE), clues)
    elif state.mode is Mode.TEXT and state.headed:
        clues = ((Clue.SERIES, 1.0), *_UPWARD)
        yield Move(state, after, step, (Guard.SERIES, Guard.PLACE), clues)


def _plain(*clues: Clue) -> Clues:
    """These clues, each counted once."""
    return tuple((clue, 1.0) for clue in clues)
