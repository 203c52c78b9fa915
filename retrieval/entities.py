"""Entities: the places, people, bodies, papers and days that a question or a sentence names.

Words come from the segmenter, names from how Chinese prints them: a place ends in 市 or 镇 or is
listed, a body ends in 公司 or 局 and takes in the words before it, a person is a surname with one
or two characters that no dictionary holds, and stands after an office or before a verb of saying.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from retrieval.folding import fold
from retrieval.matter import content_words
from retrieval.names import split_names
from retrieval.settings import Newspaper
from retrieval.tokens import Segmenter


class EntityType(StrEnum):
    """What kind of thing a name names."""

    PLACE = "place"
    PERSON = "person"
    BODY = "body"  # a firm, an office, a school
    PAPER = "paper"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in a text, and its range there."""

    type: EntityType
    text: str
    start: int
    end: int


_Word = tuple[str, int, int]

_MAX_WORDS = 6  # of a body's name: 国能|双辽|发电|有限公司 has four, with province and city six
_VILLAGE_CHARS = range(2, 5)  # of a village's name before its 镇 or 村
_HAN = "㐀-鿿"
_DATE = re.compile(
    r"(?:\d{4}年|(?:今|去|前|明|后|当)年)(?:\d{1,2}月(?:份|\d{1,2}[日号])?)?|\d{1,2}月(?:份|\d{1,2}[日号])?"
    r"|\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|昨天|前天|今天|上(?:个)?月|本月"
)
_PAPER = re.compile(
    rf"《[^》\s]{{1,20}}》|(?:(?![的了在是和那这该日月年])[{_HAN}]){{2,4}}(?:日报|晚报|早报|晨报|时报|商报|都市报)"
)
_VILLAGE_ENDS = "镇乡村屯"
# 杭州 is a word of the dictionary, and so is 杭州市; 项目 is one, too, and 项目区 none of its places.
_CITY_ENDS, _DISTRICT_ENDS = "省市州县", "区"
# Full names in the dictionary are this rare (its mark of three occurrences); 安全感 is not.
_NAME_RARITY = 0.9
_BODY_END = re.compile(
    rf"[{_HAN}]*(?:公司|集团|工厂|银行|分行|支行|合作社|大学|学院|学校|中学|小学|幼儿园|医院|卫生院|中心|协会|委员会|管委会|开发区"
    rf"|办公室|研究院|研究所|检察院|法院|卫健委|发改委|组织部|宣传部|报社|局|厅|委|部|厂|站|所)"
)
# A bare word of these is a kind of body, and names none.
_BODY_WORDS = re.compile(r"[一-鿿]{1,3}")
# Words before a name that the question words leave in: 由金豆集团投资.
_PREPOSITIONS = ("由", "跟", "同", "经", "据", "随", "对于", "根据", "通过", "按照")
_OFFICE = re.compile(
    r"书记|主任|[省市县区州镇乡村厅局处院校行所]长|总?经理|董事长|主席|代表|委员|负责人|记者|通讯员|教授|教练|队长|院士"
    r"|研究员|巡视员|检察官|法官|医生|老师|队员"
)
_SAYS = "说|表示|介绍|强调|指出|告诉|认为|主持|透露|坦言|宣布|出席|讲话|带队|率队|涉嫌|同志|围绕|致辞|要求"
_SPEAKS = re.compile(_SAYS)
_FOLLOWS = re.compile(rf"{_SAYS}|[在就对向到来为作任及和与率参][{_HAN}]|[,、。;:!?)\s]|$")
_CLAUSE = re.compile(r"[^,。;!?\n]+")


def entities(
    text: str,
    segmenter: Segmenter,
    *,
    newspapers: Sequence[Newspaper] = (),
    known: Callable[[str], bool] = lambda _: False,
) -> list[Entity]:
    """The entities of a text in reading order, none overlapping another.

    ``known`` says whether the archive holds two characters side by side.

    1. days and papers, by their form; 2. words outside of them; 3. bodies, then places, then
    people among the words.
    """
    folded = fold(text)
    found = _matches(EntityType.DATE, _DATE, folded)
    blank = _blanked(folded, found)
    listed = "|".join(re.escape(fold(paper.name)) for paper in newspapers)
    papers = re.compile(f"{listed}|{_PAPER.pattern}" if listed else _PAPER)
    found += _matches(EntityType.PAPER, papers, blank)
    words = content_words(segmenter.words(_blanked(blank, found)), segmenter, known)
    for run in _runs(words):
        found += _among(run, segmenter)
    return [
        replace(one, text=text[one.start : one.end]) for one in sorted(found, key=lambda e: e.start)
    ]


