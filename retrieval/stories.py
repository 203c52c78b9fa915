"""Which articles of an archive are one story, told anew only of the days that changed.

Two articles of one newspaper and day are joined by what that paper printed that day and by nothing
else (see ``continuations``). Where an end states no day, any page may bear on any other, and all
are looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from retrieval.continuations import Join, join_parts
from retrieval.ledger import Ledger
from retrieval.records import Article

Read = Mapping[str, Ledger]  # a page's id, and the records that it is to be read in


@dataclass(frozen=True, slots=True)
class Before:
    """The stories as they were, and the pages that have come, gone or changed since.

    ``read`` says where those of them that were there are to be read as they were.
    """

    joins: Iterable[Join]
    changed: Set[str]
    read: Read


@dataclass(frozen=True, slots=True)
class _Open:
    """An article that a mark says begins or goes on elsewhere, and its newspaper and date."""

    id: str
    page_id: str
    day: tuple[str, str] | None


def join_all(read: Read) -> tuple[Join, ...]:
    """The joins of an archive, by id."""
    return join_parts(_articles(_open(read), read))


def join_again(read: Read, before: Before) -> tuple[Join, ...]:
    """The joins of an archive, by id, of which those before some pages changed are known."""
    now = _open(read)
    touched = [one for one in now if one.page_id in before.changed] + _open(before.read)
    if not touched:
        return tuple(before.joins)
    if any(one.day is None for one in (*now, *touched)):
        return join_all(read)
    days = {one.day for one in touched}
    again = [one for one in now if one.day in days]
    standing = {one.id for one in now if one.day not in days}
    kept = [join for join in before.joins if join.before in standing]
    joins = [*kept, *join_parts(_articles(again, read))]
    return tuple(sorted(joins, key=lambda join: (join.before, join.after)))


def _open(read: Read) -> list[_Open]:
    """The open articles of the pages, by id."""
    found = [
        _Open(article_id, page_id, (newspaper, date) if newspaper and date else None)
        for ledger in dict.fromkeys(read.values())
        for article_id, page_id, newspaper, date in ledger.ends()
        if read.get(page_id) is ledger
    ]
    return sorted(found, key=lambda one: one.id)


def _articles(found: Iterable[_Open], read: Read) -> Iterator[Article]:
    for one in found:
        if article := read[one.page_id].article(one.id):
            yield article
