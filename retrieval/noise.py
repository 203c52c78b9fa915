"""Synthetic recognition noise: a page as a worse scan would have left it, and what became of what.

Made noise is not a scan's: it falls evenly, where a real one comes in bad columns and bad corners.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from retrieval.lookalikes import alike
from retrieval.measures import Question

# Of the characters that noise meets: lost, followed by a space; the rest is taken for another.
_LOST, _SPACED = 0.1, 0.1
_KEPT = 0.5  # a gold string of which less is left is none


@dataclass(frozen=True, slots=True)
class Noised:
    """A text and what noise made of each of its characters, none or two of them at times."""

    text: str
    made: tuple[str, ...]

    @property
    def noised(self) -> str:
        """The text with its noise."""
        return "".join(self.made)


def noise(text: str, rate: float, *, seed: int) -> Noised:
    """The text with a share ``rate`` of its characters misread; white space is left alone.

    A character becomes a look-alike, or where it has none another one of the page.
    """
    rng = random.Random(f"{seed}\0{text}")  # noqa: S311 -- no secret
    others = sorted(set(filter(str.isalnum, text))) or ["口"]
    return Noised(text, tuple(_misread(c, rate, others, rng) for c in text))


def _misread(char: str, rate: float, others: Sequence[str], rng: random.Random) -> str:
    if char.isspace() or rng.random() >= rate:
        return char
    how = rng.random()
    if how < _LOST:
        return ""
    if how < _LOST + _SPACED:
        return f"{char} "
    return rng.choice(alike(char) or others)


def misread(question: Question, page: Noised) -> Question:
    """The question with what its answers and evidence are printed as on the noised page.

    An answer printed more than once may be misread in several ways, and each counts. One that the
    page does not print in one piece stays as it is.
    """
    variants = tuple(tuple(dict.fromkeys(_printed(one, page))) for one in question.answers)
    evidence = tuple(form for one in question.evidence for form in _printed(one, page))
    answers = tuple(
        forms[0] if forms else answer
        for answer, forms in zip(question.answers, variants, strict=True)
    )
    return msgspec.structs.replace(question, answers=answers, variants=variants, evidence=evidence)


def _printed(gold: str, page: Noised) -> Iterator[str]:
    """What noise made of each place where the page prints a gold string, without white space."""
    places = [at for at, char in enumerate(page.text) if not char.isspace()]
    bare = "".join(page.text[at] for at in places)
    wanted = "".join(gold.split())
    at = bare.find(wanted) if wanted else -1
    while at >= 0:
        made = "".join(page.made[i] for i in places[at : at + len(wanted)])
        form = "".join(made.split())
        if len(form) >= _KEPT * len(wanted):
            yield form
        at = bare.find(wanted, at + 1)
