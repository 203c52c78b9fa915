"""Characters that a scan takes for one another, such as 入 and 人: for matching, never for show.

The table is ``lookalikes.txt`` beside this module. It is no folding: 人口 and 入口 are both words, so
whoever uses a variant must ask whether it is one that the page can have meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("lookalikes.txt")


@cache
def table() -> dict[str, str]:
    """Each character of the table → those it is taken for, in the order of the file."""
    found: dict[str, dict[str, None]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        for group in [] if line.startswith("#") else line.split():
            for char in group:
                found.setdefault(char, {}).update(dict.fromkeys(group.replace(char, "")))
    return {char: "".join(others) for char, others in found.items()}


def alike(char: str) -> str:
    """The characters that look like ``char``; none for most."""
    return table().get(char, "")


def variants(word: str) -> Iterator[tuple[int, str]]:
    """``word`` with one character taken for another: which one, and the word that this makes."""
    for i, char in enumerate(word):
        for other in alike(char):
            yield i, f"{word[:i]}{other}{word[i + 1 :]}"


def held(word: str, *, known: Callable[[str], bool], is_word: Callable[[str], bool]) -> list[str]:
    """The variants of a word that an archive holds and may mean by it, in the order of the table.

    ``known`` says whether the archive holds two characters side by side, ``is_word`` whether the
    dictionary holds a word. Where the archive holds the word itself, a variant that is a word too
    is another word (入口 for 人口); where it does not, the reader may have mistyped it.
    """
    absent = not all(known(word[i : i + 2]) for i in range(len(word) - 1))
    return [
        other
        for i, other in variants(word)
        if all(known(other[at : at + 2]) for at in (i - 1, i) if 0 <= at < len(word) - 1)
        and (absent or not is_word(other))
    ]
