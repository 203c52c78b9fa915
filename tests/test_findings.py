"""Sentences are weighed against the same, worked one by one with loops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.alignment import Aligner, Asked, Meeting, met, shares
from retrieval.archive import Archive
from retrieval.findings import Candidate, Finding, Readings, read, weigh
from retrieval.folding import fold_all
from retrieval.records import (
    Article,
    CleanText,
    Imprint,
    Kind,
    Leaning,
    Part,
    Passage,
    Query,
    Scope,
)
from retrieval.weights import PATH, Weights, shipped

WEIGHTS = shipped()
SHARE = st.floats(0, 1, width=16)


def candidate(nth: int, n_sentences: int) -> Candidate:
    clean = CleanText("答。" * n_sentences, ((0, 2 * n_sentences),))
    passage = Passage(f"p.txt/a{nth}/p1", f"p.txt/a{nth}", Part.BODY, 0, clean)
    whole = Article(f"p.txt/a{nth}", "p.txt", Kind.NEWS, CleanText("", ()), clean, (), (1, 1))
    return Candidate(passage, whole, "", 1.0)


def draws(draw: st.DrawFn, *shape: int) -> np.ndarray:
    values = draw(st.lists(SHARE, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return np.array(values, dtype=np.float32).reshape(shape)


def flags(draw: st.DrawFn, n: int) -> np.ndarray:
    return np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)


def signs(draw: st.DrawFn, n: int) -> np.ndarray:
    values = st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=n, max_size=n)
    return np.array(draw(values), dtype=np.float32)


@st.composite
def readings(draw: st.DrawFn) -> Readings:
    terms, counts = (
        draw(st.integers(1, 3)),
        draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)),
    )
    n, c = sum(counts), len(counts)
    names = tuple("甲乙丙"[:terms])
    asked = Asked(
        names,
        flags(draw, terms),
        np.zeros(2),
        flags(draw, terms),
        flags(draw, terms),
        draws(draw, terms) + np.float32(0.1),
        np.zeros((terms, 2)),
    )
    return Readings(
        asked,
        candidates=tuple(candidate(i, count) for i, count in enumerate(counts)),
        spans=tuple((2 * i, 2 * i + 2) for count in counts for i in range(count)),
        firsts=np.cumsum([0, *counts[:-1]]),
        of=np.repeat(np.arange(c), counts),
        kinds=draws(draw, n),
        like=draws(draw, n),
        here=Meeting(draws(draw, n, terms), draws(draw, n, terms)),
        around=Meeting(draws(draw, c, terms), draws(draw, c, terms)),
        called=flags(draw, terms),
        retold=flags(draw, c),
        liked=draws(draw, c, 4),
        dated=signs(draw, n),
        lost=draws(draw, n),
    )


def one_by_one(r: Readings, w: Weights) -> dict[str, Finding]:
    """The best sentence of each candidate, as the definitions have it."""
    share, n_terms = shares(r.asked, w), len(r.asked.terms)
    here, around = met(r.here, w), met(r.around, w)
    out = {}
    for c, one in enumerate(r.candidates):
        rows = [i for i in range(len(r.spans)) if r.of[i] == c]
        own = {
            (i, t): max(
                float(r.kinds[i]) if r.called[t] else float(here[i, t]),
                float(around[c, t]) if r.retold[c] else 0.0,
            )
            for i in rows
            for t in range(n_terms)
        }
        found = []
        for i in rows:
            context = [
                max(
                    own[i, t],
                    max(own[j, t] for j in rows)
                    * (w.name_in_passage if r.asked.names[t] else w.in_passage),
                    float(around[c, t]) * (w.name_around if r.asked.names[t] else w.around),
                )
                for t in range(n_terms)
            ]
            said = [context[t] if r.asked.names[t] else own[i, t] for t in range(n_terms)]
            matter = (
                w.own * sum(s * float(p) for s, p in zip(said, share, strict=True))
                + w.context * sum(s * float(p) for s, p in zip(context, share, strict=True))
                + w.like * float(r.like[i])
            )
            kept = w.kindless + (1 - w.kindless) * float(r.kinds[i])
            weights = (w.fused, w.leaning, w.headline, w.furniture)
            liked = sum(a * float(b) for a, b in zip(weights, r.liked[c], strict=True))
            asked = [context[t] for t in range(n_terms) if r.asked.focus[t]]
            listed = [context[t] for t in range(n_terms) if r.asked.listed[t]]
            found.append(
                Finding(
                    one,
                    r.spans[i],
                    matter * kept + liked + w.dated * float(r.dated[i]) - float(r.lost[i]),
                    sum(s * float(p) for s, p in zip(context, share, strict=True)),
                    float(r.kinds[i]),
                    max(float(p) * (1 - s) for s, p in zip(context, share, strict=True)),
                    max(asked, default=1.0),
                    min(listed, default=1.0),
                    matter=_mean(
                        [
                            (context[t], float(share[t]))
                            for t in range(n_terms)
                            if not (r.asked.names[t] or r.asked.listed[t])
                            or (r.asked.names | r.asked.listed).all()
                        ]
                    ),
                    letters=sum(
                        float(r.here.letters[i, t]) * float(share[t]) for t in range(n_terms)
                    ),
                )
            )
        out[one.passage.id] = max(found, key=lambda f: f.score)
    return out


def _mean(pairs: list[tuple[float, float]]) -> float:
    """The mean of values by their weights; 0 of none."""
    whole = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / whole if whole > 0 else 0.0


@settings(deadline=None)  # the first call of numpy may be slow
@given(readings())
def test_what_is_weighed_is_what_loops_weigh(r: Readings) -> None:
    expected = one_by_one(r, WEIGHTS)
    found = weigh(r, WEIGHTS)
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert {f.candidate.passage.id for f in found} == set(expected)
    for one in found:
        other = expected[one.candidate.passage.id]
        assert one.score == pytest.approx(other.score, abs=1e-5)
        if one.span == other.span:  # else two of its sentences are as good
            for name in ("coverage", "kind", "missing", "asked", "named", "matter", "letters"):
                assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-5), name


@settings(deadline=None)
@given(readings())
def test_what_answers_nearly_as_well_stands_beside(r: Readings) -> None:
    for one in weigh(r, WEIGHTS):
        c = next(i for i, other in enumerate(r.candidates) if other is one.candidate)
        own = [span for i, span in enumerate(r.spans) if r.of[i] == c]
        assert one.span not in one.beside
        assert set(one.beside) <= set(own)
    flat = replace(
        r,
        kinds=np.zeros_like(r.kinds),
        like=np.zeros_like(r.like),
        dated=np.zeros_like(r.dated),
        lost=np.zeros_like(r.lost),
        here=Meeting(np.full_like(r.here.cosines, -1), np.zeros_like(r.here.letters)),
        around=Meeting(np.full_like(r.around.cosines, -1), np.zeros_like(r.around.letters)),
    )
    for one in weigh(flat, WEIGHTS):  # nothing tells its sentences apart
        c = next(i for i, other in enumerate(r.candidates) if other is one.candidate)
        own = {span for i, span in enumerate(r.spans) if r.of[i] == c}
        assert {one.span, *one.beside} == own


def reading(query: Query, candidates: list[Candidate], aligner: Aligner) -> Readings | None:
    """What candidates say that stand among other passages."""
    texts = ["在前", *(one.passage.clean.text for one in candidates), "在后"]
    over = aligner.align(aligner.asked(query), fold_all(texts))
    return read(query, candidates, over=over, starts=over.text.starts[1:-1], aligner=aligner)


def test_nothing_is_found_where_nothing_is_proposed(archive: Archive) -> None:
    query = archive.reader.understand("辽源栽了多少棵树?", Scope(), date(2021, 1, 27))
    assert reading(query, [], archive.reader.aligner) is None
    assert weigh(None, WEIGHTS) == []


@pytest.mark.parametrize(
    ("paper", "day", "leans"),
    [
        ("辽源日报", "2021-01-27", 1.0),
        ("四平日报", "2021-01-27", 0.0),
        ("辽源日报", None, 1.0),
        ("四平日报", "2020-01-01", -0.5),
        (None, None, 0.0),
    ],
)
def test_a_candidate_leans_to_the_paper_and_the_day(
    archive: Archive, paper: str | None, day: str | None, leans: float
) -> None:
    leaning = Leaning("2021-01-01", "2021-01-31", "辽源日报")
    query = Query("树", "树", ("树",), leaning=leaning)
    one = candidate(0, 1)
    imprint = Imprint(newspaper=paper, date=day)
    changed = replace(one, article=replace(one.article, imprint=imprint))
    found = reading(query, [changed], archive.reader.aligner)
    assert found is not None
    assert found.liked.tolist() == [[1.0, leans, 0.0, 0.0]]


def test_the_shipped_weights_say_what_they_were_measured_by() -> None:
    text = msgspec.toml.decode(PATH.read_bytes())
    assert set(text["weights"]) == set(Weights.__struct_fields__)
    assert text["evidence"]
    assert WEIGHTS.near < WEIGHTS.same
