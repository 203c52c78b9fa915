"""What a developer would build in an afternoon: windows with vectors, with BM25, or with both."""

from __future__ import annotations

from collections.abc import Callable

from ..retrievers.fusion import Scored, fuse
from .records import Ask, Job, K, Shown, ranked
from .windows import cut

_DEEP = 100  # windows of each ranking that are fused
Search = Callable[[str, int], Scored]  # a question, how many → rows and scores, best first


def vectors(job: Job) -> Ask:
    """Cosines of a sentence-transformers model, exact, in FAISS."""
    texts = cut(job)
    return _asking(texts, _dense(texts, job.model))


def words(job: Job) -> Ask:
    """BM25 over jieba's words."""
    texts = cut(job)
    return _asking(texts, _bm25(texts))


def both(job: Job) -> Ask:
    """Reciprocal rank fusion of the two."""
    texts = cut(job)
    legs = (_dense(texts, job.model), _bm25(texts))
    return _asking(texts, lambda question, k: fuse([leg(question, _DEEP) for leg in legs])[:k])


def _dense(texts: list[Shown], name: str) -> Search:
    import faiss
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        name, trust_remote_code=True
    )  # the built-in model is a class of ours
    encoded = model.encode([one.text for one in texts], normalize_embeddings=True)
    index = faiss.IndexFlatIP(encoded.shape[1])
    index.add(encoded)

    def search(question: str, k: int) -> Scored:
        asked = model.encode([question], normalize_embeddings=True)
        scores, rows = index.search(asked, min(k, len(texts)))
        return list(zip(rows[0].tolist(), scores[0].tolist(), strict=True))

    return search


def _bm25(texts: list[Shown]) -> Search:
    import jieba
    import numpy as np
    from rank_bm25 import BM25Okapi

    ranking = BM25Okapi([jieba.lcut(one.text) for one in texts])

    def search(question: str, k: int) -> Scored:
        scores = ranking.get_scores(jieba.lcut(question))
        best = np.argsort(-scores, kind="stable")[:k]
        return [(int(row), float(scores[row])) for row in best]

    return search


def _asking(texts: list[Shown], search: Search) -> Ask:
    return lambda question: ranked(texts[row] for row, _ in search(question, K))
