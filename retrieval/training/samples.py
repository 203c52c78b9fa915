"""Training examples: slices of the store, shuffled each epoch, and the noise on their queries.

An example is a row ``(query start, query stop, passage start, passage stop)`` into ``flat``:
a headline and part of its body; the first sentence of a report and part of the rest; part of a
sentence and what stands beside it (the inverse cloze task of Lee, Chang & Toutanova 2019); a
question and its paragraph; a word and its synonym. Every batch is of one kind, since telling news
from laws teaches nothing. From the second epoch on, half of the large kinds are batched by topic,
so that what a batch tells apart is alike: the mined negatives of Hofstätter et al. 2021,
"Efficiently teaching an effective dense retriever with balanced topic aware sampling".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.training.corpus import TEXTS
from retrieval.training.store import KINDS, Ints, Store

_CLOZE_A_TEXT = 3  # sentences drawn from each text in an epoch
_CLOZE_KEPT = 0.1  # how often the passage holds the sentence itself
_QUERY_TOKENS = (4, 16)  # how much of a sentence makes a query
_PASSAGE_TOKENS = (40, 140)  # about 70 to 250 characters
_LONG_TOKENS = (140, 600)  # a whole report
_LONG = 0.3  # how often a headline is shown with that
_LEAD_TOKENS = 40  # of a first sentence
_TITLES = 2  # how often an epoch shows each headline
_TOPICAL = 0.5  # of the examples of a large kind
_LARGE = 20_000  # examples
# How often an epoch shows the pairs of each kind: questions are few and matter most.
_REPEATS = {
    "cmrc2018_train": 4,
    "dialogue_entity": 2,
    "abstracts": 2,
    "instructions": 1,
    "synonyms": 1,
    "everyday": 6,
    "colloquial": 6,
}


# Words of questions that say nothing of what is asked for; trained to weigh little.
_ASKERS = """
什么 多少 谁 哪里 哪儿 哪些 哪个 哪 几 吗 呢 怎么 怎么样 怎样 如何 为什么
为何 何时 何地 请问 有没有 是不是 是否 多大 多久 多长 多长时间 什么样 什么时候 几个 几次 哪一年
啥 咋 吧 啊 的 了 是 有 一共 总共 告诉 知道 我 想 问 一下
情况 事情 关于 相关 报道 新闻 最近 当时
"""


@dataclass(frozen=True, slots=True)
class Noise:
    """What is done to queries: words lost, words swapped for a synonym, question words added.

    ``synonyms``: (n, 2) word numbers, ordered by the first; ``first``: (n_words + 1,) where the
    rows of each word begin; ``askers``: the numbers of words that only ask.
    """

    synonyms: Ints
    first: Ints
    askers: Ints
    drop: float = 0.15
    swap: float = 0.12
    ask: float = 0.4


# (examples, generator) → an order of the examples in which neighbours are about the same.
Topics = Callable[[Ints, np.random.Generator], Ints]


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as bags of word numbers: ``flat`` (n_tokens,), ``starts`` (n_texts,)."""

    flat: Ints
    starts: Ints


def epoch(
    store: Store, rng: np.random.Generator, *, batch: int, topics: Topics | None = None
) -> list[Ints]:
    """The batches of one epoch in random order, each (n, 4) with n <= batch, of one kind."""
    batches = []
    for examples in _kinds(store, rng):
        full = examples[(examples[:, 0] < examples[:, 1]) & (examples[:, 2] < examples[:, 3])]
        full = full[rng.permutation(len(full))]
        if topics and len(full) > _LARGE:
            near, full = np.split(full, [int(_TOPICAL * len(full))])
            batches += _cut(near[topics(near, rng)], batch)
        batches += _cut(full, batch)
    order = rng.permutation(len(batches))
    return [batches[i] for i in order if len(batches[i]) > 1]


def _kinds(store: Store, rng: np.random.Generator) -> list[Ints]:
    """The examples of one epoch, kind by kind; they may have empty sides."""
    kinds = [
        np.concatenate([_titles(store, rng) for _ in range(_TITLES)]),
        np.concatenate([_cloze(store, rng), _leads(store, rng)]),
    ]
    for number, name in enumerate(KINDS):
        rows = np.flatnonzero(store.kinds == number)
        pairs = np.concatenate([store.queries[rows], store.passages[rows]], axis=1)
        kinds.append(np.repeat(pairs, _REPEATS[name], axis=0))
    return kinds


def _cut(examples: Ints, batch: int) -> list[Ints]:
    """The examples in their order, ``batch`` at a time."""
    return [examples[i : i + batch] for i in range(0, len(examples), batch)]


def gather(store: Store, slices: Ints) -> Bags:
    """The words of ``slices``, shape (n, 2)."""
    lengths = slices[:, 1] - slices[:, 0]
    starts = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) + np.repeat(slices[:, 0] - starts, lengths)
    return Bags(store.flat[places].astype(np.int64), starts)


