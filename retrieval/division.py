"""The division of a page: which block opens an article, and what each block is to it.

Every step from block to block is scored by named evidence, and the best path through the whole
page is taken (Viterbi over a handful of states, linear in the blocks). A page prints its
headlines before their stories or, where extraction turned it round, after them: both readings
are scored and the better one is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from math import log

from retrieval.blocks import Block, Shape
from retrieval.cleaning import HAN


class Role(StrEnum):
    """What a block is to its article."""

    TITLE = "title"  # a headline line before the story
    TAIL = "tail"  # a headline line after the story
    INSIDE = "inside"  # a subhead, or the headline printed inside the story
    SECTION = "section"  # a column's or a series' name
    BYLINE = "byline"
    BODY = "body"


class Habit(StrEnum):
    """Where a page prints its headlines."""

    BEFORE = "before"
    AFTER = "after"


class Mode(IntEnum):
    """What was read last."""

    NOTHING = 0
    TITLE = 1
    TEXT = 2
    TAIL = 3
    INSIDE = 4
    SECTION = 5


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


# Evidence and its weight, in nats of a made-up scale: 1 is "rather", 3 is "nearly always".
WEIGHTS = {
    "article": -1.0,  # each article must be worth its while
    "headless": -1.5,  # a story without a headline of its own
    "opener": 3.0,  # 本报讯 opens a story
    "opener_inside": -3.0,
    "byline_follows": 2.0,  # a headline, then who wrote it
    "previous_closed": 1.5,
    "previous_signed": 0.5,
    "unsigned": -1.5,  # on a page that signs its stories, the last one is not
    "unfinished": -2.0,  # nobody stops in mid-sentence
    "no_sign": -1.5,  # no opener, no byline: rather a subhead
    "closer_ahead": 1.0,
    "recurrence": 3.0,  # times the share of a headline's words that recur in the story
    "cohesion": -3.0,  # times the share of words two texts have in common
    "habit": 0.7,
    "top_mark": 2.0,
    "low_mark": -0.5,
    "gap": 0.5,
    "dash_follows": 1.5,
    "document": 1.5,
    "attached": -3.0,
    "numbered": -5.0,
    "siblings": -1.0,
    "no_body": -4.0,
    "join": 0.7,
    "join_dash": 1.0,
    "join_after_dash": -3.0,
    "tail": 0.5,
    "end_follows": 1.0,
    "inside_closed": -2.0,
    "inside_headline": 2.0,  # the sentence runs on below it
    "inside_top_mark": -2.0,
    "section_mark": 3.0,
    "series": -1.0,
    "photo": 1.5,
    "after_tail": -2.5,
    "signed_twice": -1.0,
    "resumed": -1.5,  # text after a byline that closed the story
}
# Words a document's own name ends with, and heads of boxes that belong to the story above.
_DOCUMENT = re.compile(
    r"(?:通报|公告|通告|通知|启事|声明|公示|讣告|决定|公报|工作报告|条例|办法|倡议书|公开信|致辞|名单|招聘|简章)$"
)
_ATTACHED = re.compile(
    r"简历$|^(?:相关|新闻|知识|背景)?(?:链接|背景|资料|提示|名词解释|延伸阅读|小贴士|记者手记|编后语?|编者按|短评|附)[:：]?"
)
_HAN_RUN = re.compile(rf"[{HAN}]+")
_EDGE_CHARS = 3000  # of a text run that are compared
_SIBLING_SLACK = 6


def divide(blocks: Sequence[Block]) -> list[Step]:
    """The step of each block, furniture left out beforehand; the better of the two habits."""
    context = Context(blocks)
    runs = [_best_path(context, habit) for habit in Habit]
    return max(runs, key=lambda run: run[0])[1]


class Context:
    """What is known of a page's blocks before it is divided."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Neighbours, text runs and the words of each."""
        self.blocks = blocks
        self.runs, self.run_of = _text_runs(blocks)
        self.words = [_bigrams(_run_text(blocks, run)) for run in self.runs]
        self.before, self.after = _neighbours(blocks, self.run_of)
        self.top_level = min((b.level for b in blocks if b.level), default=0)
        self.signed = _is_signed(blocks)

    @cached_property
    def rarity(self) -> dict[str, float]:
        """How much each word of the page says: the fewer runs hold it, the more."""
        counts: dict[str, int] = {}
        for words in self.words:
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        return {word: log(1 + len(self.words) / n) for word, n in counts.items()}

    def recurrence(self, index: int, run: int | None) -> float:
        """The share of a headline's words, by rarity, that recur in a text run."""
        if run is None:
            return 0.0
        words = _bigrams(self.blocks[index].clean.text)
        rare = log(2 + len(self.words))
        total = sum(self.rarity.get(word, rare) for word in words)
        shared = sum(self.rarity[word] for word in words if word in self.words[run])
        return shared / total if total else 0.0

    def pull(self, index: int) -> float:
        """How much more a headline's words recur below than above, from -1 to 1."""
        below = self.recurrence(index, self.after[index])
        return below - self.recurrence(index, self.before[index])

    def cohesion(self, index: int) -> float:
        """The share of words, by rarity, that the runs above and below have in common."""
        above, below = self.before[index], self.after[index]
        if above is None or below is None or above == below:
            return 0.0
        small, large = sorted((self.words[above], self.words[below]), key=len)
        total = sum(self.rarity[word] for word in small)
        return sum(self.rarity[w] for w in small if w in large) / total if total else 0.0


