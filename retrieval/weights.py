"""The weights that choose and judge sentences: one record, its shipped values and their evidence.

They stand in ``weights.toml`` beside this module. ``python -m tests.quality.fit`` fits them on
question sets, cross-validated, and writes them there with what was measured.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

PATH = Path(__file__).with_name("weights.toml")
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Factor = Annotated[float, msgspec.Meta(ge=0, le=10)]


class Curve(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A logistic curve: what each thing that tells of a finding adds to its log odds.

    ``support`` (``answer.support``); of the question's words the share met in context that are no
    names (``matter``), what is asked of it (``asked``), the listed name met worst (``named``), the
    heaviest word met by nothing (``missing``); the sentence's own share met letter for letter
    (``letters``) and its likeness to the question (``like``).
    """

    bias: float
    support: float
    matter: float
    asked: float
    named: float
    missing: float
    letters: float
    like: float


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much each thing counts; all but the curve on a scale of 0 to 1.

    Meeting a word: a cosine of ``near`` counts nothing, one of ``same`` counts ``synonym``, and it
    rises linearly between them. ``name`` and ``focus`` multiply a word's rarity, ``ascii`` stands
    for it where no dictionary knows it. ``in_passage`` and ``around`` are what a word counts that
    is met outside the sentence, ``name_in_passage`` and ``name_around`` the same for names: those
    need not be said again.

    Choosing a sentence: ``own`` for the words it says itself, ``context`` for those met in context,
    ``like`` for its likeness to the question as a whole; one that cannot hold the wanted kind of
    answer keeps only ``kindless`` of that. ``fused`` for how well the search liked its passage,
    ``leaning`` for the paper and day asked for, ``dated`` where it writes that day; ``headline`` is what a headline loses (its report is
    quoted where both say the same), ``furniture`` a masthead (it answers only what no article does).

    Judging it: its support is what it meets, times what is left where no answer of the kind is
    there (``kind_floor``), what is asked of the matter is not spoken of (``asked_floor``), a listed
    name is not there (``named_floor``), another year is told of (``when_floor``). ``answered`` and
    ``related`` are two curves over that and six things more.
    """

    near: _Share
    same: _Share
    synonym: _Share
    name: _Factor
    focus: _Factor
    ascii: _Factor
    in_passage: _Share
    around: _Share
    name_in_passage: _Share
    name_around: _Share
    own: _Share
    context: _Share
    like: _Share
    kindless: _Share
    fused: _Share
    leaning: _Share
    dated: _Share
    headline: _Share
    furniture: _Share
    kind_floor: _Share
    asked_floor: _Share
    named_floor: _Share
    when_floor: _Share
    answered: Curve
    related: Curve


class Fitted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of ``weights.toml``: the weights, and what was measured with them."""

    weights: Weights
    evidence: dict[str, str | float | int]


@cache
def shipped() -> Weights:
    """The weights in force."""
    return msgspec.toml.decode(PATH.read_bytes(), type=Fitted).weights
