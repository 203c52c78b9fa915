"""Quotes cut again from the raw file: what differs is not sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from retrieval.cleaning import restore
from retrieval.errors import PageError
from retrieval.pages import decode, line_of
from retrieval.records import Article, CleanText, Passage, Span

_CACHED_PAGES = 32


@dataclass(frozen=True, slots=True)
class Failure:
    """A passage whose words do not stand in its page as the index says."""

    passage_id: str
    why: str


class Prover:
    """The raw pages of a seeds folder, each read again when its file changes."""

    def __init__(self, seeds: Path) -> None:
        self._seeds = seeds
        self._read = lru_cache(maxsize=_CACHED_PAGES)(_read)

    def raw(self, page_id: str) -> str:
        """The decoded text of a page as its file stands now.

        Raises:
            PageError: the file is gone or cannot be read.
        """
        path = self._seeds / page_id
        try:
            stat = path.stat()
            return self._read(path, (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size))
        except (OSError, UnicodeDecodeError) as error:
            raise PageError(f"{path}: cannot be read ({error}); run `jiwen index`") from error

    def proven(self, page_id: str, clean: CleanText) -> bool:
        """Whether the spans of the text, cut from the file now, are the text exactly."""
        try:
            raw = self.raw(page_id)
        except PageError:
            return False
        return stands(raw, clean)

    def lines(self, page_id: str, spans: tuple[Span, ...]) -> tuple[int, int]:
        """The first and last line of the page, from 1, that the spans touch."""
        raw = self.raw(page_id)
        return line_of(raw, spans[0][0]), line_of(raw, spans[-1][1] - 1)

    def check(self, article: Article, passages: list[Passage]) -> list[Failure]:
        """The passages of an article that its page does not bear out."""
        try:
            raw = self.raw(article.page_id)
        except PageError as error:
            return [Failure(passage.id, str(error)) for passage in passages]
        why = f"{article.page_id}: the page differs from the index; run `jiwen index`"
        return [Failure(p.id, why) for p in passages if not stands(raw, p.clean)]


def stands(raw: str, clean: CleanText) -> bool:
    """Whether the spans are increasing, within the page, and joined equal the text."""
    edges = [edge for span in clean.spans for edge in span]
    ordered = all(a < b for a, b in clean.spans) and edges == sorted(edges)
    within = not edges or (edges[0] >= 0 and edges[-1] <= len(raw))
    return ordered and within and restore(raw, clean.spans) == clean.text


def _read(path: Path, _stamp: tuple[int, int, int]) -> str:
    """The decoded file; the stamp is part of the cache's key, so a changed file is read again."""
    return decode(path.read_bytes())[0]
