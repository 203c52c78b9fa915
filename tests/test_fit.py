"""Fitting: cases answer as the archive does, the curve and the cuts are the best there are."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from quality import fit as fitting
from quality.cases import Case, Outcome, came, ran, read_cases
from quality.tuning import (
    Fit,
    Plan,
    curve,
    fit,
    logistic,
    objective,
    outcomes,
    searched,
    thresholds,
)
from quality.writing import weights_file, write

from retrieval.archive import Archive
from retrieval.measures import Question, measure, read_questions
from retrieval.settings import AnswerSettings, Settings
from retrieval.weights import Fitted, shipped

WEIGHTS = shipped()
QUESTIONS = read_questions(Path(__file__).with_name("questions.jsonl"))
FEW = [*QUESTIONS[:12], *QUESTIONS[-12:]]


@pytest.fixture(scope="module")
def cases(archive: Archive) -> list[Case]:
    return list(read_cases(archive, FEW))


def test_cases_come_to_what_the_archive_answers(
    archive: Archive, cases: list[Case], settings: Settings
) -> None:
    table = measure(FEW, [archive.ask(one.question) for one in FEW])
    found = outcomes(cases, Fit(WEIGHTS, settings.answer))
    asked = [o for o in found if o.gold.answers and o.gold.type != "none"]
    none = [o for o in found if o.gold.type == "none"]
    expected = table.groups["answerable"]
    for name, values in (
        ("found@1", [o.at_1 for o in asked]),
        ("found@3", [o.at_3 for o in asked]),
        ("right", [float(o.right) for o in asked]),
    ):
        assert np.mean(values) == pytest.approx(expected[name]), name
    assert np.mean([o.right for o in none]) == pytest.approx(table.groups["none"]["right"])


def test_the_objective_equals_what_was_worked_by_hand() -> None:
    fact = Question("?", "fact", "a.txt", ("x",))
    near, far = (Question("?", "none", note=note) for note in ("near-miss", "off-topic"))
    whole = Outcome(fact, 1, 1, True, 0.9, answered=True, refused=False)
    said = replace(whole, at_1=0.0, at_3=0.5, answered=False)
    found = [
        whole,
        said,
        replace(whole, gold=near, at_1=0, at_3=0),
        replace(whole, gold=near, answered=False),
        replace(whole, gold=far, answered=False),
    ]
    assert objective(found) == pytest.approx((2.5 + 0.25) / 2 - 0.5 * 1 / 2 - 1)


def test_no_other_curve_has_a_smaller_loss() -> None:
    rng = np.random.default_rng(0)
    support = rng.random(300)
    right = rng.random(300) < 1 / (1 + np.exp(-(6 * support - 3)))
    slope, shift = curve(support, right)

    def loss(a: float, b: float) -> float:
        chance = [1 / (1 + math.exp(-(a * x + b))) for x in support]
        pairs = zip(chance, right, strict=True)
        return -sum(math.log(p if r else 1 - p) for p, r in pairs)

    best = loss(slope, shift)
    around = [(slope + da, shift + db) for da in (-0.2, 0, 0.2) for db in (-0.2, 0, 0.2)]
    assert all(loss(*other) >= best - 1e-3 for other in around)
    assert slope == pytest.approx(6, abs=1.5)


def test_no_other_factors_have_a_smaller_loss() -> None:
    rng = np.random.default_rng(1)
    rows = rng.random((200, 2))
    right = rng.random(200) < 1 / (1 + np.exp(-(4 * rows[:, 0] - 3 * rows[:, 1])))
    theta = logistic(rows, right, ridge=0.3)

    def loss(other: np.ndarray) -> float:
        total = 0.15 * float(other @ other)
        for (a, b), r in zip(rows, right, strict=True):
            chance = 1 / (1 + math.exp(-(other[0] * a + other[1] * b + other[2])))
            total -= math.log(chance if r else 1 - chance)
        return total

    steps = [step * np.eye(3)[n] for n in range(3) for step in (-0.05, 0.05)]
    assert all(loss(theta + step) > loss(theta) for step in steps)


def test_the_curve_of_what_support_tells_apart_entirely_is_finite() -> None:
    slope, shift = curve(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    assert 0 < slope < 1000
    assert 0.2 < -shift / slope < 0.8


def test_the_cuts_are_no_worse_than_those_in_force(cases: list[Case], settings: Settings) -> None:
    runs = [ran(case, WEIGHTS) for case in cases]
    cuts = thresholds(runs, WEIGHTS, settings.answer)
    assert 0 < cuts.related_at < 1
    assert 0 < cuts.answered_at < 1
    poor = msgspec.structs.replace(settings.answer, answered_at=0.99, related_at=0.98)

    def value(at: AnswerSettings) -> float:
        return objective([came(run, WEIGHTS, at) for run in runs])

    assert value(cuts) > value(poor)


def test_the_search_mends_a_weight_that_was_spoilt(cases: list[Case], settings: Settings) -> None:
    spoilt = msgspec.structs.replace(WEIGHTS, own=0.0, context=0.0, fused=0.0)
    plan = Plan(spoilt, settings.answer, rounds=1, pull=0.0)
    found = searched(cases, plan)
    before, after = (
        np.mean([ran(case, weights).soft for case in cases]) for weights in (spoilt, found)
    )
    assert after > before
    assert searched(cases, replace(plan, rounds=0)) == spoilt


def test_held_out_questions_are_answered_once_each_by_what_others_teach(
    cases: list[Case], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught: list[set[str]] = []

    def spying(some: list[Case], plan: Plan) -> Fit:
        taught.append({case.gold.question for case in some})
        return fit(some, plan)

    monkeypatch.setattr(fitting, "fit", spying)
    plan = Plan(WEIGHTS, settings.answer, rounds=0)
    for fold_of in (fitting.by_question(3), fitting.by_page(3)):
        taught.clear()
        found = fitting.cross_validated(cases, fold_of, plan)
        assert sorted(o.gold.question for o in found) == sorted(q.question for q in FEW)
        assert all(len(some) < len(FEW) for some in taught)
        held_out = [{q.question for q in FEW} - some for some in taught]
        assert sum(map(len, held_out)) == len(FEW)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    weights = msgspec.structs.replace(WEIGHTS, near=0.123)
    text = weights_file(weights, {"how": '"so"', "found@1, in sample": 0.5})
    fitted = msgspec.toml.decode(text, type=Fitted)
    assert fitted.weights == weights
    assert fitted.evidence == {"how": '"so"', "found@1, in sample": 0.5}


def test_thresholds_are_written_where_they_stand_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, code = tmp_path / "jiwen.toml", tmp_path / "settings.py"
    config.write_text("# 话\nanswered_at = 0.63\nrelated_at = 0.39\n", encoding="utf-8")
    code.write_text("    answered_at: _Share = 0.63\n    related_at: _Share = 0.39\n")
    monkeypatch.setattr("quality.writing.inspect.getfile", lambda module: str(code))
    fitted = Fit(WEIGHTS, AnswerSettings(answered_at=0.7, related_at=0.41))
    write(fitted, {}, weights=tmp_path / "weights.toml", config=config)
    assert config.read_text(encoding="utf-8") == "# 话\nanswered_at = 0.7\nrelated_at = 0.41\n"
    assert code.read_text() == "    answered_at: _Share = 0.7\n    related_at: _Share = 0.41\n"
    config.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match=r"jiwen\.toml"):
        write(fitted, {}, weights=tmp_path / "weights.toml", config=config)
