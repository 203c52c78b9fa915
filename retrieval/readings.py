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
    INSIDE = "inside"  # a subhead, or the headline printed inside the story
    SECTION = "section"  # a column's or a series' name
    BYLINE = "byline"
    BODY = "body"


class Mode(IntEnum):
    """What was read last."""

    NOTHING = 0
    TITLE = 1
    TEXT = 2
    TAIL = 3
    INSIDE = 4
    SECTION = 5


class Guard(IntEnum):
    """What a block must be for a move to be open to it."""

    PLAIN = 0  # a paragraph without a byline
    SIGNED = auto()  # a paragraph with a byline at its beginning alone
    CLOSING = auto()  # a paragraph with a byline at its end
    NAMES = auto()  # a line of names
    HEAD = auto()  # a short line
    BARE = auto()  # a short line that no dash leads in
    DASH = auto()  # one that a dash does
    NAMED = auto()  # the name of a document, which bears no byline
    UNNAMED = auto()  # any other
    WHOLE = auto()  # not a numbered part of something
    BROKEN = auto()  # the sentence above runs on below
    COLUMN = auto()  # a heading over deeper headings
    PLACE = auto()  # no such heading
    SERIES = auto()  # a name with a dash below it and no story


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
    CLOSER_BELOW = auto()
    DASH_BELOW = auto()
    NO_OPENER_BELOW = auto()
    NO_SIGN_BELOW = auto()
    SHORT_BELOW = auto()
    NOTHING_BELOW = auto()
    PREVIOUS_CLOSED = auto()
    PREVIOUS_SIGNED = auto()
    UNSIGNED = auto()
    UNFINISHED = auto()
    GAP = auto()
    PHOTO = auto()
    COHESION = auto()
    RECURRENCE = auto()
    HABIT_HEADS = auto()
    HABIT_NAMES = auto()
    TOP_MARK = auto()
    LOW_MARK = auto()
    NO_MARK = auto()
    DOCUMENT = auto()
    ATTACHED = auto()
    NUMBERED = auto()
    NO_BODY = auto()
    JOIN = auto()
    JOIN_DASH = auto()
    JOIN_AFTER_DASH = auto()
    JOIN_PART = auto()
    TAIL = auto()
    STORY_BELOW = auto()
    INSIDE_CLOSED = auto()
    INSIDE_SPOKEN = auto()
    INSIDE_BROKEN = auto()
    INSIDE_TOP_MARK = auto()
    SECTION = auto()
    SERIES = auto()
    AFTER_TAIL = auto()
    NAMES_AFTER_TAIL = auto()
    SIGNED_TWICE = auto()
    RESUMED = auto()
    PAGE_END = auto()


