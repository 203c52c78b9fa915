"""One story printed more than once: in two papers, on two days, whole or cut short.

Two prints share nearly all their wording and contradict each other in no figure: two bulletins of
the same form about two days (累计7例, 累计8例) are two stories.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from functools import lru_cache

from retrieval.folding import fold_all
from retrieval.records import Article

# The share of the shorter print's character triples that the longer one holds, too. Among 300
# stories printed again and cut in half, 3 Han characters of 100 misread in either print, .97 are
# found (.94 at 5 of 100); among 44 850 pairs of different stories none is: those above .66 are of
# one form and differ in figures.
_SHARED = 0.70
_CHARS = 0.85  # the same of single characters: a quick look that spares most pairs the triples
_SHORT_CHARS = 40  # of a shorter body too little can be said: it must be the same
_TEXTS = 64
_FIGURE = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万亿零〇两]{2,}")


def reprints(articles: Sequence[Article]) -> dict[str, str]:
    """Each article that reprints an earlier one of the sequence → that one, by id.

    Compared are their bodies folded, without white space; of a picture or notice without one, its
    headline.
    """
    found: dict[str, str] = {}
    folded = fold_all([article.body.text or article.headline.text for article in articles])
    texts = {a.id: "".join(text.split()) for a, text in zip(articles, folded, strict=True)}
    heads: list[str] = []
    for one in texts:
        head = next((other for other in heads if is_reprint(texts[one], texts[other])), None)
        if head is None:
            heads.append(one)
        else:
            found[one] = head
    return found


def is_reprint(one: str, other: str) -> bool:
    """Whether two bare texts are prints of the same story."""
    short, long = sorted((one, other), key=lambda text: (len(text), text))
    if len(short) < _SHORT_CHARS:
        return short == long and bool(short)
    if _share(_chars(short), _chars(long)) < _CHARS or _figures(short) - _figures(long):
        return False
    return _share(_triples(short), _triples(long)) >= _SHARED


def _share(wanted: Set[str], held: Set[str]) -> float:
    """The share of those wanted that are held."""
    return len(wanted & held) / len(wanted)


# A text is held against several others.
@lru_cache(_TEXTS)
def _chars(text: str) -> frozenset[str]:
    return frozenset(text)


@lru_cache(_TEXTS)
def _figures(text: str) -> Counter[str]:
    return Counter(_FIGURE.findall(text))


@lru_cache(_TEXTS)
def _triples(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))
