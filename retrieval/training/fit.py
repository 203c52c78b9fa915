"""The training loop: epochs of contrastive batches, resumable from the last finished epoch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from retrieval.training.model import WordTable, contrast, encode
from retrieval.training.samples import Noise, disturb, epoch, gather
from retrieval.training.store import Ints, Store
from retrieval.training.topics import TopicOrder

_WARM_STEPS = 100
_LAST_RATE = 0.05  # of the peak, at the end of the cosine


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train."""

    epochs: int
    batch: int
    rate: float
    seed: int
    max_steps: int | None = None  # of each epoch; for trials


Report = Callable[[int, float, float], None]  # epoch from 1, mean loss, seconds


def fit(
    table: WordTable, store: Store, noise: Noise, plan: Plan, *, folder: Path, report: Report
) -> None:
    """Train ``table`` in place, saving each epoch in ``folder`` and going on from what is there."""
    optimizer = torch.optim.Adam(table.parameters(), lr=plan.rate, fused=True)
    done = _resume(folder / "checkpoint.safetensors", table, optimizer)
    for number in range(done, plan.epochs):
        began = time.monotonic()
        rng = np.random.default_rng([plan.seed, number])
        topics = TopicOrder(store, table().detach()) if number else None
        batches = epoch(store, rng, batch=plan.batch, topics=topics)[: plan.max_steps]
        losses = []
        for i, batch in enumerate(batches):
            share = (number + i / len(batches)) / plan.epochs
            _set_rate(optimizer, plan.rate, share, number * len(batches) + i)
            losses.append(step(optimizer, batch_loss(table, store, noise, batch, rng)))
        _save(folder / "checkpoint.safetensors", table, optimizer, number + 1)
        report(number + 1, float(np.mean(losses)), time.monotonic() - began)


def batch_loss(
    table: Callable[[], torch.Tensor],
    store: Store,
    noise: Noise,
    batch: Ints,
    rng: np.random.Generator,
) -> torch.Tensor:
    """The loss of one batch of examples under the rows of ``table``, its queries disturbed."""
    rows = table()
    queries = encode(rows, disturb(gather(store, batch[:, :2]), noise, rng))
    passages = encode(rows, gather(store, batch[:, 2:]))
    return contrast(queries, passages, torch.from_numpy(_alike(batch, store)))


def _alike(batch: Ints, store: Store) -> NDArray[np.bool_]:
    """Which examples of the batch are as right for each other as for themselves, shape (n, n).

    They share a query or a passage, or both passages stand in one text.
    """
    query, passage = batch[:, 0], batch[:, 2]
    same: NDArray[np.bool_] = (query[:, None] == query) | (passage[:, None] == passage)
    in_text = passage < store.bodies[-1, 1]
    text = np.searchsorted(store.bodies[:, 0], passage, side="right")
    text = np.where(in_text, text, -1 - np.arange(len(batch)))
    same |= text[:, None] == text
    np.fill_diagonal(same, val=False)
    return same


def step(optimizer: torch.optim.Adam, loss: torch.Tensor) -> float:
    """One step down the slope; the loss."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    optimizer.step()
    return float(loss.detach())


def _set_rate(optimizer: torch.optim.Adam, peak: float, share: float, step: int) -> None:
    """A short linear rise, then a cosine down to a twentieth."""
    cosine = (1 + math.cos(math.pi * share)) / 2
    rate = peak * (_LAST_RATE + (1 - _LAST_RATE) * cosine) * min(1.0, (step + 1) / _WARM_STEPS)
    for group in optimizer.param_groups:
        group["lr"] = rate


def _save(path: Path, table: WordTable, optimizer: torch.optim.Adam, done: int) -> None:
    """Write the table and Adam's state; aside first, so that a killed run keeps the last one."""
    tensors = {f"table.{name}": value for name, value in table.state_dict().items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"adam.{number}.{name}": value for name, value in state.items()}
    aside = path.with_suffix(".new")
    save_file(tensors, aside, metadata={"epochs": str(done)})
    aside.replace(path)


def _resume(path: Path, table: WordTable, optimizer: torch.optim.Adam) -> int:
    """Load what ``_save`` wrote, if it did; how many epochs are done."""
    if not path.is_file():
        return 0
    with safe_open(path, framework="pt") as file:
        done = int(file.metadata()["epochs"])
    tensors = load_file(path)
    table.load_state_dict({k[6:]: v for k, v in tensors.items() if k.startswith("table.")})
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("adam."):
            _, number, name = key.split(".", 2)
            state.setdefault(int(number), {})[name] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
    return done
