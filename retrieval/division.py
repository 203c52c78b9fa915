"""The division of a page: which block opens an article, and what each block is to it.

Every move from block to block is scored by the signs around it, and the best path through the
whole page is taken (Viterbi, linear in the blocks). A page prints its headlines before their
stories or, where extraction turned it round, after them: each habit is tried on the whole page, and
the one that explains it best is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from retrieval.blocks import Block
from retrieval.clues import WEIGHTS, Clue
from retrieval.readings import Guard, Mode, Move, State, Step, grammar
from retrieval.shapes import TEXTS, Shape
from retrieval.signs import Row, Sign, Table, is_series, read_signs
from retrieval.surroundings import Surroundings

# Headlines before their stories (1) or after them (-1).
HABITS = (1.0, -1.0)
_ORDER = {clue: i for i, clue in enumerate(WEIGHTS)}
MAX_COLUMN_NAME_CHARS = 12
MAX_BLOCKS = 20_000
MAX_MARGIN = 99.0
_BARRED = np.float32(-1e9)
Floats = NDArray[np.float32]
Scores = NDArray[np.float64]  # sums over a page of any length


@dataclass(frozen=True, slots=True)
class Net:
    """The grammar as arrays, its moves in order of the state that they lead to.

    ``clues`` (n_moves, n_clues) says how often each clue counts, ``needs`` (n_moves, n_guards)
    what a block must be; ``first`` are the places where the moves to another state begin.
    """

    moves: tuple[Move, ...]
    states: tuple[State, ...]
    source: NDArray[np.intp]
    target: NDArray[np.intp]
    first: NDArray[np.intp]
    clues: Floats
    needs: Floats
    ending: Floats


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a block, by which evidence, and how sure it is.

    ``margin`` is by how much the division is better than the best one that answers the other way
    whether an article opens here; ``reasons`` are clues with what they gained, the weightiest first.
    """

    step: Step
    margin: float
    reasons: tuple[tuple[Clue, float], ...]


@cache
def net() -> Net:
    """The grammar's net."""
    moves = grammar()
    states = tuple(dict.fromkeys([State(), *(m.target for m in moves)]))
    place = {state: i for i, state in enumerate(states)}
    moves = tuple(sorted(moves, key=lambda m: place[m.target]))
    clues = np.zeros((len(moves), len(WEIGHTS)), np.float32)
    needs = np.zeros((len(moves), len(Guard)), np.float32)
    for i, move in enumerate(moves):
        for clue, times in move.clues:
            clues[i, _ORDER[clue]] += times
        needs[i, list(move.needs)] = 1
    target = np.array([place[m.target] for m in moves])
    first = np.flatnonzero(np.diff(target, prepend=-1))
    source = np.array([place[m.source] for m in moves])
    open_ended = [s.mode in (Mode.TITLE, Mode.NOTHING) for s in states]
    ending = np.where(open_ended, WEIGHTS[Clue.PAGE_END][1], 0).astype(np.float32)
    return Net(moves, states, source, target, first, clues, needs, ending)


def divide(blocks: Sequence[Block]) -> list[Step]:
    """The step of each block, furniture left out beforehand; the best of the habits."""
    return [step for part in _pages(blocks) for step in _divide(part)]


def _divide(blocks: Sequence[Block]) -> list[Step]:
    """The steps of blocks that are one page."""
    page = Surroundings(blocks)
    moves, _ = _best(_gains(page, read_signs(page)))
    return [net().moves[move].step for move in moves]


