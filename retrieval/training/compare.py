"""Two models on the same questions: their scores, and whether the gain is more than chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import Encoder
from retrieval.training.evaluate import Score, ranks, score
from retrieval.training.material import Exam

Ranks = tuple[NDArray[np.int64], ...]  # one array a task

_RESAMPLES = 2000
_LIMITS = (2.5, 97.5)  # percentiles: an interval of 95 %


@dataclass(frozen=True, slots=True)
class Gain:
    """The gain in mean reciprocal rank, and the interval that holds it in 95 cases of 100."""

    mean: float
    low: float
    high: float


def exam_ranks(encoder: Encoder, exam: Exam) -> Ranks:
    """The ranks that ``encoder`` gives to what the tasks of ``exam`` ask for."""
    vectors = encoder.encode_passages(exam.tasks[0].passages)
    return tuple(ranks(encoder, task, vectors) for task in exam.tasks)


def exam_scores(exam: Exam, found: Ranks) -> dict[str, Score]:
    """The measures of each task that asks anything, by its name."""
    both = zip(exam.tasks, found, strict=True)
    return {task.name: score(places) for task, places in both if len(places)}


def mean_reciprocal_rank(found: Ranks) -> float:
    """Over all queries of all tasks; 0 where there are none."""
    places = np.concatenate(found)
    return float((1 / places).mean()) if len(places) else 0.0


def gain(exam: Exam, before: Ranks, after: Ranks, *, seed: int) -> Gain:
    """The gain from ``before`` to ``after``, by a paired bootstrap over stories.

    The queries of one story are drawn together, since they succeed and fail together.
    """
    names = [story for stories in exam.stories for story in stories]
    difference = 1 / np.concatenate(after) - 1 / np.concatenate(before)
    if not names:
        return Gain(0.0, 0.0, 0.0)
    _, owner = np.unique(names, return_inverse=True)
    sizes = np.bincount(owner).astype(np.float64)
    stories = np.stack([np.bincount(owner, weights=difference), sizes])
    low, high = np.percentile(_resampled(stories, seed), _LIMITS)
    return Gain(float(difference.mean()), float(low), float(high))


def _resampled(stories: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """The mean difference in each resample; ``stories``: (2, n), sums and numbers of queries."""
    rng, n = np.random.default_rng(seed), stories.shape[1]
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=_RESAMPLES)
    sums, sizes = stories @ drawn.T
    means: NDArray[np.float64] = sums / sizes
    return means
