"""The rows of a static model: one vector a word, stored in eight or sixteen bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from retrieval.cutters import damaged

Floats = NDArray[np.float32]

WEIGHTS = "model.safetensors"
_NAMES = ("embedding.weight", "embeddings")  # sentence-transformers, model2vec
_SCALE = "embedding.scale"
_LEVELS = 127  # of one sign, in eight bits


@dataclass(frozen=True, slots=True, eq=False)
class WordRows:
    """``stored`` (n_rows, dimension), floats, or int8 to be multiplied by ``scale`` (n_rows,)."""

    stored: NDArray[np.floating] | NDArray[np.int8]
    scale: Floats

    @classmethod
    def open(cls, folder: Path) -> WordRows:
        """The rows in the ``model.safetensors`` of ``folder``.

        Raises:
            EncoderError: it is missing or damaged.
        """
        path = folder / WEIGHTS
        try:
            with safe_open(path, framework="numpy") as tensors:
                held = set(tensors.keys())
                stored = tensors.get_tensor(next(name for name in _NAMES if name in held))
                scale = tensors.get_tensor(_SCALE) if _SCALE in held else np.ones(len(stored))
        except (OSError, SafetensorError, StopIteration, TypeError) as error:
            raise damaged(path, error) from error
        quantised = stored.dtype == np.int8 and _SCALE in held
        if stored.ndim != 2 or not (quantised or np.issubdtype(stored.dtype, np.floating)):
            raise damaged(path, f"rows of shape {stored.shape} and type {stored.dtype}")
        if scale.shape != (len(stored),):
            raise damaged(path, f"{len(stored)} rows and scales of shape {scale.shape}")
        return cls(stored, scale.astype(np.float32))

    @classmethod
    def quantise(cls, rows: Floats) -> WordRows:
        """``rows`` (n_rows, dimension) in eight bits, each row scaled by its largest number."""
        largest = np.abs(rows).max(axis=1, initial=0)
        scale = (np.where(largest > 0, largest, 1) / _LEVELS).astype(np.float32)
        return cls(np.rint(rows / scale[:, np.newaxis]).astype(np.int8), scale)

    def save(self, folder: Path) -> None:
        """Write the ``model.safetensors`` of ``folder``, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file(
            {_NAMES[0]: np.ascontiguousarray(self.stored), _SCALE: self.scale}, folder / WEIGHTS
        )
        (folder / WEIGHTS).chmod(0o644)  # safetensors leaves it to the owner alone

    def __len__(self) -> int:
        return len(self.stored)

    @property
    def dimension(self) -> int:
        """The length of a row."""
        return int(self.stored.shape[1])

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> Floats:
        """The rows of these numbers, shape (n, dimension)."""
        found: Floats = self.stored.take(rows, axis=0).astype(np.float32)
        found *= self.scale.take(rows)[:, np.newaxis]
        return found

    def sums(self, texts: Sequence[Sequence[int]]) -> Floats:
        """The sum of the rows of each text, shape (n_texts, dimension); zeros for an empty one."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for place, rows in enumerate(texts):
            if rows:
                # A gather and a product a text: 13 microseconds for 70 words of 256 dimensions,
                # where one sparse product over a table of floats four times as large takes 11.
                held = self.stored.take(rows, axis=0).astype(np.float32)
                out[place] = self.scale.take(rows) @ held
        return out