def _pages(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """The blocks, no more at a time than memory is for: a real page has hundreds."""
    for start in range(0, len(blocks), MAX_BLOCKS):
        yield blocks[start : start + MAX_BLOCKS]


def weigh(blocks: Sequence[Block]) -> list[Decision]:
    """The steps of ``divide`` with the evidence for each, and how sure it is.

    1. the best division; 2. the best with the other answer at each block: its loss is the margin.
    """
    return [decision for part in _pages(blocks) for decision in _weigh(part)]


def _weigh(blocks: Sequence[Block]) -> list[Decision]:
    """The decisions on blocks that are one page."""
    graph = net()
    page = Surroundings(blocks)
    table = read_signs(page)
    gains = _gains(page, table)
    moves, habit = _best(gains)
    before, after = _forward(gains), _backward(gains)
    opens = np.array([move.step.starts for move in graph.moves])
    decisions = []
    for i, chosen in enumerate(moves):
        through = before[i][:, graph.source] + _habits() + gains[i] + after[i + 1][:, graph.target]
        other = through[:, opens != opens[chosen]].max()
        margin = float(min(through[:, opens == opens[chosen]].max() - other, MAX_MARGIN))
        reasons = _reasons(graph.moves[chosen], table[i], habit)
        decisions.append(Decision(graph.moves[chosen].step, margin, reasons))
    return decisions


def _reasons(move: Move, signs: Table, habit: int) -> tuple[tuple[Clue, float], ...]:
    """The clues that spoke for a move or against it, the weightiest first."""
    gains: dict[Clue, float] = {}
    for clue, times in move.clues:
        sign, weight = WEIGHTS[clue]
        gains[clue] = gains.get(clue, 0.0) + float(signs[sign]) * weight * times * (
            HABITS[habit] if clue is Clue.HABIT else 1
        )
    spoken = [(clue, gain) for clue, gain in gains.items() if abs(gain) >= 0.05]
    return tuple(sorted(spoken, key=lambda item: -abs(item[1])))


def _best(gains: Floats) -> tuple[list[int], int]:
    """The moves of the best division, and the habit that it goes by."""
    scores = _forward(gains)
    ends = scores[-1] + net().ending
    habit = int(ends.max(axis=1).argmax())
    moves = _walk_back(gains + _habits()[habit], scores[:, habit], int(ends[habit].argmax()))
    return moves, habit


def _gains(page: Surroundings, table: Table) -> Floats:
    """What each move gains at each block, the page's habit aside: ``(n_blocks, n_moves)``."""
    graph = net()
    weights = np.array([weight for _, weight in WEIGHTS.values()], np.float32)
    weights[_ORDER[Clue.HABIT]] = 0
    gains = table[:, [sign for sign, _ in WEIGHTS.values()]] @ (weights * graph.clues).T
    gains[closed_moves(page, table)] = _BARRED
    return gains


def closed_moves(page: Surroundings, table: Table) -> NDArray[np.bool_]:
    """Which moves are not open to each block: ``(n_blocks, n_moves)``."""
    needs = net().needs
    closed: NDArray[np.bool_] = _guards(page, table) @ needs.T < needs.sum(axis=1) - 0.5
    return closed


def _habits() -> Floats:
    """What each habit adds to each move: ``(n_habits, n_moves)``."""
    return np.outer(HABITS, net().clues[:, _ORDER[Clue.HABIT]] * WEIGHTS[Clue.HABIT][1])


def _guards(page: Surroundings, table: Table) -> Floats:
    """What each block is: ``(n_blocks, n_guards)``, 1 or 0."""
    rows: list[Row] = []
    for i, (block, signs) in enumerate(zip(page.blocks, table.tolist(), strict=True)):
        row: Row = [0.0] * len(Guard)
        rows.append(row)
        row[Guard.SHORT] = _may_be_aside(page, i, signs)
        if block.shape in TEXTS:
            row[_paragraph(block)] = 1
            row[Guard.FREE] = block.opens or block.gap > 0 or not block.glued
        if block.shape is Shape.BYLINE:
            row[Guard.NAMES] = 1
        elif block.shape is not Shape.TEXT:
            _guard_head(page, i, signs, row)
    return np.array(rows, np.float32)


def _may_be_aside(page: Surroundings, index: int, signs: Row) -> bool:
    """Whether a block may be no part of an article."""
    block = page.blocks[index]
    if index + 1 < len(page.blocks) and page.blocks[index + 1].glued:
        return False
    if block.shape is Shape.BYLINE or block.opens or block.goes_on:
        return False
    return bool(signs[Sign.SCRAP] or (signs[Sign.FOLIO] > 0 and not block.glued))


def _paragraph(block: Block) -> Guard:
    """Which kind of paragraph a block is."""
    if block.closing:
        return Guard.CLOSING
    if block.goes_on:
        return Guard.TURNED
    return Guard.SIGNED if block.opening else Guard.PLAIN


def _guard_head(page: Surroundings, index: int, signs: Row, row: Row) -> None:
    """What a short line is."""
    row[Guard.HEAD] = 1
    row[Guard.DASH if signs[Sign.DASH] else Guard.BARE] = 1
    row[Guard.NAMED if signs[Sign.DOCUMENT] else Guard.UNNAMED] = 1
    row[Guard.LEADING] = _leads(page, index)
    row[Guard.WHOLE] = not signs[Sign.NUMBERED]
    row[Guard.AMID] = not signs[Sign.STORY_BELOW]
    row[Guard.COLUMN if signs[Sign.COLUMN] else Guard.PLACE] = 1
    row[Guard.SERIES] = is_series(page.blocks[index + 1 : index + 3])


def _leads(page: Surroundings, index: int) -> bool:
    """Whether a line may be a column's name: short, and a headline follows."""
    short = len(page.blocks[index].clean.text) <= MAX_COLUMN_NAME_CHARS
    below = page.blocks[index + 1 : index + 2]
    return short and bool(below) and below[0].shape in (Shape.HEAD, Shape.LOOSE)


def _forward(gains: Floats) -> Scores:
    """The best score of each state before each block and at the end.

    ``(n_blocks + 1, n_habits, n_states)``
    """
    graph = net()
    habits = _habits()
    scores = np.full((len(gains) + 1, len(habits), len(graph.states)), _BARRED, np.float64)
    scores[0, :, 0] = 0
    reached = graph.target[graph.first]
    for i, gain in enumerate(gains):
        paths = scores[i][:, graph.source] + (habits + gain)
        scores[i + 1][:, reached] = np.maximum.reduceat(paths, graph.first, axis=1)
    return scores


def _backward(gains: Floats) -> Scores:
    """The best score from each state after each block to the end of the page.

    ``(n_blocks + 1, n_habits, n_states)``
    """
    graph = net()
    habits = _habits()
    scores = np.full((len(gains) + 1, len(habits), len(graph.states)), _BARRED, np.float64)
    scores[-1] = graph.ending
    for i in range(len(gains) - 1, -1, -1):
        paths = scores[i + 1][:, graph.target] + (habits + gains[i])
        for habit, row in enumerate(scores[i]):
            np.maximum.at(row, graph.source, paths[habit])
    return scores


def _walk_back(gains: Floats, scores: Scores, state: int) -> list[int]:
    """The moves that led to a state, first to last."""
    graph = net()
    ends = [*graph.first[1:], len(graph.moves)]
    span = dict(
        zip(graph.target[graph.first].tolist(), zip(graph.first, ends, strict=True), strict=True)
    )
    moves: list[int] = []
    for i in range(len(gains) - 1, -1, -1):
        start, end = span[state]
        paths = scores[i][graph.source[start:end]] + gains[i, start:end]
        moves.append(start + int(paths.argmax()))
        state = int(graph.source[moves[-1]])
    return moves[::-1]
