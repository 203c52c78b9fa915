"""Seeds → a new generation of the index, built aside and moved into place.

Whatever happens on the way, the generation in use stays as it is: files are written in
``building/``, synced and sealed, the folder is renamed, and only then ``current`` is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from retrieval import manifest as manifests
from retrieval.articles import skipped_lines, split_page
from retrieval.catalogue import Catalogue
from retrieval.context import bare_lines, encoded_text, headline_text
from retrieval.continuations import join_parts
from retrieval.encoder import Encoder
from retrieval.errors import PageError
from retrieval.folding import fold
from retrieval.generations import existing, move_into_place, write_synced, writer
from retrieval.legibility import legibilities
from retrieval.lexicon import Entry, Lexicon
from retrieval.manifest import (
    BUILDING,
    CATALOGUE,
    LEXICON,
    MANIFEST,
    VECTORS,
    Manifest,
)
from retrieval.pages import Skipped, read_pages
from retrieval.passages import split_article
from retrieval.records import Article, Doubt, Page, Passage
from retrieval.settings import Settings
from retrieval.tokens import Segmenter, pairs
from retrieval.tools import Tools
from retrieval.vectors import Vectors

Progress = Callable[[str, int, int], None]  # stage, done, total (0: not known yet)
_BATCH = 256
STAGES = ("read", "split", "tokenise", "encode", "write")


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. ``counts`` are pages, articles and passages.

    ``doubts`` are the pages whose imprint disagrees with itself, by id.
    """

    generation: str
    rebuilt: bool
    counts: dict[str, int]
    skipped: tuple[Skipped, ...]
    doubts: tuple[tuple[str, tuple[Doubt, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """The passages of an archive with their articles, in row order."""

    articles: dict[str, Article]
    passages: list[Passage]


def build(
    seeds: Path, index: Path, tools: Tools, *, full: bool = False, progress: Progress | None = None
) -> Report:
    """Bring the index up to date with the seeds; nothing is written where nothing changed.

    1. read the pages; 2. split them; 3. tokenise; 4. encode; 5. write and move into place.

    Raises:
        PageError: there is no seeds folder, or no page in it can be read.
        IndexFolderError: another process is building, or the folder cannot be written.
    """
    tell = progress or (lambda *_: None)
    with writer(index):
        pages, skipped = _read(seeds, tools.settings, tell)
        doubts = tuple((page.id, page.imprint.doubts) for page in pages if page.imprint.doubts)
        name = manifests.generation_name(
            [*tools.digests().values(), *(f"{page.id}\0{page.digest}" for page in pages)]
        )
        if not full and (done := existing(index, name)):
            read = {page.id for page in pages} | {
                p.corrections.file for p in pages if p.corrections
            }
            unread = [Skipped(*line) for line in done.skipped if line[0] in read]
            skipped = (*skipped, *unread)
            return Report(name, rebuilt=False, counts=done.counts, skipped=skipped, doubts=doubts)
        parts, unread = _split(pages, tools.settings, tell)
        skipped = (*skipped, *unread)
        folder = index / BUILDING
        folder.mkdir()
        _tokenise(folder, parts, tools.segmenter, tell)
        _encode(folder, parts, tools.encoder, tell)
        counts = _store(folder, parts, pages, tell)
        _write_manifest(folder, name, tools, pages=pages, counts=counts, skipped=skipped)
        move_into_place(index, folder, name)
        tell("write", 1, 1)
        return Report(name, rebuilt=True, counts=counts, skipped=skipped, doubts=doubts)


def _read(
    seeds: Path, settings: Settings, tell: Progress
) -> tuple[list[Page], tuple[Skipped, ...]]:
    pages: list[Page] = []
    skipped: list[Skipped] = []
    for item in read_pages(seeds, settings):
        (skipped if isinstance(item, Skipped) else pages).append(item)  # type: ignore[arg-type]
        tell("read", len(pages) + len(skipped), 0)
    if not pages:
        why = f" (first: {skipped[0].file}: {skipped[0].reason})" if skipped else ""
        raise PageError(
            f"{seeds}: no page that can be read{why}; put .txt, .md or .jsonl files there"
        )
    return pages, tuple(skipped)


def _split(
    pages: Sequence[Page], settings: Settings, tell: Progress
) -> tuple[Parts, list[Skipped]]:
    parts = Parts({}, [])
    unread: list[Skipped] = []
    for n, page in enumerate(pages, start=1):
        unread += skipped_lines(page)
        for article in split_page(page, settings):
            parts.articles[article.id] = article
            parts.passages.extend(split_article(article, settings))
        tell("split", n, len(pages))
    return _judged(parts), unread


def _judged(parts: Parts) -> Parts:
    """The same articles and passages with how cleanly they read."""
    articles = parts.articles.values()
    clean = legibilities([f"{article.headline.text}\n{article.body.text}" for article in articles])
    return Parts(
        {a.id: replace(a, legibility=round(v, 3)) for a, v in zip(articles, clean, strict=True)},
        [
            replace(passage, legibility=round(value, 3))
            for passage, value in zip(
                parts.passages, legibilities([p.clean.text for p in parts.passages]), strict=True
            )
        ],
    )


def _tokenise(folder: Path, parts: Parts, segmenter: Segmenter, tell: Progress) -> None:
    def entries() -> Iterator[Entry]:
        headline_of = {
            a.id: segmenter.terms(fold(headline_text(a))) for a in parts.articles.values()
        }
        begun: set[str] = set()
        for row, passage in enumerate(parts.passages):
            article = parts.articles[passage.article_id]
            imprint = article.imprint
            first = article.id not in begun
            begun.add(article.id)
            terms = segmenter.terms(fold(passage.clean.text))
            headline = headline_of[passage.article_id]
            yield Entry(
                row,
                terms,
                headline,
                day=imprint.date,
                newspaper=imprint.newspaper,
                legibility=passage.legibility,
                pairs=tuple(pairs(bare_lines(article))) if first else (),
                first=first,
            )
            tell("tokenise", row + 1, len(parts.passages))

    Lexicon.build(folder / LEXICON, entries())


def _encode(folder: Path, parts: Parts, encoder: Encoder, tell: Progress) -> None:
    texts = [encoded_text(p, parts.articles[p.article_id]) for p in parts.passages]
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    for first in range(0, len(texts), _BATCH):
        batch = texts[first : first + _BATCH]
        vectors[first : first + len(batch)] = encoder.encode_passages(batch)
        tell("encode", first + len(batch), len(texts))
    Vectors.build(vectors).save(folder / VECTORS)


def _store(folder: Path, parts: Parts, pages: Sequence[Page], tell: Progress) -> dict[str, int]:
    rows = ((page.id, page.digest, page.encoding) for page in pages)
    path = folder / CATALOGUE
    writer = Catalogue.build(path, pages=rows, articles=parts.articles.values())
    writer.add(enumerate(parts.passages))
    writer.join(join_parts(parts.articles.values()))
    writer.close()
    tell("write", 0, 1)
    catalogue = Catalogue.open(path)
    counts = catalogue.counts()
    catalogue.close()
    return counts


def _write_manifest(
    folder: Path,
    name: str,
    tools: Tools,
    *,
    pages: Sequence[Page],
    counts: dict[str, int],
    skipped: Sequence[Skipped],
) -> None:
    manifest = Manifest(
        format=manifests.FORMAT,
        generation=name,
        model=tools.encoder.name,
        dimension=tools.encoder.dimension,
        seeds=manifests.generation_name([f"{page.id}\0{page.digest}" for page in pages]),
        counts=counts,
        skipped=tuple((s.file, s.reason) for s in skipped),
        versions=manifests.versions(),
        files=manifests.seal(folder),
        **tools.digests(),
    )
    write_synced(folder / MANIFEST, manifests.written(manifest))
