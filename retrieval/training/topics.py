"""Examples in the order of their topics, by the vectors that the table gives so far."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.training.model import encode
from retrieval.training.samples import gather
from retrieval.training.store import Ints, Store

_TOPICS = 400  # k-means centroids, at most one for 64 examples
_ROUNDS = 6
_SAMPLE = 64  # examples a centroid
_BLOCK = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class TopicOrder:
    """Orders examples by spherical k-means over their passages."""

    store: Store
    table: torch.Tensor  # (n_words, dimension), detached

    def __call__(self, examples: Ints, rng: np.random.Generator) -> Ints:
        """The places of ``examples``, (n, 4), topic after topic, in random order within each."""
        vectors = self._vectors(examples)
        n_topics = min(_TOPICS, max(1, len(examples) // _SAMPLE))
        clusters = faiss.Kmeans(
            vectors.shape[1],
            n_topics,
            niter=_ROUNDS,
            seed=int(rng.integers(1 << 30)),
            max_points_per_centroid=_SAMPLE,
            spherical=True,
        )
        clusters.train(vectors[rng.permutation(len(vectors))[: n_topics * _SAMPLE]])
        topic = clusters.index.search(vectors, 1)[1][:, 0]
        turn = rng.permutation(n_topics)
        order: Ints = np.lexsort((rng.random(len(examples)), turn[topic]))
        return order

    def _vectors(self, examples: Ints) -> NDArray[np.float32]:
        """The vectors of the examples' passages, shape (n, dimension), unit length."""
        blocks = range(0, len(examples), _BLOCK)
        with torch.no_grad():
            return np.concatenate(
                [
                    encode(self.table, gather(self.store, examples[i : i + _BLOCK, 2:])).numpy()
                    for i in blocks
                ]
            )
