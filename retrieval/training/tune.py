"""A static model's rows moved by an archive's own texts: few steps, stopped in time.

Only the rows of words that stand in the texts are trained; the losses are those of the recipe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from retrieval.cutters import LongestWords
from retrieval.training.corpus import Text
from retrieval.training.fit import batch_loss, step
from retrieval.training.samples import Noise, asker_numbers, epoch
from retrieval.training.store import Ints, Store, build_store
from retrieval.wordrows import Floats

_EPOCHS = 8
_PATIENCE = 2  # epochs without a gain on the development share
_BATCH = 512
_RATE = 0.002
_SHARES = (0.25, 0.5, 0.75, 1.0)  # of the way from the start rows to the trained ones


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Texts as row numbers, counted anew over the rows that occur: ``used`` gives the old ones."""

    store: Store
    used: Ints
    noise: Noise


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """The best rows on the development share, how far to go towards them, and after how long."""

    rows: Floats
    alpha: float
    epochs: int


@dataclass(frozen=True, slots=True)
class Jury:
    """Judges of rows of the used words: ``likes``, higher is better, and ``allows`` at all."""

    likes: Callable[[Floats], float]
    allows: Callable[[Floats], bool]


def lessons(cutter: LongestWords, texts: Iterable[Text]) -> Lessons:
    """The lessons of folded ``texts``."""
    store = build_store(cutter, texts, ())
    used, flat = np.unique(store.flat, return_inverse=True)
    words = [cutter.listed[row] for row in used]
    none = np.zeros((0, 2), dtype=np.int64)
    noise = Noise(none, np.zeros(len(used) + 1, dtype=np.int64), asker_numbers(words))
    compact = replace(store, flat=flat.astype(np.uint16))
    return Lessons(compact, used.astype(np.int64), noise)


def tune(
    start: Floats,
    taught: Lessons,
    jury: Jury,
    *,
    seed: int,
    on: Callable[[int, int], bool],
) -> Tuned:
    """The rows after training from ``start``, (n_used, dimension), and the share to take of them.

    ``on`` is told how many steps are done, of how many at most, and says whether there is time for
    one more. Training stops when ``jury`` has liked nothing better for a while.
    """
    rows = torch.nn.Parameter(torch.from_numpy(start.copy()))
    optimizer = torch.optim.Adam([rows], lr=_RATE, fused=True)
    best, best_value, best_epoch = start, jury.likes(start), 0
    for number in range(1, _EPOCHS + 1):
        rng = np.random.default_rng([seed, number])
        batches = epoch(taught.store, rng, batch=_BATCH)
        done, planned = (number - 1) * len(batches), _EPOCHS * len(batches)
        steps = _steps(rows, optimizer, taught, batches, rng)
        in_time = all(on(done + i, planned) for i, _ in enumerate(steps, start=1))
        value = jury.likes(rows.detach().numpy())
        if value > best_value:
            best, best_value, best_epoch = rows.detach().numpy().copy(), value, number
        if not in_time or number - best_epoch >= _PATIENCE:
            break
    return Tuned(best, _share(start, best, jury), best_epoch)


def _steps(
    rows: torch.nn.Parameter,
    optimizer: torch.optim.Adam,
    taught: Lessons,
    batches: Sequence[Ints],
    rng: np.random.Generator,
) -> Iterator[float]:
    """Goes down one batch after another; the losses."""
    for batch in batches:
        yield step(optimizer, batch_loss(lambda: rows, taught.store, taught.noise, batch, rng))


def _share(start: Floats, best: Floats, jury: Jury) -> float:
    """How far to go from ``start`` to ``best``: the share liked most of those allowed, or 0."""
    between = {share: start + share * (best - start) for share in _SHARES}
    values = {share: jury.likes(rows) for share, rows in between.items() if jury.allows(rows)}
    values = {0.0: jury.likes(start)} | values
    return max(values, key=lambda share: values[share])
