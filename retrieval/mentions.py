"""What a question names of the pages it means: newspaper, page, section, reporter, place.

Section and reporter are looked up in what the archive holds; a word that only stands where a name
could stand names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.almanac import number
from retrieval.errors import SettingsError
from retrieval.folding import fold
from retrieval.records import Span
from retrieval.settings import Newspaper

# Before a newspaper's short name stands nothing, or one of these: 长春晚报 is not 晚报.
_BEFORE_ALIAS = "在从看读登上的是和与跟问到给据于《\"' ,。?!、"

_HAN = "[㐀-鿿]"
_PAGE = re.compile(
    r"(?<![a-z0-9])(?P<letter>[a-h])?0?(?P<plain>\d{1,2})版(?!本)"
    r"|第(?P<nth>\d{1,2}|十?[一二三四五六七八九]|二?十)版(?!本)"
    r"|(?:^|(?<=[报在的日,《》 ]))(?P<short>[一二三四五六七八九])版(?!本)|(?P<front>头版)"
)
_STATED_PAGE = re.compile(
    r"(?P<letter>[A-Ha-h])?0*(?P<number>\d{1,2})|(?P<han>十?[一二三四五六七八九]|二?十)|(?P<front>[头頭])"
)
_BEFORE_NAME = re.compile(rf"(?:记者|通讯员|作者)\s?(?P<name>{_HAN}{{2,4}})")
_AFTER_NAME = re.compile(
    rf"(?P<name>{_HAN}{{2,4}}?)(?:记者)?(?:采写|撰写|写|报道|报导|拍摄|拍|署名)(?:的|了|过)"
)
_AFTER_SECTION = re.compile(
    rf"[\"《]?(?P<name>{_HAN}{{2,12}})[\"》]?(?:这个|的)?(?:专栏|栏目|专版|版块|板块|副刊|栏|版面?)"
)
_SHORTEST = 2
_SOME_DAY = date(2000, 1, 1)  # whoever asks without a day gets the same answer every day


@dataclass(frozen=True, slots=True)
class Holds:
    """What the archive says when it is asked whether it holds a name or a phrase, and on what day.

    Relative dates count from ``today``.
    """

    today: date = _SOME_DAY
    phrase: Callable[[str], bool] = lambda _: False
    reporter: Callable[[str], bool] = lambda _: False
    section: Callable[[str], bool] = lambda _: False


def newspaper_named(text: str, newspapers: Sequence[Newspaper]) -> str:
    """The official name of the newspaper that ``text`` is a name or alias of.

    Raises:
        SettingsError: the table of newspapers does not hold it.
    """
    wanted = fold(text).strip("《》 ")
    for paper in newspapers:
        if wanted in map(fold, (paper.name, *paper.aliases)):
            return paper.name
    known = "、".join(paper.name for paper in newspapers)
    raise SettingsError(
        f"{text!r} is not in the table of newspapers ({known}); add it to newspapers.local.toml"
    )


def newspaper_in(text: str, newspapers: Sequence[Newspaper]) -> str | None:
    """The newspaper whose name or alias the text holds; the longest name wins."""
    found = [(len(p.name), p.name) for p in newspapers if fold(p.name) in text]
    found += [
        (len(alias), paper.name)
        for paper in newspapers
        for alias in map(fold, paper.aliases)
        if (at := text.find(alias)) >= 0 and (at == 0 or text[at - 1] in _BEFORE_ALIAS)
    ]
    return max(found)[1] if found else None


def page_named(text: str) -> tuple[str, Span] | None:
    """The page that folded text names, as ``same_page`` compares it, and where."""
    found = _PAGE.search(text)
    if found is None:
        return None
    if found["front"]:
        return "1", found.span()
    figure = found["plain"] or found["nth"] or found["short"]
    return (found["letter"] or "").upper() + str(number(figure)), found.span()


def same_page(asked: str, stated: str) -> bool:
    """Whether the page that is asked for is the one a paper prints: 3 is 第三版, 03 and A03."""
    found = _STATED_PAGE.search(stated)
    if found is None:
        return False
    figure = "1" if found["front"] else found["number"] or found["han"]
    letter = (found["letter"] or "").upper()
    wanted = asked.lstrip("ABCDEFGH")
    return int(wanted) == number(figure) and (asked[: -len(wanted)] or "A") == (letter or "A")


def reporter_named(text: str, holds: Callable[[str], bool]) -> str | None:
    """The reporter that folded text names, if the archive holds a byline of that name."""
    after = (m["name"][:n] for m in _BEFORE_NAME.finditer(text) for n in _lengths(m["name"]))
    before = (m["name"][-n:] for m in _overlapping(_AFTER_NAME, text) for n in _lengths(m["name"]))
    return next((name for name in (*after, *before) if holds(name)), None)


def section_named(text: str, holds: Callable[[str], bool]) -> str | None:
    """The section or column that folded text names, if the archive holds one of that name."""
    names = (
        m["name"][-n:] for m in _overlapping(_AFTER_SECTION, text) for n in _lengths(m["name"])
    )
    return next((name for name in names if holds(name)), None)


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Every place where a pattern matches, also within another match."""
    found = (pattern.match(text, at) for at in range(len(text)))
    return (match for match in found if match)


def _lengths(name: str) -> range:
    """The lengths that a name may have, longest first."""
    return range(len(name), _SHORTEST - 1, -1)
