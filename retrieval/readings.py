"""Readings: every way in which a block may be read after what was read before it.

A grammar of newspaper pages: states (the article that is open), moves from state to state, and for
each move the clues that speak for it or against it. A clue is a sign of the page in one context,
with its weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum, auto

from retrieval.clues import Clue


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
