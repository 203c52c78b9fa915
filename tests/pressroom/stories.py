"""Stories to lay out: invented ones kept beside this file, and those of a corpus folder."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import zstandard

from .records import Genre, Part, Role, Story

_INVENTED = Path(__file__).with_name("stories.txt")
_MARKS = {"^ ": Role.KICKER, "= ": Role.TITLE, "- ": Role.SUBTITLE, "# ": Role.SUBHEAD}
_NEWS = "text/news_tv.jsonl.zst"
_STEP = 16  # one row of so many: four thousand stories
_BROADCAST = re.compile(r"本台|央视|主播|观众朋友|快讯|联播|简讯|今天节目|主持人|记者[:：]|字幕")
_OPENING = re.compile(r"^(?:央视网消息|据央视新闻消息)?(?:[(（][^)）]{1,12}[)）])?[:：,，]?\s*")
_LABEL = re.compile(r"^(?:【[^】]*】|\[[^\]]*\])\s*")
_PARAGRAPH_ENDS = "。！？；：”…"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Stories by use: ``news`` may come from anywhere, ``small`` is always invented."""

    news: tuple[Story, ...]
    small: tuple[Story, ...]


@cache
def invented() -> Shelf:
    """The stories written for this purpose."""
    blocks = _INVENTED.read_text(encoding="utf-8").strip().split("\n\n")
    stories = [_story(block.splitlines()) for block in blocks]
    large = (Genre.NEWS, Genre.REPORT)
    return Shelf(
        tuple(s for s in stories if s.genre in large),
        tuple(s for s in stories if s.genre not in large),
    )


def of_corpus(folder: Path) -> Shelf:
    """Television news that could stand in a newspaper, with the invented small items and features.

    Features and reports are invented: the corpus marks no headings inside a text.
    """
    own = invented()
    features = tuple(s for s in own.news if s.has_subheads)
    return Shelf((*_television(folder / _NEWS), *features), own.small)


def _story(lines: list[str]) -> Story:
    """One block of the stories' file: ``@ genre``, then a part a line."""
    genre, *rest = lines
    return Story(Genre(genre.removeprefix("@ ")), tuple(map(_part, rest)))


def _part(line: str) -> Part:
    """A headline by its mark, or a paragraph."""
    role = _MARKS.get(line[:2], Role.PARAGRAPH)
    return Part(role, line if role is Role.PARAGRAPH else line[2:])


def _television(path: Path) -> Iterator[Story]:
    """Items of 80 to 2500 characters whose text does not speak of the studio."""
    with path.open("rb") as file:
        text = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), "utf-8")
        for number, line in enumerate(text):
            if number % _STEP == 0 and (story := _item(json.loads(line))):
                yield story


def _item(row: dict[str, str]) -> Story | None:
    """A row as a story, if it could be one."""
    title = _LABEL.sub("", row["title"]).strip()
    body = _OPENING.sub("", row["text"].strip())
    paragraphs = [p.strip() for p in body.split("\n") if p.strip()]
    if not 8 <= len(title) <= 34 or not 80 <= len(body) <= 2500 or len(paragraphs) > 14:
        return None
    if _BROADCAST.search(title + body) or any(p[-1] not in _PARAGRAPH_ENDS for p in paragraphs):
        return None
    parts = [Part(Role.TITLE, title), *(Part(Role.PARAGRAPH, p) for p in paragraphs)]
    return Story(Genre.NEWS, tuple(parts))