# The sign each clue reads, its weight, and why.
WEIGHTS: dict[Clue, tuple[Sign, float]] = {
    Clue.ARTICLE: (Sign.ONE, -1.0),  # each article must be worth its while
    Clue.HEADLESS: (Sign.ONE, -1.5),  # a story without a headline of its own
    Clue.OPENER: (Sign.OPENER, 3.0),  # 本报讯 opens a story
    Clue.OPENER_INSIDE: (Sign.OPENER, -3.0),  # and seldom stands within one
    Clue.BYLINE_BELOW: (Sign.BYLINE_BELOW, 2.0),  # a headline, then who wrote it
    Clue.OPENER_BELOW: (Sign.OPENER_BELOW, 3.0),
    Clue.CLOSER_BELOW: (Sign.CLOSER_BELOW, 1.0),
    Clue.DASH_BELOW: (Sign.DASH_BELOW, 1.5),
    Clue.NO_OPENER_BELOW: (Sign.NO_OPENER_BELOW, -1.0),
    Clue.NO_SIGN_BELOW: (Sign.NO_SIGN_BELOW, -1.5),  # rather a subhead
    Clue.SHORT_BELOW: (Sign.SHORT_BELOW, -2.0),
    Clue.NOTHING_BELOW: (Sign.NOTHING_BELOW, -4.0),
    Clue.PREVIOUS_CLOSED: (Sign.ONE, 1.5),  # the story above has ended
    Clue.PREVIOUS_SIGNED: (Sign.ONE, 0.5),  # its author is known
    Clue.UNSIGNED: (Sign.SIGNED_PAGE, -2.0),  # on a page that signs its stories, the last is not
    Clue.UNFINISHED: (Sign.UNFINISHED, -2.0),  # nobody stops in mid-sentence
    Clue.GAP: (Sign.GAP, 0.5),
    Clue.PHOTO: (Sign.PHOTO, 3.0),  # a caption stands alone
    Clue.COHESION: (Sign.COHESION, -3.0),
    Clue.RECURRENCE: (Sign.RECURRENCE, 3.0),
    Clue.HABIT_HEADS: (Sign.HABIT_HEADS, 0.7),
    Clue.HABIT_NAMES: (Sign.HABIT_NAMES, 1.3),
    Clue.TOP_MARK: (Sign.TOP_MARK, 2.0),
    Clue.LOW_MARK: (Sign.LOW_MARK, -0.5),
    Clue.NO_MARK: (Sign.NO_MARK, -1.5),
    Clue.DOCUMENT: (Sign.DOCUMENT, 3.0),
    Clue.ATTACHED: (Sign.ATTACHED, -3.0),
    Clue.NUMBERED: (Sign.NUMBERED, -5.0),
    Clue.NO_BODY: (Sign.ONE, -4.0),  # a headline with nothing below it
    Clue.JOIN: (Sign.ONE, 0.7),  # headline lines stand together
    Clue.JOIN_DASH: (Sign.DASH, 0.3),  # the more so a subtitle
    Clue.JOIN_AFTER_DASH: (Sign.AFTER_DASH, -3.0),  # which is the last of them
    Clue.JOIN_PART: (Sign.NUMBERED, -2.0),
    Clue.TAIL: (Sign.ONE, 0.5),  # a headline below its story
    Clue.STORY_BELOW: (Sign.STORY_BELOW, 1.0),
    Clue.INSIDE_CLOSED: (Sign.ONE, -2.0),  # nothing stands inside a story that has ended
    Clue.INSIDE_SPOKEN: (Sign.SPOKEN_FOR, -3.0),
    Clue.INSIDE_BROKEN: (Sign.ONE, 2.0),  # the sentence runs on below it
    Clue.INSIDE_TOP_MARK: (Sign.TOP_MARK, -2.0),  # nor is marked like a headline
    Clue.SECTION: (Sign.ONE, 3.0),
    Clue.SERIES: (Sign.ONE, -1.0),
    Clue.AFTER_TAIL: (Sign.ONE, -2.5),  # a headline below its story ends it
    Clue.NAMES_AFTER_TAIL: (Sign.ONE, -1.0),  # and so its byline stands above
    Clue.SIGNED_TWICE: (Sign.ONE, -1.0),  # one story has one byline
    Clue.RESUMED: (Sign.ONE, -1.5),  # text after a byline that closed the story
    Clue.PAGE_END: (Sign.ONE, -4.0),
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


_PARAGRAPHS = (
    (Guard.PLAIN, False, False),
    (Guard.SIGNED, True, False),
    (Guard.CLOSING, True, True),
)


def _texts(state: State) -> Iterator[Move]:
    """A paragraph goes on with its article, or opens one without a headline."""
    mode = state.mode
    for guard, signed, closes in _PARAGRAPHS:
        if mode is not Mode.NOTHING:
            clues = [(Clue.AFTER_TAIL, 1.0)] if mode is Mode.TAIL else []
            if mode is not Mode.TITLE:
                clues.append((Clue.OPENER_INSIDE, 1.0))
            if state.closed:
                clues.append((Clue.RESUMED, 1.0))
            if closes and state.signed and mode is not Mode.TITLE:
                clues.append((Clue.SIGNED_TWICE, 1.0))
            after = State(Mode.TEXT, state.headed, state.signed or signed, closes)
            yield Move(state, after, Step(Role.BODY, False), (guard,), tuple(clues))
        if mode is not Mode.TITLE:
            fresh = _plain(Clue.ARTICLE, Clue.HEADLESS, Clue.OPENER, Clue.GAP, Clue.PHOTO)
            fresh = (*fresh, (Clue.UNFINISHED, 1.0), *_after(state, headed=False))
            target = State(Mode.TEXT, False, signed, closes)
            yield Move(state, target, Step(Role.BODY, True), (guard,), fresh)


def _after(state: State, *, headed: bool) -> Clues:
    """The clues that the article above has ended, or has not."""
    ended = state.closed or state.mode is Mode.TAIL or (headed and state.mode is Mode.NOTHING)
    if ended:
        return ((Clue.PREVIOUS_CLOSED, 1.0),)
    if state.signed:
        return ((Clue.PREVIOUS_SIGNED, 1.0),) if headed else ()
    return () if state.mode is Mode.NOTHING else ((Clue.UNSIGNED, 1.0),)


def _names(state: State) -> Iterator[Move]:
    """A line of names signs the open article, or opens one whose headline is elsewhere."""
    front = state.mode is Mode.TITLE
    if state.mode is not Mode.NOTHING:
        clues = [(Clue.HABIT_NAMES, 1.0 if front else -1.0)]
        if state.mode is Mode.TAIL:
            clues.append((Clue.NAMES_AFTER_TAIL, 1.0))
        if state.signed and not front:
            clues.append((Clue.SIGNED_TWICE, 1.0))
        mode = Mode.TITLE if front else Mode.TEXT
        after = State(mode, state.headed, signed=True, closed=not front)
        yield Move(state, after, Step(Role.BYLINE, False), (Guard.NAMES,), tuple(clues))
    if not front:
        fresh = _plain(Clue.ARTICLE, Clue.HEADLESS, Clue.HABIT_NAMES)
        if state.closed or state.mode is Mode.TAIL:
            fresh = (*fresh, (Clue.PREVIOUS_CLOSED, 1.0))
        target = State(Mode.TITLE, False, signed=True)
        yield Move(state, target, Step(Role.BYLINE, True), (Guard.NAMES,), fresh)


_BELOW = (
    Clue.BYLINE_BELOW, Clue.OPENER_BELOW, Clue.CLOSER_BELOW, Clue.DASH_BELOW, Clue.NO_OPENER_BELOW,
    Clue.NO_SIGN_BELOW, Clue.SHORT_BELOW, Clue.NOTHING_BELOW,
)  # fmt: skip
_MARKS = (Clue.TOP_MARK, Clue.LOW_MARK, Clue.NO_MARK)
_WORDING = (Clue.DOCUMENT, Clue.ATTACHED)


def _titles(state: State) -> Iterator[Move]:
    """A short line opens an article, or joins the headline line above it."""
    clues = _plain(Clue.ARTICLE, Clue.HABIT_HEADS, Clue.RECURRENCE, Clue.COHESION, Clue.UNFINISHED)
    clues = (*clues, *_plain(Clue.GAP, Clue.NUMBERED, *_BELOW, *_MARKS, *_WORDING))
    if state.mode is Mode.TITLE:
        clues = (*clues, (Clue.NO_BODY, 1.0))
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
        joined = (*_plain(Clue.RECURRENCE), *_JOINED)
        yield Move(state, after, Step(Role.TITLE, False), (Guard.HEAD,), joined)


_JOINED: Clues = (
    (Clue.JOIN, 1.0),
    (Clue.JOIN_DASH, 1.0),
    (Clue.JOIN_AFTER_DASH, 1.0),
    (Clue.JOIN_PART, 1.0),
)


def _tails(state: State) -> Iterator[Move]:
    """A short line is the headline of the story above it, or goes on with that headline."""
    after = State(Mode.TAIL, True, state.signed)
    if state.mode is Mode.TEXT and not state.headed:
        clues: Clues = (
            (Clue.TAIL, 1.0),
            (Clue.HABIT_HEADS, -1.0),
            (Clue.RECURRENCE, -1.0),
            (Clue.DOCUMENT, -1.0),
            (Clue.STORY_BELOW, 1.0),
        )
        if not state.signed:
            clues = (*clues, (Clue.UNSIGNED, 1.0))
        yield Move(state, after, Step(Role.TAIL, False), (Guard.HEAD, Guard.WHOLE), clues)
    if state.mode is Mode.TAIL:
        clues = (*_JOINED, (Clue.RECURRENCE, -1.0))
        yield Move(state, after, Step(Role.TAIL, False), (Guard.HEAD,), clues)


def _insides(state: State) -> Iterator[Move]:
    """A short line stands inside a story: a subhead, or a headline that cuts a sentence in two."""
    if state.mode not in (Mode.TEXT, Mode.INSIDE):
        return
    clues = _plain(Clue.INSIDE_SPOKEN, Clue.INSIDE_TOP_MARK)
    clues = (*clues, (Clue.INSIDE_CLOSED, 1.0)) if state.closed else clues
    after = State(Mode.INSIDE, state.headed, state.signed, state.closed)
    yield Move(state, after, Step(Role.INSIDE, False), (Guard.HEAD,), clues)
    after = State(Mode.INSIDE, True, state.signed, state.closed)
    clues = (*clues, (Clue.INSIDE_BROKEN, 1.0))
    yield Move(state, after, Step(Role.INSIDE, False), (Guard.HEAD, Guard.BROKEN), clues)


def _sections(state: State) -> Iterator[Move]:
    """A short line names the column that follows, or the series the story above belongs to."""
    after = State(Mode.SECTION, state.headed, state.signed, closed=True)
    step = Step(Role.SECTION, False)
    yield Move(state, after, step, (Guard.COLUMN,), ((Clue.SECTION, 1.0),))
    if state.mode is Mode.SECTION:
        clues: Clues = ((Clue.JOIN, 1.0), (Clue.JOIN_DASH, 1.0), (Clue.RECURRENCE, -1.0))
        yield Move(state, after, step, (Guard.DASH, Guard.PLACE), clues)
    elif state.mode is Mode.TEXT and state.headed:
        clues = ((Clue.SERIES, 1.0), (Clue.RECURRENCE, -1.0))
        yield Move(state, after, step, (Guard.SERIES, Guard.PLACE), clues)


def _plain(*clues: Clue) -> Clues:
    """These clues, each counted once."""
    return tuple((clue, 1.0) for clue in clues)