def _text_runs(blocks: Sequence[Block]) -> tuple[list[list[int]], list[int | None]]:
    """Paragraphs that stand together, cut before openers and after closers; run of each block."""
    runs: list[list[int]] = []
    run_of: list[int | None] = []
    fresh = True
    for index, block in enumerate(blocks):
        if block.shape is not Shape.TEXT:
            run_of.append(None)
            fresh = True
            continue
        if fresh or block.opens or is_photo(blocks, index):
            runs.append([])
        runs[-1].append(index)
        run_of.append(len(runs) - 1)
        fresh = block.closing is not None
    return runs, run_of


def _run_text(blocks: Sequence[Block], run: Sequence[int]) -> str:
    """The text of a run, its first characters if it is long."""
    parts: list[str] = []
    size = 0
    for index in run:
        parts.append(blocks[index].clean.text[:_EDGE_CHARS])
        size += len(parts[-1])
        if size >= _EDGE_CHARS:
            break
    return "\n".join(parts)


def _neighbours(
    blocks: Sequence[Block], run_of: Sequence[int | None]
) -> tuple[list[int | None], list[int | None]]:
    """For each block, the text run above it and the one below."""
    above: list[int | None] = []
    last: int | None = None
    for index in range(len(blocks)):
        above.append(last)
        last = run_of[index] if run_of[index] is not None else last
    below: list[int | None] = [None] * len(blocks)
    following: int | None = None
    for index in range(len(blocks) - 1, -1, -1):
        below[index] = following
        following = run_of[index] if run_of[index] is not None else following
    return above, below


def _is_signed(blocks: Sequence[Block]) -> bool:
    """Whether a page signs its stories: at least two bylines on it."""
    return sum(b.shape is Shape.BYLINE or bool(b.opening or b.closing) for b in blocks) >= 2


def _bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters: words, near enough."""
    pairs = set()
    for run in _HAN_RUN.findall(text):
        pairs.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(pairs)


def _best_path(context: Context, habit: Habit) -> tuple[float, list[Step]]:
    """The score and steps of the best division for one habit."""
    paths: dict[State, float] = {State(): 0.0}
    trail: list[dict[State, tuple[State, Step]]] = []
    for index in range(len(context.blocks)):
        reached: dict[State, float] = {}
        came: dict[State, tuple[State, Step]] = {}
        for state, score in paths.items():
            for step, after, gain in _moves(context, index, state, habit):
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
    return WEIGHTS["no_body"] if state.mode in (Mode.TITLE, Mode.NOTHING) else 0.0


def _walk_back(trail: Sequence[dict[State, tuple[State, Step]]], state: State) -> list[Step]:
    """The steps that led to a state, first to last."""
    steps: list[Step] = []
    for came in reversed(trail):
        state, step = came[state]
        steps.append(step)
    return steps[::-1]


Move = tuple[Step, State, float]


def _moves(context: Context, index: int, state: State, habit: Habit) -> Iterator[Move]:
    """What the block at ``index`` may be, the state after it, and the evidence for it."""
    shape = context.blocks[index].shape
    if shape is Shape.TEXT:
        yield from _text_moves(context, index, state)
    elif shape is Shape.BYLINE:
        yield from _byline_moves(context, index, state)
    else:
        yield from _head_moves(context, index, state, habit)


def _text_moves(context: Context, index: int, state: State) -> Iterator[Move]:
    """A paragraph goes on with its article, or opens one without a headline."""
    block = context.blocks[index]
    closes = block.closing is not None
    signed = bool(block.opening or block.closing)
    if state.mode is not Mode.NOTHING:
        gain = WEIGHTS["after_tail"] if state.mode is Mode.TAIL else 0.0
        if block.opens and state.mode is not Mode.TITLE:
            gain += WEIGHTS["opener_inside"]
        if state.closed:
            gain += WEIGHTS["resumed"]
        if closes and state.signed and state.mode is not Mode.TITLE:
            gain += WEIGHTS["signed_twice"]
        after = State(Mode.TEXT, state.headed, state.signed or signed, closes)
        yield Step(Role.BODY, starts=False), after, gain
    if state.mode is not Mode.TITLE:
        gain = WEIGHTS["article"] + WEIGHTS["headless"] + _fresh_text(context, index, state)
        yield Step(Role.BODY, starts=True), State(Mode.TEXT, False, signed, closes), gain


def _fresh_text(context: Context, index: int, state: State) -> float:
    """The evidence that a paragraph opens an article."""
    block = context.blocks[index]
    gain = WEIGHTS["opener"] if block.opens else 0.0
    if state.closed or state.mode is Mode.TAIL:
        gain += WEIGHTS["previous_closed"]
    elif context.signed and not state.signed and state.mode is not Mode.NOTHING:
        gain += WEIGHTS["unsigned"]
    if block.gap >= 3:
        gain += WEIGHTS["gap"]
    if is_photo(context.blocks, index):
        gain += WEIGHTS["photo"]
    if index and context.blocks[index - 1].unfinished:
        gain += WEIGHTS["unfinished"]
    return gain


def is_photo(blocks: Sequence[Block], index: int) -> bool:
    """Whether a paragraph is a caption: a photographer's credit closes it."""
    block = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if block.closing is not None:
        return block.closing.photo
    by = following.closing if following and following.shape is Shape.BYLINE else None
    return by is not None and by.photo and following is not None and following.gap == 0


