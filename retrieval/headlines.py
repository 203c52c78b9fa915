"""Headlines: which lines of an article are its headline, and which of them is the title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.blocks import Block
from retrieval.joints import runs_on
from retrieval.readings import Role
from retrieval.shapes import Shape
from retrieval.signs import COLUMN_NAME

# A subtitle names its genre at its end; a line without a subject leans on the one beside it.
_GENRE = re.compile(
    r"(?:综述|记事|纪事|纪实|侧记|走笔|掠影|扫描|速写|巡礼|访谈|专访|采访记)$|^[—–―─-]*(?:访|记)"
)
_VERB = re.compile(
    r"参加|出席|贯彻|学习|打造|推动|推进|开展|举办|召开|加快|加强|强化|深化|坚持|聚焦|围绕|落实|实施|提升|提高|助力|构建|"
    r"建设|"
    r"全力|全面|努力|着力|积极|深入|扎实|切实|进一步|不断|持续"
)
_BULLET = re.compile(r"^[■□●○◆◇▲△★☆◎※►▶•·]\s*")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its role in the article it belongs to."""

    block: Block
    role: Role


def headline_pieces(part: Sequence[Piece]) -> list[Piece]:
    """The lines of an article's headline: before its body, else after it, else inside it."""
    for role in (Role.TITLE, Role.TAIL, Role.MIDDLE):
        heads = [p for p in part if p.role is role and p.block.shape is not Shape.BYLINE]
        if heads:
            return heads
    return []


def name_headline(heads: Sequence[Block], lede: str) -> tuple[str | None, str | None, str | None]:
    """Title, kicker and subtitle of headline lines in the page's order.

    1. Lines that the layout broke within a phrase are one. 2. The title is the line that a mark
    makes the largest, else the one set in parallel phrases, else one that names who acts, else one
    that the story takes up, else the shortest, which is set the largest; no line that a dash leads
    in, or that names its genre or a column. Lines above it are the kicker, below the subtitle.
    """
    lines = _whole_lines(heads)
    if not lines:
        return None, None, None
    main = max(range(len(lines)), key=lambda i: (_weight(lines[i], lede), -i))
    above = " ".join(line.text for line in lines[:main])
    below = " ".join(line.text for line in lines[main + 1 :])
    return lines[main].text, above or None, below or None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a headline as it was before the layout broke it, its bullet left out."""

    text: str
    level: int
    dash: bool


def _whole_lines(heads: Sequence[Block]) -> list[_Line]:
    """The lines of a headline, each put together again."""
    lines: list[_Line] = []
    for n, head in enumerate(heads):
        text = _BULLET.sub("", head.clean.text)
        dash = head.shape is Shape.DASH
        if n and not dash and head.gap <= 1 and _is_broken(heads[n - 1], head):
            lines[-1] = replace(lines[-1], text=lines[-1].text + text)
        else:
            lines.append(_Line(text, head.level, dash))
    return lines


def _is_broken(above: Block, head: Block) -> bool:
    """Whether a headline's line break stands within a phrase, of which a space would tell."""
    return not head.level and runs_on(above.clean.text, head.clean.text)


def _weight(line: _Line, lede: str) -> tuple[bool, int, bool, bool, bool, int]:
    """How large a headline line is likely to have been set."""
    text = line.text
    secondary = line.dash or _GENRE.search(text) or COLUMN_NAME.fullmatch(text)
    subject = _VERB.match(text) is None
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    taken_up = sum(pair in lede for pair in pairs) >= 0.3 * len(pairs)
    return not secondary, -(line.level or 9), _is_parallel(text), subject, taken_up, -len(text)


def _is_parallel(text: str) -> bool:
    """Whether a line is phrases of one length, or three and more, parted by spaces."""
    phrases = [len(_HAN.findall(p)) for p in text.split()]
    return len(phrases) > 2 or (len(phrases) == 2 and phrases[0] == phrases[1])
