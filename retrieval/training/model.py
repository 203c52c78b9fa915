"""The table of word rows while it is trained, and the loss.

A word's row is its own vector plus the mean of its characters' vectors, times a gain that starts
at the word's rarity; what is shipped is the finished table, so nothing of this is needed to read
it. The characters let rare words learn from frequent ones that share them (Bojanowski et al. 2017,
"Enriching word vectors with subword information"). Without them recall is lower (see README).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from retrieval.training.samples import Bags

_SCALE = 20.0  # 1 / temperature


class WordTable(torch.nn.Module):
    """The trained parts of the table; row 0, the unknown token, stays zero."""

    spelling: torch.Tensor
    starts: torch.Tensor
    known: torch.Tensor

    def __init__(
        self, start: NDArray[np.float32], gains: NDArray[np.float32], words: Sequence[str]
    ) -> None:
        super().__init__()
        spelling, starts, n_chars = _spelling(words)
        self.own = torch.nn.Parameter(torch.from_numpy(start.copy()))
        self.chars = torch.nn.Parameter(torch.zeros(n_chars, start.shape[1]))
        self.gain = torch.nn.Parameter(torch.from_numpy(gains).log().unsqueeze(1))
        self.register_buffer("spelling", spelling, persistent=False)
        self.register_buffer("starts", starts, persistent=False)
        known = torch.ones(len(words), 1)
        known[0] = 0
        self.register_buffer("known", known, persistent=False)

    def forward(self) -> torch.Tensor:
        """All rows, shape (n_words, dimension)."""
        shared = functional.embedding_bag(self.spelling, self.chars, self.starts, mode="mean")
        rows: torch.Tensor = self.known * self.gain.exp() * (self.own + shared)
        return rows


def encode(table: torch.Tensor, bags: Bags) -> torch.Tensor:
    """The vectors of ``bags``, shape (n_texts, dimension), unit length."""
    ids, starts = torch.from_numpy(bags.flat), torch.from_numpy(bags.starts)
    return functional.normalize(functional.embedding_bag(ids, table, starts, mode="sum"))


def contrast(queries: torch.Tensor, passages: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    """The mean loss of telling each query's passage, and each passage's query, from the batch's.

    ``same``: (n, n) bool, pairs off the diagonal that are right too and do not count as wrong.
    Source: van den Oord, Li & Vinyals 2018, "Representation learning with contrastive predictive
    coding" (InfoNCE), in both directions as in CLIP.
    """
    scores = (queries @ passages.T * _SCALE).masked_fill(same, float("-inf"))
    right = torch.arange(len(scores))
    forth = functional.cross_entropy(scores, right)
    return (forth + functional.cross_entropy(scores.T, right)) / 2


def _spelling(words: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor, int]:
    """The characters of all words as one bag each, and how many characters there are.

    The unknown token, first of ``words``, is spelt with no character.
    """
    number: dict[str, int] = {}
    flat: list[int] = []
    starts = [0]
    for word in words[1:]:
        starts.append(len(flat))
        flat += [number.setdefault(char, len(number)) for char in word]
    return torch.tensor(flat), torch.tensor(starts), len(number)
