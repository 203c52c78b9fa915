"""Pages for a large archive: news items of the corpus, repeated with variation past its size."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import zstandard

_FILES = ("news_tv.jsonl.zst", "news_web.jsonl.zst")
_LEAST_CHARS = 40
_PASSAGE_CHARS = 190  # of a body, on average
_PAGE_ITEMS = 40
_FIRST_DAY = date(1990, 1, 1)
_DAYS = 12_000
_PAPERS = ("辽源日报", "吉林日报", "城市晚报", "四平日报", None)


def write_pages(corpus: Path, seeds: Path, n_passages: int) -> int:
    """Write pages of about so many passages; how many pages. The same each time."""
    seeds.mkdir(parents=True)
    rng = random.Random(17)
    pages = written = 0
    rows = _varied(corpus, rng)
    while written < n_passages:
        page = list(islice(rows, _PAGE_ITEMS))
        lines = (json.dumps(row, ensure_ascii=False) for row in page)
        (seeds / f"{pages:06d}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        written += sum(1 + max(1, round(len(str(row["text"])) / _PASSAGE_CHARS)) for row in page)
        pages += 1
    return pages


def _varied(corpus: Path, rng: random.Random) -> Iterator[dict[str, str | None]]:
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
