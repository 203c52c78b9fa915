"""Pages cut blindly: windows of so many characters, each sharing some with the one before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from retrieval.records import Span

from .records import Job, RawPage, Shown


def windows(length: int, size: int, overlap: int) -> list[Span]:
    """The ranges that cover ``length`` characters in order; only the last may be shorter."""
    step = size - overlap
    starts = range(0, max(length - overlap, 1), step) if length else ()
    return [(start, min(start + size, length)) for start in starts]


def cut(job: Job) -> list[Shown]:
    """The windows of all pages, those that hold nothing but white space left out."""
    found = []
    for page in read_pages(job):
        for start, end in windows(len(page.text), job.max_chars, job.overlap_chars):
            text = page.text[start:end]
            if not text.isspace():
                found.append(Shown(page.file, ((start, end),), text))
    return found


def read_pages(job: Job) -> Iterator[RawPage]:
    """The raw pages of a job."""
    with Path(job.pages).open("rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=RawPage)