def _byline_moves(context: Context, index: int, state: State) -> Iterator[Move]:
    """A line of names signs the open article, or opens one whose headline is lost."""
    front = state.mode is Mode.TITLE
    if state.mode is not Mode.NOTHING:
        gain = WEIGHTS["signed_twice"] if state.signed and not front else 0.0
        mode = Mode.TITLE if front else Mode.TEXT
        yield (
            Step(Role.BYLINE, starts=False),
            State(mode, state.headed, signed=True, closed=not front),
            gain,
        )
    if not front:
        gain = WEIGHTS["article"] + WEIGHTS["headless"]
        gain += WEIGHTS["previous_closed"] if state.closed else 0.0
        yield Step(Role.BYLINE, starts=True), State(Mode.TITLE, False, signed=True), gain


def _head_moves(context: Context, index: int, state: State, habit: Habit) -> Iterator[Move]:
    """A short line opens an article, joins a headline, closes a story, or stands inside one."""
    pull = WEIGHTS["recurrence"] * context.pull(index)
    before = WEIGHTS["habit"] if habit is Habit.BEFORE else -WEIGHTS["habit"]
    dash = context.blocks[index].shape is Shape.DASH
    if not dash or state.mode is Mode.NOTHING:
        gain = _fresh_head(context, index, state) + pull + before
        yield Step(Role.TITLE, starts=True), State(Mode.TITLE, headed=True), gain
    if state.mode is Mode.TITLE:
        yield (
            Step(Role.TITLE, starts=False),
            State(Mode.TITLE, True, state.signed),
            pull + _joined(context, index),
        )
    if state.mode is Mode.TEXT and not state.headed and not context.blocks[index].numbered:
        gain = WEIGHTS["tail"] - pull - before + _end_follows(context, index)
        yield Step(Role.TAIL, starts=False), State(Mode.TAIL, True, state.signed, False), gain
    if state.mode is Mode.TAIL:
        gain = _joined(context, index) - pull
        yield Step(Role.TAIL, starts=False), State(Mode.TAIL, True, state.signed, False), gain
    if state.mode in (Mode.TEXT, Mode.INSIDE):
        gain = _inside(context, index, state)
        after = State(Mode.INSIDE, state.headed or gain > 1, state.signed, state.closed)
        yield Step(Role.INSIDE, starts=False), after, gain
    yield from _section_moves(context, index, state, pull)


def _section_moves(context: Context, index: int, state: State, pull: float) -> Iterator[Move]:
    """A short line names the column that follows, or the series the story above belongs to."""
    blocks, block = context.blocks, context.blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if block.level and following is not None and following.level > block.level:
        closed = State(Mode.SECTION, state.headed, state.signed, closed=True)
        yield Step(Role.SECTION, starts=False), closed, WEIGHTS["section_mark"]
    elif state.mode is Mode.SECTION or (state.mode is Mode.TEXT and state.headed):
        if following is None or following.shape not in (Shape.HEAD, Shape.DASH):
            if state.mode is not Mode.SECTION or following is None or following.shape is Shape.TEXT:
                return
        after = State(Mode.SECTION, state.headed, state.signed, closed=True)
        gain = WEIGHTS["join"] if state.mode is Mode.SECTION else WEIGHTS["series"]
        yield Step(Role.SECTION, starts=False), after, gain - pull


