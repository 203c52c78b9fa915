"""The division of a page: which block opens an article, and what each block is to it.

Every step from block to block is scored by the signs around it, and the best path through the
whole page is taken (Viterbi over a handful of states, linear in the blocks). A page prints its
headlines and bylines before their stories or, where extraction turned it round, after them: each
habit is tried on the whole page, and the one that explains it best is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval.blocks import Block, Shape
from retrieval.recurrence import Surroundings
from retrieval.signs import (
    Mode,
    State,
    W,
    by_wording,
    ends_below,
    fresh_head,
    fresh_text,
    inside,
    is_document,
    joined,
)


class Role(StrEnum):
    """What a block is to its article."""

    TITLE = "title"  # a headline line before the story
    TAIL = "tail"  # a headline line after the story
    INSIDE = "inside"  # a subhead, or the headline printed inside the story
    SECTION = "section"  # a column's or a series' name
    BYLINE = "byline"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Habit:
    """Where a page prints its headlines and its bylines: before or after the story."""

    heads_first: bool = True
    names_first: bool = True


HABITS = tuple(Habit(heads, names) for heads in (True, False) for names in (True, False))


@dataclass(frozen=True, slots=True)
class Step:
    """One block's place in the division."""

    role: Role
    starts: bool


def divide(blocks: Sequence[Block]) -> list[Step]:
    """The step of each block, furniture left out beforehand; the best of the habits."""
    page = Surroundings(blocks)
    runs = [_best_path(page, habit) for habit in HABITS]
    return max(runs, key=lambda run: run[0])[1]


def _best_path(page: Surroundings, habit: Habit) -> tuple[float, list[Step]]:
    """The score and steps of the best division for one habit."""
    paths: dict[State, float] = {State(): 0.0}
    trail: list[dict[State, tuple[State, Step]]] = []
    for index in range(len(page.blocks)):
        reached: dict[State, float] = {}
        came: dict[State, tuple[State, Step]] = {}
        for state, score in paths.items():
            for step, after, gain in _moves(page, index, state, habit):
                if after not in reached or score + gain > reached[after]:
                    reached[after] = score + gain
                    came[after] = (state, step)
        paths = reached
        trail.append(came)
    if not trail:
        return 0.0, []
    last = max(paths, key=lambda s: paths[s] + _ending(s))
    return paths[last] + _ending(last), _walk_back(trail, last)


def _ending(state: State) -> float:
    """What it costs to stop in this state."""
    return W.no_body if state.mode in (Mode.TITLE, Mode.NOTHING) else 0.0


def _walk_back(trail: Sequence[dict[State, tuple[State, Step]]], state: State) -> list[Step]:
    """The steps that led to a state, first to last."""
    steps: list[Step] = []
    for came in reversed(trail):
        state, step = came[state]
        steps.append(step)
    return steps[::-1]


Move = tuple[Step, State, float]


def _moves(page: Surroundings, index: int, state: State, habit: Habit) -> Iterator[Move]:
    """What the block at ``index`` may be, the state after it, and the evidence for it."""
    shape = page.blocks[index].shape
    if shape is Shape.TEXT:
        yield from _text_moves(page, index, state)
    elif shape is Shape.BYLINE:
        yield from _byline_moves(page, index, state, habit)
    else:
        yield from _head_moves(page, index, state, habit)


def _text_moves(page: Surroundings, index: int, state: State) -> Iterator[Move]:
    """A paragraph goes on with its article, or opens one without a headline."""
    block = page.blocks[index]
    closes = block.closing is not None or block.goes_on
    signed = bool(block.opening or block.closing)
    if state.mode is not Mode.NOTHING:
        gain = W.after_tail if state.mode is Mode.TAIL else 0.0
        if block.opens and state.mode is not Mode.TITLE:
            gain += W.opener_inside
        if state.closed:
            gain += W.resumed
        if block.closing and state.signed and state.mode is not Mode.TITLE:
            gain += W.signed_twice
        after = State(Mode.TEXT, state.headed, state.signed or signed, closes)
        yield Step(Role.BODY, starts=False), after, gain
    if state.mode is not Mode.TITLE:
        gain = W.article + W.headless + fresh_text(page, index, state)
        yield Step(Role.BODY, starts=True), State(Mode.TEXT, False, signed, closes), gain


