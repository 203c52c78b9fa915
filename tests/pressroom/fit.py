"""``python -m tests.pressroom.fit``: fits the weights of the division's clues on pages of known stories.

A structured perceptron with a margin (Collins 2002, Taskar et al. 2003): on each page the best
division that agrees with the truth should beat every other by the number of its mistakes. Weights
begin with those in force, keep to the side that the clue speaks for, are averaged, and are pulled
back to where they began, since made pages are not the world.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

import click
import numpy as np
from numpy.typing import NDArray

from retrieval import clues, division
from retrieval.blocks import Block, read_blocks
from retrieval.clues import WEIGHTS, Clue
from retrieval.readings import Role
from retrieval.settings import Settings
from retrieval.shapes import Shape
from retrieval.signs import read_signs
from retrieval.surroundings import Surroundings

from .make import make_page
from .records import Truth, filled
from .stories import invented, of_corpus

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NET = division.net()
CLUES = list(WEIGHTS)
START = np.array([WEIGHTS[clue][1] for clue in CLUES])
HABIT = CLUES.index(Clue.HABIT)
# What a clue speaks for or against; the rest may take either side.
FOR = """OPENER BYLINE_BELOW OPENER_BELOW PREVIOUS_CLOSED GAP GAP_TEXT PHOTO PARTED PARTED_TEXT BELOW
HABIT TOP_MARK DOCUMENT JOIN STORY_BELOW SECTION ORPHAN COLUMN_WORDS
NOTICE_ABOVE SHORTFALL JOIN_RUNS_IN SCRAP FOLIO MARK MARK_BELOW PLAIN_ABOVE INSIDE_ABOVE
INSIDE_BELOW""".split()  # noqa: SIM905 -- reads better
AGAINST = """OPENER_INSIDE NO_OPENER_BELOW NO_SIGN_BELOW SHORT_BELOW NOTHING_BELOW UNSIGNED ABOVE
LOOSE SMALL_WORDS NO_MARK ATTACHED NUMBERED NO_BODY JOIN_PART INSIDE_CLOSED INSIDE_SPOKEN
INSIDE_TOP_MARK AFTER_TAIL AFTER_INSIDE NAMES_AFTER_TAIL SIGNED_TWICE RESUMED NO_GAP SIBLING COMMA RUNS_IN
RUNS_OUT LIST CAPTION_INSIDE MARK_INSIDE MARK_TAIL HEADLESS_ABOVE INSIDE_PARTED ARTICLE
HEADLESS""".split()  # noqa: SIM905 -- reads better
LOW = np.array([0.0 if clue.name in FOR else -9.0 for clue in CLUES])
HIGH = np.array([0.0 if clue.name in AGAINST else 9.0 for clue in CLUES])
# Rules without exception that made pages say too little of.
FIXED = [
    CLUES.index(clue)
    for clue in (Clue.PAGE_END, Clue.CAPTION_INSIDE, Clue.MARK, Clue.MARK_INSIDE, Clue.MARK_TAIL)
]
MAX_STEP = 0.3  # no page moves a weight further
_BARRED = -1e6
_DISAGREES = 50.0  # what a mistake costs where the truth is sought
# How wrong a mistake is: an article that opens or not, a headline that is none, a text that is one.
_OPENS, _HEAD, _TEXT = 1.0, 0.5, 0.3
_IS_HEAD = np.array([m.step.role in (Role.TITLE, Role.TAIL, Role.MIDDLE) for m in NET.moves])
_IS_EDGE = np.array([m.step.role in (Role.TITLE, Role.TAIL) for m in NET.moves])
_STARTS = np.array([m.step.starts for m in NET.moves])
_INTO = [np.flatnonzero(NET.target == s) for s in range(len(NET.states))]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A page: signs by clue (n_blocks, n_clues), moves closed and how wrong (n_blocks, n_moves)."""

    signs: Floats
    closed: Flags
    wrong: Floats


@dataclass(frozen=True, slots=True)
class Path:
    """A division: how often each clue spoke (n_clues,), and how wrong it is."""

    clues: Floats
    wrong: float


def lesson(text: str, stories: Sequence[Truth]) -> Lesson:
    """What a page teaches."""
    found = read_blocks(text, Settings())
    blocks = [b for b in found if b.shape is not Shape.FURNITURE]
    page = Surroundings(blocks)
    table = read_signs(page)
    closed = division.closed_moves(page, table)
    signs = table[:, [WEIGHTS[clue][0] for clue in CLUES]].astype(float)
    return Lesson(signs, closed, _wrongs(text, blocks, stories))


def _wrongs(text: str, blocks: Sequence[Block], stories: Sequence[Truth]) -> Floats:
    """How wrong each move is at each block; nothing is, where no story is printed."""
    owner = {i: n for n, story in enumerate(stories) for i in filled(text, story.spans)}
    titles = [{_bare(t) for t in (s.title, *s.other_titles) if t} for s in stories]
    wrong = np.zeros((len(blocks), len(NET.moves)))
    last: int | None = None
    for i, block in enumerate(blocks):
        held = [owner[c] for c in range(*block.span) if c in owner]
        if not held:
            continue
        story = max(set(held), key=held.count)
        wrong[i] += _OPENS * ((story != last) != _STARTS)
        last = story
        bare = _bare(block.clean.text)
        if len(bare) >= 2 and any(bare in title for title in titles[story]):
            wrong[i] += _HEAD * ~_IS_HEAD * (block.shape is not Shape.TEXT)
        elif block.shape is Shape.LOOSE:
            wrong[i] += _HEAD * _IS_HEAD
        elif block.shape is not Shape.DASH:
            wrong[i] += _TEXT * _IS_EDGE
    return wrong


