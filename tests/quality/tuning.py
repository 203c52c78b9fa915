"""Cases → weights and thresholds: a coordinate search, a logistic curve, then two cuts on it.

What the search maximises moves with the scores themselves, not only with their order, and pulls
back to where it began: a few hundred questions hold few facts about twenty weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from retrieval.measures import answerable, near_miss
from retrieval.settings import AnswerSettings
from retrieval.weights import Curve, Weights

from .cases import Case, Flags, Floats, Outcome, Run, came, ran

# What may be fitted, and the steps that are tried from where each stands.
_SHARES = """synonym in_passage around name_in_passage name_around own context like kindless fused leaning dated
headline furniture kind_floor asked_floor named_floor when_floor""".split()  # noqa: SIM905 -- reads better
_SMALL = {"fused", "leaning", "dated", "headline", "furniture"}
_STEPS = dict.fromkeys(_SHARES, (-0.1, -0.05, 0.05, 0.1))
_STEPS |= dict.fromkeys(_SMALL, (-0.04, -0.02, 0.02, 0.04))
_STEPS |= dict.fromkeys(("near", "same"), (-0.1, -0.04, -0.02, 0.02, 0.04, 0.1))
_STEPS |= dict.fromkeys(("name", "focus"), (-0.3, 0.3))
_PULL = 0.02  # what a step of the second size costs at first, in found@1, over all
_WORTH = 0.001  # a change that gains less is none
_FIRM_RIDGE = 0.3  # of the curves over seven things, with few questions that have no report
_CURVED = ("support", "matter", "asked", "named", "missing", "letters", "like")
_RIDGE = 1e-3  # keeps the curve finite where support tells right from wrong entirely
_NEAR = 0.5
_SMOOTHED = 3  # a cut is as good as the mean of what it and its three neighbours on each side are


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights with their curve, and the thresholds on it."""

    weights: Weights
    settings: AnswerSettings


@dataclass(frozen=True, slots=True)
class Plan:
    """How to fit: from where, how many rounds of the search (0: only curve and cuts)."""

    start: Weights
    settings: AnswerSettings
    rounds: int = 3
    pull: float = _PULL


def fit(cases: Sequence[Case], plan: Plan) -> Fit:
    """The weights and thresholds that these cases teach.

    1. search the weights; 2. fit the curve; 3. cut it.
    """
    weights = searched(cases, plan)
    runs = [ran(case, weights) for case in cases]
    weights = _on_curve(weights, runs)
    return Fit(weights, thresholds(runs, weights, plan.settings))


def outcomes(cases: Sequence[Case], fitted: Fit) -> list[Outcome]:
    """What comes of the cases."""
    return [came(ran(case, fitted.weights), fitted.weights, fitted.settings) for case in cases]


def objective(found: Sequence[Outcome]) -> float:
    """Found@1, right and half of found@3 over what is answerable, less what is wrongly said.

    That is half the share of near misses answered, and the share of the other questions without
    an answer not refused.
    """
    good = [o.at_1 + o.right + 0.5 * o.at_3 for o in found if answerable(o.gold)]
    near = [1 - o.right for o in found if not answerable(o.gold) and near_miss(o.gold)]
    rest = [1 - o.right for o in found if not answerable(o.gold) and not near_miss(o.gold)]
    return _mean(good) - _NEAR * _mean(near) - _mean(rest)


def searched(cases: Sequence[Case], plan: Plan) -> Weights:
    """The weights that a coordinate search ends with."""
    weights, best = plan.start, _criterion(cases, plan.start, plan)
    for _ in range(plan.rounds):
        before = best
        for name in _STEPS:
            trials = [(_criterion(cases, w, plan), w) for w in _neighbours(weights, name)]
            value, trial = max(trials, key=lambda pair: pair[0], default=(best, weights))
            if value > best + _WORTH:
                weights, best = trial, value
        if best == before:
            break
    return weights


def _neighbours(weights: Weights, name: str) -> Iterator[Weights]:
    """The weights a step away in one of them."""
    value = getattr(weights, name)
    for step in _STEPS[name]:
        other = round(min(max(value + step, 0.0), 3.0 if name in ("name", "focus") else 1.0), 4)
        trial = msgspec.structs.replace(weights, **{name: other})
        if other != value and trial.near < trial.same:
            yield trial


def _criterion(cases: Sequence[Case], weights: Weights, plan: Plan) -> float:
    """What the search maximises: what is found, soft and hard, and how well support tells it."""
    runs = [ran(case, weights) for case in cases]
    open_ended = msgspec.structs.replace(plan.settings, related_at=0.0, answered_at=0.0)
    asked = [run for run in runs if answerable(run.case.gold)]
    found = [came(run, weights, open_ended) for run in asked]
    soft = _mean([run.soft for run in asked])
    hard = _mean([o.at_1 + 0.5 * o.at_3 for o in found])
    return soft + hard - _loss(runs) - _pulled(weights, plan)


