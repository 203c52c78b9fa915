"""A quote's source as Chinese scholarship cites it: GB/T 7714-2015, articles of newspapers.

主要责任者. 题名[N]. 报纸名, 出版日期(版次). What the page does not state is left out, never guessed.
"""

from __future__ import annotations

import re
from typing import Final

from retrieval.records import Source

_AUTHORS: Final = 3  # GB/T 7714-2015, 8.1.2: of more than three, the first three and 等


def citation(source: Source) -> str:
    """Return the reference to the article that a quote stands in, on one line.

    The file stands in for an unknown newspaper; without a headline the newspaper itself is cited.
    """
    paper = source.newspaper or source.file
    where = f"{source.date or ''}{_page(source.page)}"
    if not source.title:
        return _sentence(_authors(source.byline), _joined(f"{paper}[N]", where))
    return _sentence(
        _authors(source.byline), f"{_one_line(source.title)}[N]", _joined(paper, where)
    )


def _authors(byline: tuple[str, ...]) -> str:
    names = [_one_line(name) for name in byline if name.strip()]
    return ", ".join([*names[:_AUTHORS], *(["等"] if len(names) > _AUTHORS else [])])


def _page(page: str | None) -> str:
    """The page in brackets, 第 and 版 left off: (1), (A05)."""
    bare = re.sub(r"^第|版$", "", (page or "").strip())
    return f"({bare})" if bare else ""


def _joined(paper: str, where: str) -> str:
    """Newspaper and issue; a page alone stands at the name."""
    return paper + (where if where.startswith("(") else f", {where}" if where else "")


def _sentence(*parts: str) -> str:
    return ". ".join(part for part in parts if part) + "."


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