def _bare(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s+", "", text)


def best(page: Lesson, weights: Floats, extra: Floats) -> Path:
    """The best division of a page with ``extra`` added to its moves."""
    plain = weights.copy()
    plain[HABIT] = 0
    gains = page.signs @ (plain * NET.clues).T + extra
    gains[page.closed] = _BARRED
    habits = np.outer(division.HABITS, NET.clues[:, HABIT] * weights[HABIT])
    scores = np.full((len(gains) + 1, len(habits), len(NET.states)), -1e9)
    scores[0, :, 0] = 0
    for i, gain in enumerate(gains):
        paths = scores[i][:, NET.source] + habits + gain
        scores[i + 1][:, NET.target[NET.first]] = np.maximum.reduceat(paths, NET.first, axis=1)
    ends = scores[-1] + NET.ending
    habit = int(ends.max(axis=1).argmax())
    side = np.ones(len(CLUES))
    side[HABIT] = division.HABITS[habit]
    state, clues, wrong = int(ends[habit].argmax()), np.zeros(len(CLUES)), 0.0
    for i in range(len(gains) - 1, -1, -1):
        moves = _INTO[state]
        paths = scores[i][habit][NET.source[moves]] + gains[i, moves] + habits[habit, moves]
        move = moves[int(paths.argmax())]
        clues += NET.clues[move] * page.signs[i] * side
        wrong += page.wrong[i, move]
        state = int(NET.source[move])
    return Path(clues, wrong)


def fit(lessons: Sequence[Lesson], *, rounds: int, rate: float, pull: float) -> Floats:
    """The weights, averaged over all steps."""
    weights, total = np.clip(START, LOW, HIGH), np.zeros(len(START))
    rng = random.Random(0)
    order = list(range(len(lessons)))
    for turn in range(rounds):
        rng.shuffle(order)
        eta, loss = rate / (1 + turn / 3), 0.0
        for k in order:
            page = lessons[k]
            gold = best(page, weights, -_DISAGREES * page.wrong)
            found = best(page, weights, page.wrong)
            loss += max(0.0, found.wrong - gold.wrong)
            step = np.clip(eta * (gold.clues - found.clues), -MAX_STEP, MAX_STEP)
            step -= pull * eta * (weights - START)
            step[FIXED] = 0
            weights = np.clip(weights + step, LOW, HIGH)
            total += weights
        click.echo(f"round {turn + 1}: {loss / len(order):.3f} mistakes a page", err=True)
    averaged: Floats = total / (rounds * len(lessons))
    return averaged


def known_pages(folder: FilePath, truth: FilePath) -> Iterator[tuple[str, list[Truth]]]:
    """The pages of a folder and their stories, from a file in the form of ``--write``."""
    rows = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    for name in sorted({row["file"] for row in rows}):
        text = (folder / name).read_bytes().decode("utf-8-sig")
        starts = [0]
        for line in text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        yield text, [_truth(row, starts) for row in rows if row["file"] == name]


def _truth(row: dict[str, object], starts: Sequence[int]) -> Truth:
    """A story that is told by its lines."""
    first, last = row["lines"]  # type: ignore[misc]
    left_out = set(row["exclude"])  # type: ignore[call-overload]
    lines = [n for n in range(first, last + 1) if n not in left_out and n < len(starts)]
    spans = tuple((starts[n - 1], starts[n]) for n in lines)
    return Truth(spans, row["title"], tuple(row["alt_titles"]), tuple(row["byline"]), row["kind"])  # type: ignore[arg-type]


def write(weights: Floats) -> None:
    """Put the weights into ``retrieval/clues.py``."""
    path = FilePath(clues.__file__)
    code = path.read_text(encoding="utf-8")
    for clue, weight in zip(CLUES, weights, strict=True):
        place = rf"(    Clue\.{clue.name}: \(Sign\.\w+, )[-\d.]+(\))"
        code = re.sub(place, rf"\g<1>{weight:.2f}\2", code)
    path.write_text(code, encoding="utf-8")


@click.command()
@click.option("--seeds", default="0:200", show_default=True, help="Made pages to learn from.")
@click.option("--corpus", type=click.Path(path_type=FilePath), help="Their stories, too.")
@click.option(
    "--pages",
    type=(click.Path(path_type=FilePath), click.Path(path_type=FilePath), int),
    multiple=True,
    help="A folder of pages, the file of their stories, and how often each counts.",
)
@click.option("--rounds", default=8, show_default=True)
@click.option("--rate", default=0.05, show_default=True)
@click.option("--pull", default=0.002, show_default=True)
@click.option("--write", "wanted", is_flag=True, help="Put the weights into the code.")
def main(
    seeds: str,
    corpus: FilePath | None,
    pages: Sequence[tuple[FilePath, FilePath, int]],
    rounds: int,
    rate: float,
    pull: float,
    wanted: bool,
) -> None:
    """Fit the weights of the division's clues and print them beside those in force."""
    first, last = map(int, seeds.split(":"))
    shelves = [invented(), *([of_corpus(corpus)] if corpus else [])]
    made = [make_page(n, layout=None, shelf=s) for s in shelves for n in range(first, last)]
    lessons = [lesson(page.text, page.stories) for page in made]
    for folder, truth, times in pages:
        lessons += times * [lesson(*page) for page in known_pages(folder, truth)]
    weights = fit([x for x in lessons if len(x.signs)], rounds=rounds, rate=rate, pull=pull)
    for clue, weight, start in zip(CLUES, weights, START, strict=True):
        click.echo(f"{clue.name:16} {start:+.2f} -> {weight:+.2f}")
    if wanted:
        write(weights)


if __name__ == "__main__":
    main()
