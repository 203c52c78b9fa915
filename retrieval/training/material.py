"""What an archive teaches: its articles, parted by story into what is learnt and what is held out.

An article of the held-out share is in no training text, and no word is looked for in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.articles import split_page
from retrieval.build import Progress
from retrieval.continuations import Join, join_parts
from retrieval.folding import fold
from retrieval.pages import Skipped, read_pages
from retrieval.passages import sentences, split_article
from retrieval.records import Article, Kind, Part
from retrieval.settings import Settings
from retrieval.takedown import shown
from retrieval.training.corpus import Text
from retrieval.training.evaluate import Task

_OPENING_CHARS = 40  # bodies that open alike are one story, printed twice
_DEV, _TEST = 10, 20  # of a hundred stories
_MOST_HELD = 2000  # articles asked about in one share; more only makes the interval narrower
_MIN_BODY_CHARS = 40  # a shorter body teaches nothing
_QUERY_CHARS = (12, 80)  # of a sentence that is asked for
HEADLINES, SENTENCES = "headlines", "sentences"


@dataclass(frozen=True, slots=True)
class Item:
    """An article: ``story`` is the id of its story's first part, ``passages`` those of its body."""

    story: str
    title: str
    body: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """The articles of an archive, no story in two shares."""

    train: tuple[Item, ...]
    dev: tuple[Item, ...]
    test: tuple[Item, ...]

    @property
    def all(self) -> tuple[Item, ...]:
        """All articles."""
        return self.train + self.dev + self.test


@dataclass(frozen=True, slots=True)
class Exam:
    """Tasks over the same passages; ``stories`` names, task by task, whose story a query is."""

    tasks: tuple[Task, ...]
    stories: tuple[tuple[str, ...], ...]


def read_items(seeds: Path, settings: Settings, tell: Progress) -> list[Item]:
    """The articles that can be learnt from, in the order of their pages.

    Raises:
        PageError: there is no such folder.
    """
    articles: list[Article] = []
    for number, page in enumerate(read_pages(seeds, settings), start=1):
        if not isinstance(page, Skipped):
            stories = [a for a in split_page(page, settings) if a.kind is not Kind.FURNITURE]
            articles += shown(stories, settings)
        tell("read", number, 0)
    long = [a for a in articles if len(a.body.text) >= _MIN_BODY_CHARS]
    story = _stories(long, join_parts(articles))
    return [_item(article, story[article.id], settings) for article in long]


def _item(article: Article, story: str, settings: Settings) -> Item:
    passages = split_article(article, settings)
    texts = tuple(p.clean.text for p in passages if p.part is Part.BODY)
    return Item(story, fold(article.title or ""), fold(article.body.text), texts)


def _stories(articles: Sequence[Article], joins: Iterable[Join]) -> dict[str, str]:
    """The first article of each article's story, by id: parts joined, and reprints."""
    first: dict[str, str] = {}
    root = {article.id: article.id for article in articles}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            name = root[name]
        return name

    for article in articles:
        opening = "".join(fold(article.body.text).split())[:_OPENING_CHARS]
        root[find(article.id)] = find(first.setdefault(opening, article.id))
    for join in joins:
        root[find(join.after)] = find(join.before)
    return {article.id: find(article.id) for article in articles}


def part(items: Iterable[Item], *, seed: int) -> Shares:
    """The shares that ``seed`` gives; a story keeps its share when others are added."""
    shares: tuple[list[Item], list[Item], list[Item]] = ([], [], [])
    for item in items:
        at = zlib.crc32(f"{seed}\0{item.story}".encode()) % 100
        shares[1 if at < _DEV else 2 if at < _DEV + _TEST else 0].append(item)
    train, dev, test = map(tuple, shares)
    return Shares(train, dev, test)


def training_texts(shares: Shares) -> Iterator[Text]:
    """The texts of the training share, folded and cut into sentences."""
    for item in shares.train:
        found = (item.body[a:b] for a, b in sentences(item.body))
        yield Text("news_tv", item.title, tuple(s for s in found if s.strip()))


def examine(shares: Shares, asked: Sequence[Item], *, seed: int) -> Exam:
    """Two tasks about the articles ``asked``, each among all passages of the archive.

    A headline is to find a passage of its story's body; headlines that several stories bear
    (要闻简报) are not asked. A sentence is to find the passage that it was cut out of.
    """
    rng = np.random.default_rng(seed)
    asked = asked[:_MOST_HELD]
    chosen = {id(item): _sentence(item, rng) for item in asked}
    passages: list[str] = []
    homes: dict[str, set[int]] = {}  # the passages of each story
    sought: list[tuple[str, str, int]] = []  # sentence, story, place
    for item in shares.all:
        first, texts = len(passages), list(item.passages)
        if cut := chosen.get(id(item)):
            at, start, end = cut
            sought.append((texts[at][start:end], item.story, first + at))
            texts[at] = texts[at][:start] + texts[at][end:]
        passages += texts
        homes.setdefault(item.story, set()).update(range(first, len(passages)))
    return _exam(tuple(passages), _headlines(shares, asked), homes, sought)


def _exam(
    passages: tuple[str, ...],
    headlines: Sequence[tuple[str, str]],
    homes: dict[str, set[int]],
    sought: Sequence[tuple[str, str, int]],
) -> Exam:
    titled = Task(
        HEADLINES,
        tuple(title for title, _ in headlines),
        passages,
        tuple(frozenset(homes[story]) for _, story in headlines),
    )
    cut = Task(
        SENTENCES,
        tuple(sentence for sentence, _, _ in sought),
        passages,
        tuple(frozenset([place]) for _, _, place in sought),
    )
    return Exam((titled, cut), (tuple(s for _, s in headlines), tuple(s for _, s, _ in sought)))


def _headlines(shares: Shares, asked: Iterable[Item]) -> list[tuple[str, str]]:
    """Headline and story of the articles ``asked`` whose headline no other story bears."""
    bearers: dict[str, set[str]] = {}
    for item in shares.all:
        bearers.setdefault(item.title, set()).add(item.story)
    return [
        (item.title, item.story)
        for item in asked
        if item.title.strip() and item.passages and len(bearers[item.title]) == 1
    ]


def _sentence(item: Item, rng: np.random.Generator) -> tuple[int, int, int] | None:
    """A random sentence of a passage that has others: the passage's number, start, end."""
    found = [
        (n, start, end)
        for n, text in enumerate(item.passages)
        if len(spans := sentences(text)) > 1
        for start, end in spans
        if _QUERY_CHARS[0] <= end - start <= _QUERY_CHARS[1]
    ]
    return found[int(rng.integers(len(found)))] if found else None
