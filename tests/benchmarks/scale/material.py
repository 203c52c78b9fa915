"""Pages for a large archive: news items of the corpus, repeated with variation past its size."""

from __future__ import annotations

import io
import json
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import zstandard

from bot.settings import read_config
from retrieval.articles import split_page
from retrieval.pages import read_page
from retrieval.passages import split_article
from retrieval.settings import Settings

Row = dict[str, str | None]
_FILES = ("news_tv.jsonl.zst", "news_web.jsonl.zst")
_LEAST_CHARS = 40
_PASSAGE_CHARS = 190  # of a body, on average
_PAGE_ITEMS = 40
_FIRST_DAY = date(1990, 1, 1)
_DAYS = 12_000
_PAPERS = ("辽源日报", "吉林日报", "城市晚报", "四平日报", None)
SEED = 17
# The first pages are all split and counted, of the others one in so many: each item's length says
# how many passages it makes but for a factor, which drifts from one source to the next.
_ALL_COUNTED, _ONE_IN = 40, 8
_LATEST = 10  # counted pages from which the factor is taken: forty lag behind by 0.7 % at a million


@dataclass(slots=True)
class Gauge:
    """Counts the passages of pages; most by their length, set right by those that are split."""

    seeds: Path
    settings: Settings
    passages: float = 0.0
    _pages: int = 0
    _latest: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=_LATEST))

    @property
    def factor(self) -> float:
        """How many passages there really are to each that was expected."""
        real, expected = (
            (sum(column) for column in zip(*self._latest, strict=True)) if self._latest else (1, 1)
        )
        return real / expected

    def add(self, page_id: str, rows: Sequence[Row]) -> None:
        """Count a page that has been written."""
        if self._pages < _ALL_COUNTED or self._pages % _ONE_IN == 0:
            real = passages_of(self.seeds, page_id, self.settings)
            self._latest.append((real, sum(map(expected, rows))))
            self.passages += real
        else:
            self.passages += sum(map(expected, rows)) * self.factor
        self._pages += 1


def expected(row: Row) -> int:
    """About how many passages an item makes: its headline, and its body by its length."""
    return 1 + max(1, round(len(str(row["text"])) / _PASSAGE_CHARS))


def passages_of(seeds: Path, page_id: str, settings: Settings) -> int:
    """How many passages a page makes, by the rules that a build follows."""
    articles = split_page(read_page(seeds, page_id, settings), settings)
    return sum(len(split_article(article, settings)) for article in articles)


def write_pages(
    corpus: Path,
    seeds: Path,
    n_passages: int,
    *,
    seed: int = SEED,
    tell: Callable[[int], None] = lambda _: None,
) -> int:
    """Write pages of so many passages, within one in a hundred; how many pages.

    The same each time. ``tell`` hears how many passages there are.
    """
    seeds.mkdir(parents=True, exist_ok=True)
    gauge = Gauge(seeds, read_config(None).archive)
    rows = _varied(corpus, random.Random(seed))
    pages = 0
    while page := _page(rows, n_passages - gauge.passages, gauge.factor):
        name = f"{pages:06d}.jsonl"
        lines = (json.dumps(row, ensure_ascii=False) for row in page)
        (seeds / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        gauge.add(name, page)
        pages += 1
        tell(round(gauge.passages))
    return pages


def _page(rows: Iterator[Row], room: float, factor: float) -> list[Row]:
    """The next items for which there is room."""
    page: list[Row] = []
    for row in islice(rows, _PAGE_ITEMS):
        room -= expected(row) * factor
        if room < 0:
            break
        page.append(row)
    return page


def _varied(corpus: Path, rng: random.Random) -> Iterator[Row]:
    """The items; from the second time on with other figures, and their sentences parted anew."""
    for time in range(1_000):
        for title, text in _items(corpus):
            body = text if time == 0 else _other(text, rng)
            day = _FIRST_DAY + timedelta(rng.randrange(_DAYS))
            paper = rng.choice(_PAPERS)
            yield {"title": title, "text": body, "date": day.isoformat(), "newspaper": paper}


def _items(corpus: Path) -> Iterator[tuple[str, str]]:
    for name in _FILES:
        with (corpus / "text" / name).open("rb") as file:
            lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), "utf-8")
            for line in lines:
                row = json.loads(line)
                text = str(row.get("text") or "").strip()
                if len(text) >= _LEAST_CHARS:
                    yield str(row.get("title") or ""), text


def _other(text: str, rng: random.Random) -> str:
    """A text like this one: a tenth of its sentences left out, other figures in the rest."""
    kept = [s for s in text.split("。") if rng.random() > 0.1]
    varied = "".join(str(rng.randrange(10)) if c.isdigit() else c for c in "。".join(kept))
    return varied if len(varied) >= _LEAST_CHARS else text