def _byline_moves(page: Surroundings, index: int, state: State, habit: Habit) -> Iterator[Move]:
    """A line of names signs the open article, or opens one whose headline is elsewhere."""
    front = state.mode is Mode.TITLE
    first = W.names_habit if habit.names_first else -W.names_habit
    if state.mode is not Mode.NOTHING:
        gain = first if front else -first
        gain += W.byline_after_tail if state.mode is Mode.TAIL else 0.0
        gain += W.signed_twice if state.signed and not front else 0.0
        mode = Mode.TITLE if front else Mode.TEXT
        after = State(mode, state.headed, signed=True, closed=not front)
        yield Step(Role.BYLINE, starts=False), after, gain
    if not front:
        gain = W.article + W.headless + first
        if state.closed or state.mode is Mode.TAIL:
            gain += W.previous_closed
        yield Step(Role.BYLINE, starts=True), State(Mode.TITLE, False, signed=True), gain


def _head_moves(page: Surroundings, index: int, state: State, habit: Habit) -> Iterator[Move]:
    """A short line opens an article, joins a headline, closes a story, or stands inside one."""
    pull = W.recurrence * page.pull[index]
    before = W.habit if habit.heads_first else -W.habit
    dash = page.blocks[index].shape is Shape.DASH
    document = is_document(page.blocks[index])
    if not dash or state.mode is Mode.NOTHING:
        gain = fresh_head(page, index, state) + pull + before
        yield Step(Role.TITLE, starts=True), State(Mode.TITLE, headed=True, signed=document), gain
    if state.mode is Mode.TITLE:
        yield (
            Step(Role.TITLE, starts=False),
            State(Mode.TITLE, True, state.signed),
            pull + joined(page, index),
        )
    if state.mode is Mode.TEXT and not state.headed and not page.blocks[index].numbered:
        gain = W.tail - pull - before - max(0.0, by_wording(page.blocks[index]))
        gain += ends_below(page, index, state)
        gain += W.unsigned if page.signed and not state.signed else 0.0
        yield Step(Role.TAIL, starts=False), State(Mode.TAIL, True, state.signed, False), gain
    if state.mode is Mode.TAIL:
        gain = joined(page, index) - pull
        yield Step(Role.TAIL, starts=False), State(Mode.TAIL, True, state.signed, False), gain
    if state.mode in (Mode.TEXT, Mode.INSIDE):
        gain = inside(page, index, state)
        after = State(Mode.INSIDE, state.headed or gain > 1, state.signed, state.closed)
        yield Step(Role.INSIDE, starts=False), after, gain
    yield from _section_moves(page, index, state, pull)


def _section_moves(page: Surroundings, index: int, state: State, pull: float) -> Iterator[Move]:
    """A short line names the column that follows, or the series the story above belongs to."""
    blocks, block = page.blocks, page.blocks[index]
    if index in page.columns:
        closed = State(Mode.SECTION, state.headed, state.signed, closed=True)
        yield Step(Role.SECTION, starts=False), closed, W.section_mark
    elif state.mode is Mode.SECTION and block.shape is Shape.DASH:
        after = State(Mode.SECTION, state.headed, state.signed, closed=True)
        yield Step(Role.SECTION, starts=False), after, W.join_dash - pull
    elif state.mode is Mode.TEXT and state.headed and _is_series(blocks[index + 1 : index + 3]):
        after = State(Mode.SECTION, state.headed, state.signed, closed=True)
        yield Step(Role.SECTION, starts=False), after, W.series - pull


def _is_series(below: Sequence[Block]) -> bool:
    """Whether a dash, and then another headline or nothing, follows: no story of its own."""
    if not below or below[0].shape is not Shape.DASH:
        return False
    return len(below) == 1 or below[1].shape is Shape.HEAD
