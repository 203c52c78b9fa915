"""Setting: the parts of a story as lines of text, by the layout of its page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from random import Random

from .faults import BREAK, Rates
from .records import HEADS, Fault, Genre, Layout, Line, Part, Role
from .signing import OPENING, Sign, Signed

_HANGING = "，。、；：！？”）》,.;:!?)"
_NEVER_LAST = "“（《("
_NUMERIC = frozenset("0123456789.%abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Base(Enum):
    """How paragraphs stand as lines."""

    MARKDOWN = auto()  # a line a paragraph, headlines marked
    PLAIN = auto()  # a line a paragraph
    COLUMN = auto()  # a line a printed line
    WRAPPED = auto()  # a line a paragraph, a space where a printed line ended


class Place(Enum):
    """Where the headline stands."""

    ABOVE = auto()
    AFTER = auto()
    INSIDE = auto()


@dataclass(frozen=True, slots=True)
class Setting:
    """The setting of one page. ``gap`` and ``story_gap`` count blank lines."""

    base: Base
    width: int
    gap: int
    story_gap: int
    place: Place
    signs: tuple[Sign, ...]
    mark: str  # before a headline
    marked: float = 1.0  # share of headlines that kept their mark
    line_gap: bool = False  # a blank line after every line
    indent: str = ""


_MIXED = (
    Sign.PAREN,
    Sign.PAREN,
    *OPENING,
    Sign.LINE,
    Sign.LINE,
    Sign.CREDIT,
    Sign.CLOSE,
    Sign.NONE,
)
_SIGNS = {
    Layout.COLUMN_AFTER: OPENING,
    Layout.HEADLINE_INSIDE: OPENING,
    Layout.NO_BLANKS: (*OPENING, Sign.PAREN, Sign.PAREN, Sign.LINE),
    Layout.HEADLINE_LOST: OPENING,
    Layout.UNSIGNED: (Sign.NONE,),
    Layout.OPENING_LOST: (Sign.LINE, Sign.CREDIT, Sign.CLOSE, Sign.NONE),
    Layout.BRIEFS: (Sign.PAREN, Sign.BARE_PAREN, Sign.CLOSE, Sign.NONE),
    Layout.SUBHEADS: (Sign.LINE, Sign.LINE, Sign.PAREN, Sign.CREDIT),
}
_BASES = {
    Layout.MARKDOWN: (Base.MARKDOWN,),
    Layout.MARKDOWN_PARTIAL: (Base.MARKDOWN,),
    Layout.PLAIN: (Base.PLAIN,),
    Layout.COLUMN: (Base.COLUMN,),
    Layout.COLUMN_AFTER: (Base.COLUMN, Base.COLUMN, Base.WRAPPED),
    Layout.WRAPPED: (Base.WRAPPED,),
    Layout.NO_BLANKS: (Base.PLAIN, Base.COLUMN),
    Layout.BLANK_EACH_LINE: (Base.COLUMN,),
    Layout.UNSIGNED: (Base.PLAIN, Base.WRAPPED, Base.MARKDOWN),
    Layout.SECTIONS: (Base.MARKDOWN, Base.MARKDOWN, Base.PLAIN, Base.WRAPPED),
    Layout.SUBHEADS: (Base.MARKDOWN, Base.PLAIN, Base.WRAPPED, Base.COLUMN),
}
_ANY = (Base.PLAIN, Base.WRAPPED, Base.COLUMN)
_PLACES = {Layout.COLUMN_AFTER: Place.AFTER, Layout.HEADLINE_INSIDE: Place.INSIDE}


def choose_setting(rng: Random, layout: Layout, faults: frozenset[Fault]) -> Setting:
    """The setting of a page of this layout; a newspaper signs its stories in two or three ways."""
    base = rng.choice(_BASES.get(layout, _ANY))
    narrow = base is Base.COLUMN and layout not in (Layout.NO_BLANKS, Layout.BLANK_EACH_LINE)
    dense = layout in (Layout.NO_BLANKS, Layout.BLANK_EACH_LINE)
    level = rng.choice(("# ", "## ", "### ")) if layout is Layout.MARKDOWN_PARTIAL else "# "
    return Setting(
        base=base,
        width=rng.randint(10, 17) if narrow else rng.randint(18, 40),
        gap=0 if dense else 1,
        story_gap=0 if dense else rng.choice((1, 1, 2, 3)),
        place=_PLACES.get(layout, Place.ABOVE),
        signs=tuple(rng.choice(_SIGNS.get(layout, _MIXED)) for _ in range(3)),
        mark="### " if layout is Layout.SECTIONS else level,
        marked=rng.uniform(0.4, 0.8) if layout is Layout.MARKDOWN_PARTIAL else 1.0,
        line_gap=layout is Layout.BLANK_EACH_LINE,
        indent=rng.choice(("　　", "\t", "    ", "  ")) if Fault.INDENT in faults else "",
    )


def set_story(
    rng: Random, owner: int, printed: Signed, setting: Setting, rates: Rates
) -> list[Line]:
    """The lines of one story: its headlines and its body, in the order of the page."""
    parts = printed.story.parts
    if printed.story.genre not in (Genre.NEWS, Genre.REPORT):
        setting = replace(setting, place=Place.ABOVE)
    heads = [p for p in parts if p.role in HEADS]
    head = _head(rng, heads, setting, rates)
    body = _body(rng, [p for p in parts if p.role not in HEADS], setting, rates)
    if setting.place is Place.AFTER:
        texts = [*body, *_gap(setting, bool(head)), *head]
    elif setting.place is Place.INSIDE:
        texts = _inserted(rng, body, head, printed.names)
    else:
        texts = [*head, *_gap(setting, bool(head)), *body]
    return [Line(t, owner if t.strip() else None) for t in texts]


def wrap(text: str, width: int, first: int = 0) -> list[str]:
    """The text as printed lines: half-width characters count half, stops hang, and the first line
    is shorter by ``first``."""
    lines, line, used = [], "", float(first)
    for char in text:
        size = _width(char)
        full = used + size > width and char not in _HANGING
        if char == BREAK or (full and line.strip()):
            kept = _carried(line, char)
            lines.append(line[: len(line) - len(kept)].strip(" "))
            line, used = kept, _width(kept)
        if char != BREAK:
            line, used = line + char, used + size
    return [*lines, line.strip(" ")] if line.strip() else lines


def _width(text: str) -> float:
    """How many characters wide a text is printed."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def _carried(line: str, following: str) -> str:
    """What goes down to the next line: an opening bracket, or the number that would be broken."""
    tail = re.search(r"[0-9A-Za-z.%]{1,9}$", line) if following in _NUMERIC else None
    kept = tail[0] if tail else line[-1] if line[-1] in _NEVER_LAST else ""
    return kept if len(kept) < len(line.strip()) else ""