def disturb(bags: Bags, noise: Noise, rng: np.random.Generator) -> Bags:
    """``bags`` with words dropped, swapped and added; no bag loses all its words."""
    lengths = np.diff(np.append(bags.starts, len(bags.flat)))
    owner = np.repeat(np.arange(len(lengths)), lengths)
    words = _swap(bags.flat, noise, rng)
    kept = rng.random(len(words)) >= noise.drop
    kept[bags.starts] |= np.bincount(owner, weights=kept, minlength=len(lengths)) == 0
    words, owner = words[kept], owner[kept]
    if len(noise.askers):
        asked = np.flatnonzero(rng.random(len(lengths)) < noise.ask)
        asked = np.repeat(asked, rng.integers(1, 4, len(asked)))
        words = np.concatenate([words, rng.choice(noise.askers, len(asked))])
        owner = np.concatenate([owner, asked])
        order = np.argsort(owner, kind="stable")
        words, owner = words[order], owner[order]
    return Bags(words, np.searchsorted(owner, np.arange(len(lengths))))


def synonym_noise(store: Store, n_words: int, askers: Ints) -> Noise:
    """The noise whose synonyms are the pairs of single words among the store's synonym pairs."""
    rows = np.flatnonzero(store.kinds == KINDS.index("synonyms"))
    left, right = store.queries[rows], store.passages[rows]
    single = (left[:, 1] - left[:, 0] == 1) & (right[:, 1] - right[:, 0] == 1)
    a = store.flat[left[single, 0]].astype(np.int64)
    b = store.flat[right[single, 0]].astype(np.int64)
    pairs = np.unique(np.concatenate([np.stack([a, b], 1), np.stack([b, a], 1)]), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return Noise(pairs, np.searchsorted(pairs[:, 0], np.arange(n_words + 1)), askers)


def _swap(words: Ints, noise: Noise, rng: np.random.Generator) -> Ints:
    """``words`` with some that have synonyms swapped for one."""
    first, n = noise.first[words], noise.first[words + 1] - noise.first[words]
    swapped = np.flatnonzero((rng.random(len(words)) < noise.swap) & (n > 0))
    out = words.copy()
    out[swapped] = noise.synonyms[first[swapped] + rng.integers(0, n[swapped]), 1]
    return out


def _titles(store: Store, rng: np.random.Generator) -> Ints:
    """Each headline with a stretch of its body, from the start half of the time."""
    start, stop = store.bodies.T
    long = rng.random(len(start)) < _LONG
    length = np.where(
        long, rng.integers(*_LONG_TOKENS, len(start)), rng.integers(*_PASSAGE_TOKENS, len(start))
    )
    return np.concatenate([store.titles, _stretch(start, stop, length, rng)], axis=1)


def _leads(store: Store, rng: np.random.Generator) -> Ints:
    """The first sentence of each news report with a stretch of the rest."""
    news = store.sources < TEXTS.index("news_web") + 1
    first = np.searchsorted(store.owner, np.flatnonzero(news))
    start, stop = store.sentences[first].T
    length = rng.integers(*_PASSAGE_TOKENS, len(start))
    rest = _stretch(stop, store.bodies[news, 1], length, rng)
    lead = np.stack([start, np.minimum(stop, start + _LEAD_TOKENS)], axis=1)
    return np.concatenate([lead, rest], axis=1)


def _stretch(start: Ints, stop: Ints, length: Ints, rng: np.random.Generator) -> Ints:
    """Slices of at most ``length`` between ``start`` and ``stop``, half of them at the start."""
    room = np.maximum(stop - start - length, 0)
    skipped = (room * rng.random(len(start)) * (rng.random(len(start)) < 0.5)).astype(np.int64)
    begin = start + skipped
    return np.stack([begin, np.minimum(begin + length, stop)], axis=1)


def _cloze(store: Store, rng: np.random.Generator) -> Ints:
    """Parts of random sentences with what follows, precedes, or now and then surrounds them."""
    n = min(len(store.bodies) * _CLOZE_A_TEXT, len(store.sentences))
    chosen = rng.choice(len(store.sentences), n, replace=False)
    start, stop = store.sentences[chosen].T
    body_start, body_stop = store.bodies[store.owner[chosen]].T
    query = rng.integers(*_QUERY_TOKENS, n)
    at = start + (np.maximum(stop - start - query, 0) * rng.random(n)).astype(np.int64)
    length = rng.integers(*_PASSAGE_TOKENS, n)
    after = body_stop - stop > start - body_start
    begin = np.where(after, stop, np.maximum(start - length, body_start))
    begin = np.where(rng.random(n) < _CLOZE_KEPT, start, begin)
    end = np.where(after, begin + length, np.maximum(start, begin + length))
    end = np.minimum(end, np.where(after | (begin == start), body_stop, start))
    return np.stack([at, np.minimum(at + query, stop), begin, end], axis=1)


def asker_numbers(words: Sequence[str]) -> Ints:
    """The numbers of words that ask and say nothing of what is asked for."""
    number = {word: i for i, word in enumerate(words)}
    return np.array([number[w] for w in _ASKERS.split() if w in number], dtype=np.int64)
