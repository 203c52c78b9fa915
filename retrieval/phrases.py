"""The marks that a question sets itself: exact phrases in quotation marks, and exclusions.

``“农业”`` asks for these letters; ``-招聘`` and ``-“招聘启事”`` want passages without them. A minus
excludes where it opens the question or follows a space, and a word follows at once: 2021-01-27,
0437-3229788 and A-B exclude nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.folding import fold
from retrieval.records import Span

_QUOTED = '“[^“”]+”|「[^「」]+」|『[^『』]+』|"[^"]+"|＂[^＂]+＂'
_PHRASE = re.compile(_QUOTED)
# Not before a figure, which would be below zero; － is the full-width form.
_EXCLUDED = re.compile(
    rf"(?:^|(?<=\s))[-－−](?:(?P<quoted>{_QUOTED})|(?P<word>[㐀-鿿A-Za-z][^\s,，。?？!！、;；]*))"
)
_WORD = re.compile(r"\w")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with its marks read: ``text`` is folded, exclusions blanked, as long as before.

    ``quoted`` are the ranges of the phrases within their quotation marks.
    """

    text: str
    phrases: tuple[str, ...] = ()
    quoted: tuple[Span, ...] = ()
    excluded: tuple[str, ...] = ()


def marked(question: str) -> Marked:
    """The question with its phrases and exclusions; both folded, without spaces."""
    left_out = [
        (match.span(), match["quoted"] or match["word"]) for match in _EXCLUDED.finditer(question)
    ]
    rest = question
    for (start, end), _ in left_out:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    if not _WORD.search(rest):  # a dash before all there is opens a line of a list
        left_out, rest = [], question
    quoted = [
        (match.start() + 1, match.end() - 1)
        for match in _PHRASE.finditer(rest)
        if _WORD.search(match[0])
    ]
    return Marked(
        fold(rest),
        tuple(dict.fromkeys(letters_of(rest[a:b]) for a, b in quoted)),
        tuple(quoted),
        tuple(dict.fromkeys(letters_of(_bare(words)) for _, words in left_out)),
    )


def letters_of(text: str) -> str:
    """The folded text without spaces, as phrases are compared."""
    return _SPACE.sub("", fold(text))


def _bare(words: str) -> str:
    """The words without their quotation marks."""
    return words[1:-1] if _PHRASE.fullmatch(words) else words


def outside(text: str, ranges: Iterable[Span]) -> str:
    """The text with the ranges blanked out."""
    for start, end in ranges:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
