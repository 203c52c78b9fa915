"""The systems by name: where each is built, and what it needs that the project does not bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final


@dataclass(frozen=True, slots=True)
class System:
    """``door`` is ``module:function``; ``needs`` are modules with the distributions they come in."""

    door: str
    needs: Mapping[str, str]

    def missing(self) -> list[str]:
        """The distributions that are not installed."""
        return [pip for module, pip in self.needs.items() if find_spec(module) is None]


OURS: Final = "jiwen"
_BM25 = {"rank_bm25": "rank-bm25"}
_HAYSTACK = {"haystack": "haystack-ai"}
SYSTEMS: dict[str, System] = {
    "chunks+faiss": System("tests.benchmarks.afternoon.simple:vectors", {}),
    "rank-bm25": System("tests.benchmarks.afternoon.simple:words", _BM25),
    "both, fused": System("tests.benchmarks.afternoon.simple:both", _BM25),
    "haystack": System("tests.benchmarks.afternoon.peers:haystack", _HAYSTACK),
    "haystack+jieba": System("tests.benchmarks.afternoon.peers:haystack_words", _HAYSTACK),
    "txtai": System("tests.benchmarks.afternoon.peers:txtai", {"txtai": "txtai"}),
    OURS: System("tests.benchmarks.afternoon.product:jiwen", {}),
}