def _pulled(weights: Weights, plan: Plan) -> float:
    """What it costs to have left the start: steps of the second size, squared."""
    away = [
        (getattr(weights, name) - getattr(plan.start, name)) / abs(steps[1])
        for name, steps in _STEPS.items()
    ]
    return plan.pull * float(np.square(away).mean())


def _on_curve(weights: Weights, runs: Sequence[Run]) -> Weights:
    """The weights with both curves: whether the best finding is right, whether on the matter."""
    told = [run for run in runs if run.findings]
    rows = np.array([_told(run) for run in told])
    right = np.array([run.whole for run in told], dtype=bool)
    held = np.array([answerable(run.case.gold) or near_miss(run.case.gold) for run in told])
    return msgspec.structs.replace(
        weights, answered=_curve(rows, right), related=_curve(rows, held)
    )


def _told(run: Run) -> list[float]:
    """What tells of the best finding of a run, in the order of ``_CURVED``."""
    first = run.findings[0]
    return [run.support, *(getattr(first, name) for name in _CURVED[1:])]


def _curve(rows: Floats, labels: Flags) -> Curve:
    """The logistic curve over what tells of the best findings."""
    *factors, bias = logistic(rows, labels, ridge=_FIRM_RIDGE).tolist()
    return Curve(bias=bias, **dict(zip(_CURVED, factors, strict=True)))


def _loss(runs: Sequence[Run]) -> float:
    """The mean log loss of the best curve over these runs."""
    support, right = _labels(runs)
    slope, shift = curve(support, right)
    margin = (slope * support + shift) * np.where(right, 1, -1)
    return float(np.logaddexp(0, -margin).mean())


def _labels(runs: Sequence[Run]) -> tuple[Floats, Flags]:
    """The support of each best finding, and whether it states the whole answer."""
    told = [run for run in runs if run.findings]
    return np.array([run.support for run in told]), np.array(
        [run.whole for run in told], dtype=bool
    )


def curve(support: Floats, right: Flags) -> tuple[float, float]:
    """Slope and shift of the logistic curve over one thing."""
    slope, shift = logistic(support[:, np.newaxis], right, ridge=_RIDGE).tolist()
    return max(slope, 1e-3), shift


def logistic(rows: Floats, right: Flags, *, ridge: float) -> Floats:
    """The factors of the columns and the bias, last, of a logistic regression.

    By Newton's method (iterated least squares), pulled to 0 by ``ridge``.
    """
    rows = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    theta = np.zeros(rows.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(rows @ theta, -30, 30)))
        gradient = rows.T @ (right - chance) - ridge * theta
        curvature = (rows * (chance * (1 - chance))[:, np.newaxis]).T @ rows
        step = np.linalg.solve(curvature + ridge * np.eye(len(theta)), gradient)
        theta += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-8:
            break
    return theta


def thresholds(runs: Sequence[Run], weights: Weights, settings: AnswerSettings) -> AnswerSettings:
    """The two cuts with the best objective, each smoothed over its neighbours."""
    related = np.arange(0.30, 0.98, 0.02)
    answered = np.arange(0.30, 0.92, 0.01)
    values = np.array([_row(runs, weights, settings, (float(r), answered)) for r in related])
    values = _smoothed(_smoothed(values, 0), 1)
    r, a = np.unravel_index(int(values.argmax()), values.shape)
    cuts = {"related_at": round(float(related[r]), 2), "answered_at": round(float(answered[a]), 2)}
    return msgspec.structs.replace(settings, **cuts)


def _row(
    runs: Sequence[Run], weights: Weights, settings: AnswerSettings, cuts: tuple[float, Floats]
) -> Floats:
    """The objective for one lower cut and many upper ones."""
    lower, uppers = cuts
    at = msgspec.structs.replace(settings, related_at=lower, answered_at=1.0)
    found = [came(run, weights, at) for run in runs]
    refused = np.array([o.refused for o in found])[:, np.newaxis]
    sure = ~refused & (np.array([o.confidence for o in found])[:, np.newaxis] >= uppers)
    asked = np.array([answerable(o.gold) for o in found])
    near = np.array([near_miss(o.gold) for o in found]) & ~asked
    shown = np.array([o.at_1 + 0.5 * o.at_3 for o in found])[asked].mean() if asked.any() else 0
    whole = np.array([o.at_1 == 1 for o in found])[:, np.newaxis]
    right = np.where(
        asked[:, np.newaxis], sure & whole, np.where(near[:, np.newaxis], ~sure, refused)
    )
    others = ~asked & ~near
    row: Floats = shown + _part(right, asked) - _NEAR * _part(~right, near) - _part(~right, others)
    return row


def _part(flags: Flags, of: Flags) -> Floats:
    mean: Floats = flags[of].mean(axis=0) if of.any() else np.zeros(flags.shape[1])
    return mean


def _smoothed(values: Floats, axis: int) -> Floats:
    """The mean of each value and its neighbours; the ends are repeated."""
    width = 2 * _SMOOTHED + 1
    pad = [(_SMOOTHED, _SMOOTHED) if n == axis else (0, 0) for n in range(values.ndim)]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, pad, "edge"), width, axis)
    mean: Floats = windows.mean(axis=-1)
    return mean


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