def _fresh_head(context: Context, index: int, state: State) -> float:
    """The evidence that a short line is the first of an article's headline."""
    block = context.blocks[index]
    gain = WEIGHTS["article"] + _story_follows(context, index)
    if state.mode is Mode.TITLE:
        gain += WEIGHTS["no_body"]
    if state.closed or state.mode in (Mode.TAIL, Mode.NOTHING):
        gain += WEIGHTS["previous_closed"]
    elif state.signed:
        gain += WEIGHTS["previous_signed"]
    elif context.signed:
        gain += WEIGHTS["unsigned"]
    if index and context.blocks[index - 1].unfinished:
        gain += WEIGHTS["unfinished"]
    if block.level:
        gain += WEIGHTS["top_mark" if block.level <= context.top_level else "low_mark"]
    gain += WEIGHTS["gap"] if block.gap >= 3 else 0.0
    gain += WEIGHTS["numbered"] if block.numbered else 0.0
    gain += WEIGHTS["cohesion"] * context.cohesion(index)
    return gain + _by_wording(block)


def _by_wording(block: Block) -> float:
    """The evidence of a headline's own words."""
    if _ATTACHED.search(block.clean.text):
        return WEIGHTS["attached"]
    return WEIGHTS["document"] if _DOCUMENT.search(block.clean.text) else 0.0


def _story_follows(context: Context, index: int) -> float:
    """The evidence below a headline that a story begins there."""
    blocks = context.blocks
    at = index + 1
    gain = 0.0
    while at < len(blocks) and blocks[at].shape in (Shape.HEAD, Shape.DASH) and at < index + 4:
        gain = WEIGHTS["dash_follows"] if blocks[at].shape is Shape.DASH else gain
        at += 1
    if at >= len(blocks) or blocks[at].shape not in (Shape.TEXT, Shape.BYLINE):
        return WEIGHTS["no_body"]
    if blocks[at].shape is Shape.BYLINE:
        return gain + WEIGHTS["byline_follows"]
    if blocks[at].opens:
        return gain + WEIGHTS["opener"]
    if _closes_ahead(context, at):
        return gain + WEIGHTS["closer_ahead"]
    if len(blocks[at].clean.text) < 20 and not gain:
        return WEIGHTS["no_body"] / 2
    return gain + (WEIGHTS["no_sign"] if context.signed and not gain else 0.0)


def _closes_ahead(context: Context, at: int) -> bool:
    """Whether the text run at this block ends with a byline."""
    run = context.run_of[at]
    if run is None:
        return False
    last = context.runs[run][-1]
    if context.blocks[last].closing is not None:
        return True
    return last + 1 < len(context.blocks) and context.blocks[last + 1].shape is Shape.BYLINE


def _joined(context: Context, index: int) -> float:
    """The evidence that a line belongs to the headline line above it."""
    block, above = context.blocks[index], context.blocks[index - 1]
    gain = WEIGHTS["join_dash"] if block.shape is Shape.DASH else WEIGHTS["join"]
    if above.shape in (Shape.DASH, Shape.BYLINE) and block.shape is Shape.HEAD:
        gain += WEIGHTS["join_after_dash"]
    if block.numbered or _ATTACHED.search(block.clean.text):
        gain += WEIGHTS["no_body"] / 2
    return gain


def _end_follows(context: Context, index: int) -> float:
    """The evidence that a story ends at this line: the next one opens, or the page ends."""
    at = index + 1
    while at < len(context.blocks) and context.blocks[at].shape in (Shape.HEAD, Shape.DASH):
        at += 1
    ends = at >= len(context.blocks) or context.blocks[at].opens
    return WEIGHTS["end_follows"] if ends else -WEIGHTS["end_follows"]


def _inside(context: Context, index: int, state: State) -> float:
    """The evidence that a short line stands inside a story."""
    block = context.blocks[index]
    before = next((b for b in reversed(context.blocks[:index][-6:]) if b.shape is Shape.TEXT), None)
    at = index + 1
    while at < len(context.blocks) and context.blocks[at].shape in (Shape.HEAD, Shape.DASH):
        at += 1
    after = context.blocks[at] if at < len(context.blocks) else None
    gain = WEIGHTS["inside_closed"] if state.closed else 0.0
    if after is not None and (after.opens or after.shape is Shape.BYLINE):
        gain += WEIGHTS["opener_inside"]
    elif before is not None and before.unfinished and after is not None:
        gain += WEIGHTS["inside_headline"]
    if block.level and block.level <= context.top_level:
        gain += WEIGHTS["inside_top_mark"]
    return gain