def _gap(setting: Setting, wanted: bool) -> list[str]:
    """The blank lines between two parts."""
    return [""] * setting.gap if wanted else []


def _head(rng: Random, heads: list[Part], setting: Setting, rates: Rates) -> list[str]:
    """Kicker, title and subtitle, each on its line; a title may break in two."""
    loose = setting.gap and rng.random() < 0.6
    kept = rng.random() < setting.marked
    mark = setting.mark if setting.base is Base.MARKDOWN and kept else ""
    texts: list[str] = []
    for part in heads:
        texts += [""] if texts and loose else []
        if part.role is not Role.TITLE:
            texts.append(part.text)
            continue
        texts += [mark + half for half in _halves(rng, part.text, rates)]
    return texts


def _halves(rng: Random, title: str, rates: Rates) -> list[str]:
    """The title on one line, or on two that part at a space or in the middle."""
    if len(title) < 10 or not rates.strike(rng, Fault.SPLIT_HEADLINE):
        return [title]
    spaces = [i for i, c in enumerate(title) if c == " " and 3 < i < len(title) - 4]
    at = rng.choice(spaces) if spaces else len(title) // 2
    at -= title[at - 1] in _NEVER_LAST
    at += title[at] in _HANGING
    return [title[:at].strip(), title[at:].strip()]


def _body(rng: Random, parts: list[Part], setting: Setting, rates: Rates) -> list[str]:
    """The body's lines, with blank lines between parts where the setting has them."""
    texts: list[str] = []
    for number, part in enumerate(parts):
        run_on = number > 1 and rates.strike(rng, Fault.RUN_ON)
        texts += _gap(setting, number > 0 and not run_on)
        texts += _lines(rng, part, setting, rates)
    return texts


def _lines(rng: Random, part: Part, setting: Setting, rates: Rates) -> list[str]:
    """The lines of one part of a body."""
    if part.role is Role.SUBHEAD:
        marks = setting.base is Base.MARKDOWN and rng.random() < 0.3
        return [f"#{setting.mark}{part.text}" if marks else part.text]
    indent = setting.indent if part.role is Role.PARAGRAPH else ""
    cut = part.role is Role.PARAGRAPH and rates.strike(rng, Fault.CUT_PARAGRAPH) and setting.gap
    if setting.base in (Base.MARKDOWN, Base.PLAIN):
        text = indent + part.text.replace(BREAK, " ")
        return _cut_text(rng, text) if cut else [text]
    lines = wrap(part.text, setting.width, 2 if part.role is Role.PARAGRAPH else 0)
    if setting.base is Base.COLUMN:
        if cut and len(lines) > 3:
            lines.insert(rng.randint(1, len(lines) - 2), "")
        return [indent + lines[0], *lines[1:]]
    if cut and len(lines) > 3:
        at = rng.randint(1, len(lines) - 2)
        return [indent + " ".join(lines[:at]), "", " ".join(lines[at:])]
    return [indent + " ".join(lines)]


def _cut_text(rng: Random, text: str) -> list[str]:
    """A long paragraph in two, parted in mid-sentence."""
    places = [i for i in range(20, len(text) - 12) if text[i - 1].isalnum() and text[i].isalnum()]
    if not places:
        return [text]
    at = rng.choice(places)
    return [text[:at], "", text[at:]]


def _inserted(rng: Random, body: list[str], head: list[str], names: tuple[str, ...]) -> list[str]:
    """The body with its headline between two lines or in mid-sentence, but within no name."""
    cut = list(body)
    longest = max(range(len(body)), key=lambda i: len(body[i]))
    if len(body[longest]) > 60 and rng.random() < 0.5:
        cut[longest : longest + 1] = _cut_text(rng, body[longest])
    filled = [i for i, t in enumerate(cut) if t.strip()][1:]
    places = [i for i in filled if _keeps(cut, i, names)] or [len(cut)]
    at = rng.choice(places)
    return [*cut[:at], *([""] if cut[at - 1].strip() else []), *head, "", *cut[at:]]


def _keeps(body: list[str], at: int, names: tuple[str, ...]) -> bool:
    """Whether a body that is parted here keeps its names whole."""
    above, below = (re.sub(rf"[\s{BREAK}]", "", "".join(x)) for x in (body[:at], body[at:]))
    return all(name in above or name in below for name in names)