def person_in(text: str, terms: Sequence[str], focus: Sequence[str] = ()) -> str | None:
    """The one person whom the clause of ``text`` nearest to a question names, if it is one.

    The nearest has most of ``focus``, what was asked of the matter, then most of its ``terms``.
    """
    folded = fold(text)
    clauses = [match.span() for match in _CLAUSE.finditer(folded)]
    if not clauses:
        return None

    def met(clause: tuple[int, int]) -> tuple[int, int]:
        said = folded[slice(*clause)]
        return sum(word in said for word in focus), sum(word in said for word in terms)

    start, end = max(clauses, key=met)
    # The name may be followed by the comma that ends the clause.
    people = dict.fromkeys(_people(folded[start : end + 1]))
    return next(iter(people)) if len(people) == 1 else None


def _matches(kind: EntityType, pattern: re.Pattern[str], folded: str) -> list[Entity]:
    """What its form alone gives away."""
    return [Entity(kind, match[0], *match.span()) for match in pattern.finditer(folded)]


def _blanked(text: str, found: Sequence[Entity]) -> str:
    """The text with spaces in place of what was found."""
    for one in found:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def _runs(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Words that stand side by side."""
    run: list[_Word] = []
    for word in words:
        if run and run[-1][2] != word[1]:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _among(run: list[_Word], segmenter: Segmenter) -> Iterator[Entity]:
    """The bodies, places and people of a run of words."""
    at = 0
    while at < len(run):
        body = _body(run, at, segmenter)
        size, kind = (body, EntityType.BODY) if body else _place(run, at, segmenter)
        if not size and _is_person(run[at][0], segmenter):
            size, kind = 1, EntityType.PERSON
        if size:
            name = "".join(word for word, _, _ in run[at : at + size])
            before = next((len(p) for p in _PREPOSITIONS if name.startswith(p)), 0)
            before = before if kind is EntityType.BODY else 0
            yield Entity(kind, name[before:], run[at][1] + before, run[at + size - 1][2])
        at += size or 1


def _body(run: list[_Word], at: int, segmenter: Segmenter) -> int:
    """How many words from ``at`` on are the name of a body; it begins with a name or a run."""
    begins = at == 0 or segmenter.is_name(run[at][0])
    for size in range(min(_MAX_WORDS, len(run) - at), 0, -1):
        last = run[at + size - 1][0]
        if not begins or not _BODY_END.fullmatch(last):
            continue
        if size > 1 or not _BODY_WORDS.fullmatch(last):
            return size
    return 0


def _place(run: list[_Word], at: int, segmenter: Segmenter) -> tuple[int, EntityType]:
    """How many words from ``at`` on are the name of a place, the smaller within the larger."""
    size = 0
    while at + size < len(run):
        more = _village(run, at + size, segmenter)
        if not more and not _is_place(run[at + size][0], segmenter):
            break
        size += more or 1
    return size, EntityType.PLACE


def _village(run: list[_Word], at: int, segmenter: Segmenter) -> int:
    """How many words from ``at`` on make a village or town that fell apart: 郭家店|镇, 马|家|营|镇."""
    if _is_place(run[at][0], segmenter):
        return 0
    single = all(len(word) == 1 for word, _, _ in run[at : at + 2])
    for size in range(2, 1 + (max(_VILLAGE_CHARS) + 1 if single else 2)):
        words = [word for word, _, _ in run[at : at + size]]
        if len(words) < size or (single and len(words[-1]) > 1):
            return 0
        if words[-1] in _VILLAGE_ENDS and len("".join(words[:-1])) in _VILLAGE_CHARS:
            return size
    return 0


def _is_place(word: str, segmenter: Segmenter) -> bool:
    """Whether a word is listed as a place, or is once its 市 or 县 is put to it."""
    if len(word) < 2 or _BODY_END.fullmatch(word):
        return False
    if segmenter.is_listed(word):
        return True
    ends = _CITY_ENDS + ("" if segmenter.is_word(word) else _DISTRICT_ENDS)
    return any(segmenter.is_word(word + e) and segmenter.is_listed(word + e) for e in ends)


def _is_person(word: str, segmenter: Segmenter) -> bool:
    """Whether a word that hardly any dictionary holds can be a full name."""
    rare = not segmenter.is_word(word) or (len(word) == 3 and segmenter.rarity(word) > _NAME_RARITY)
    return rare and split_names(word, sure=False) == (word,)


def people(folded: str) -> Iterator[str]:
    """The people whom folded text names by office or with a verb of saying, in reading order."""
    for clause in _CLAUSE.finditer(folded):
        # The name may be followed by the comma that ends the clause.
        yield from _people(folded[clause.start() : clause.end() + 1])


def _people(folded: str) -> Iterator[str]:
    """The people of a clause: after an office, or at its beginning before a verb of saying."""
    for match in _OFFICE.finditer(folded):
        yield from _named(folded, match.end(), _FOLLOWS)
    yield from _named(folded, len(folded) - len(folded.lstrip("\"' ")), _SPEAKS)


def _named(folded: str, at: int, follows: re.Pattern[str]) -> Iterator[str]:
    """The name at a place: the shortest after which something goes on that may."""
    for size in (2, 3, 4):
        name = folded[at : at + size]
        if follows.match(folded, at + size) and split_names(name, sure=False) == (name,):
            yield name
            return
