"""What was printed on a day, and on which days anything was: complete, and in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import msgspec

from retrieval.catalogue import Catalogue
from retrieval.errors import NotFoundError, TakenDownError
from retrieval.marks import page_number
from retrieval.records import Article

Days = Sequence[tuple[str, int]]  # ISO days in time, each with the number of its articles


@dataclass(frozen=True, slots=True)
class Printed:
    """An article of a day's papers: what names it, ``None`` where its page does not state it.

    ``code`` is the first part of the citation codes of its words.
    """

    article_id: str
    newspaper: str | None
    date: str | None
    page: str | None
    title: str | None
    code: str


_DAYS = "SELECT date, count(*) FROM shown WHERE {where} GROUP BY date ORDER BY date {tail}"
_BETWEEN = "date >= coalesce(:first, '') AND date <= coalesce(:last, '9999')"
_ARTICLES = "SELECT record, code FROM shown WHERE date = :day"
_PRINT = "SELECT record FROM shown WHERE code = :code AND date = :day ORDER BY id LIMIT 1"


def issue_days(catalogue: Catalogue, first: str | None = None, last: str | None = None) -> Days:
    """The days from ``first`` to ``last``, inclusive, on which anything was printed."""
    return catalogue.select(_DAYS.format(where=_BETWEEN, tail=""), first=first, last=last)


def days_of_year(catalogue: Catalogue, month: int, day: int | None = None) -> Days:
    """The days of that month, or of that month and day, in whichever year."""
    where = "substr(date, 6) LIKE :named"
    named = f"{month:02}-" + ("__" if day is None else f"{day:02}")
    return catalogue.select(_DAYS.format(where=where, tail=""), named=named)


def nearest(catalogue: Catalogue, first: str, last: str) -> Days:
    """The last day before ``first`` and the first after ``last``, as far as there are any."""
    before = _DAYS.format(where="date < :day", tail="DESC LIMIT 1")
    after = _DAYS.format(where="date > :day", tail="LIMIT 1")
    return [*catalogue.select(before, day=first), *catalogue.select(after, day=last)]


def issue(catalogue: Catalogue, day: str) -> list[Printed]:
    """Every article of a day: by newspaper, those without one last, then page, then its place."""
    rows = catalogue.select(_ARTICLES, day=day)
    found = [(msgspec.json.decode(record, type=Article), code) for record, code in rows]
    return [_printed(*one) for one in sorted(found, key=lambda one: _order(one[0]))]


def printed_on(catalogue: Catalogue, code: str, day: str) -> Article:
    """The article of that citation code as that day's paper printed it; reprints share a code.

    Raises:
        NotFoundError: there is none, or it is taken down.
    """
    for (record,) in catalogue.select(_PRINT, code=code, day=day):
        return msgspec.json.decode(record, type=Article)
    if taken := catalogue.taken(code):
        raise TakenDownError(code, taken.told)
    raise NotFoundError(f"no article {code!r} of {day}; `jiwen day {day}` lists those there are")


def _order(article: Article) -> tuple[bool, str, bool, str, int, str, int]:
    """Papers by name, pages by section and number, articles as they stand; what is unknown last."""
    paper, page = article.imprint.newspaper or "", page_number(article.imprint.page) or ""
    number = page.lstrip(ascii_uppercase)
    section = page.removesuffix(number)
    at = int(article.id.rpartition("/a")[2])
    return not paper, paper, not page, section, int(number or 0), article.page_id, at


def _printed(article: Article, code: str) -> Printed:
    imprint = article.imprint
    return Printed(article.id, imprint.newspaper, imprint.date, imprint.page, article.title, code)
