"""Whether a sentence holds the kind of answer that a question asks for.

The patterns are how newspapers print such things: a number with its measure word, a name with
its office, a list with its 、. They say that an answer of this kind is there, not that it is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.asking import OFFICES, Want
from retrieval.counters import counts_alike, counts_people, people_measures, without_dates
from retrieval.entities import people
from retrieval.records import Part, Query

_NUMERAL = r"(?:\d+(?:[.,]\d+)*|[一二两三四五六七八九十百千万亿零〇]+)"
_COUNT = rf"{_NUMERAL}(?:多|余|几|数)?(?:[百千万亿]{{1,2}})?(?:多|余)?"
_OFFICE = r"(?:书记|主任|[市县区镇乡局厅处院校州省]长|总?经理|董事长|主席|代表|委员|负责人|记者|通讯员|同志|队长|教授|教练|医生|老师)"
_PLACE = r"[㐀-鿿]{2}(?:省|市|州|县|区|镇|乡|村|屯|组|街|路|桥|公园|广场|中心|社区|小区|部|楼)"
_BODY = r"[㐀-鿿]{2}(?:公司|集团|局|委|厅|部|院|校|中学|小学|大学|银行|分行|中心|协会|办公室|车间|厂|社|站|所|队)"

# How exactly a question asks when, and what prints it so; 三十年 tells no year.
_WHEN = {
    r"哪一?[天日]|几[号日]": r"\d{1,2}月\d{1,2}[日号]|(?<!\d)\d{1,2}[日号]|[一二三四五六七八九十]{1,3}[日号]|[近昨今当]日",
    r"[哪何]一?年": r"\d{4}年|[一二〇零三四五六七八九]{4}年|民国[一二三四五六七八九十]+年",
    r"哪个?月|几月": r"\d{1,2}月|[一二三四五六七八九十]月|[本当]月",
    r"几[点时]": r"\d{1,2}[时点:]|[上下]午|早[上晨]|晚上|全天",
}

# Each kind and what prints it, in folded text: it is enough that it begins so or ends so.
_PATTERNS: dict[Want, re.Pattern[str]] = {
    Want.PHONE: re.compile(r"\d{3,4}[-\s]?\d{7,8}|1\d{10}|\d{3}-\d{3,4}-\d{4}|@|www|http"),
    Want.PRICE: re.compile(
        rf"(?:[每一/][㐀-鿿a-z]{{1,3}}|价|费|票|¥)[^。;]{{0,12}}?{_COUNT}\s*(?:元|块|角)|{_COUNT}\s*(?:元|块|角)(?:钱)?\s*[一每/]|免费|¥\s*\d"
    ),
    Want.MONEY: re.compile(rf"{_COUNT}\s*(?:美|欧|日|港)?(?:元|块)|[¥$]\d"),
    # 东北第一 praises; 第26位 ranks.
    Want.RANK: re.compile(
        rf"第{_NUMERAL}[位名]|(?:排|列|居|名|占|获).{{0,8}}第{_NUMERAL}|[榜首]位|榜首|前{_NUMERAL}[位名强]"
        r"|之首|[冠亚季]军|[一二三特]等奖|[金银铜][牌奖]"
    ),
    # 一线 and 两市 count nothing.
    Want.NUMBER: re.compile(
        r"\d|百分之|[数几][十百千万亿]|[百千万]余|[一二两三四五六七八九十百千万亿零〇]{2,}(?![㐀-鿿]?[一二三])"
        r"|[三四五六七八九十](?:个|名|人|家|户|次|年|天|月|种|项|所|亿|万)"
    ),
    Want.DURATION: re.compile(
        rf"{_COUNT}\s*个?(?:工作日|天|周|年|小时|分钟|昼夜|月)|半[天年]|全天|全年"
    ),
    # 记者 王冰莹 signs; 记者从…获悉 and 对记者说 do not.
    Want.REPORTER: re.compile(
        r"(?:记者|通讯员|作者|撰稿|摄影|[文图]/)[\s:]*"
        r"(?![从在对就又也再还来看问获如是到说了][㐀-鿿])(?!了解|采访|走进|日前|近日|见到|手记|节|站)[㐀-鿿]{2,4}"
    ),
    Want.PERSON: re.compile(r"[,、][男女],"),
    Want.AGE: re.compile(rf"{_NUMERAL}(?:周|多)?岁|现年|出生|生于|[年月]生"),
    Want.OFFICE: re.compile(rf"{_OFFICE}|任[㐀-鿿]{{2}}|当选"),
    Want.DATE: re.compile("|".join(_WHEN.values())),
    # 吉林梨树人, as a life is told.
    Want.ORIGIN: re.compile(r"[㐀-鿿]{2}人(?=[,、;。)]|$)|籍贯|祖籍|出生[于在]|老家"),
    Want.SCHOOL: re.compile(r"[㐀-鿿](?:中学|小学|大学|学院|学校|幼儿园|[一二三四五六七八九十]中)"),
    Want.PLACE: re.compile(_PLACE),
    Want.ORGANISATION: re.compile(_BODY),
    # Three names in a row (甲、乙和丙); the 、 of 县(市、区) makes no list.
    Want.LIST: re.compile(
        r"[^、。,;]{2}、[^、。,;]{2,}、[^、。,;]{2}|、[^、。,;()]{2,}[和及与][^、。,;]{2}|;[^。]*;|一是.*二是"
    ),
    Want.REASON: re.compile(r"为了?|因|由于|得益|旨在|目的|原因|促进|以便|本着|推动|涉嫌|支持"),
    Want.MANNER: re.compile(
        r"通过|采[取用]|坚持|实行|以.{1,14}(?:为|方式|原则)|利用|开展|按照|建立|积极"
    ),
}
_ORDINAL_ASKED = re.compile(r"第(?:多少|几)")
_SHARE_ASKED = re.compile(r"百分之(?:多少|几)|比例|占比")
_SHARE = re.compile(
    r"\d\s*%|百分之[一二三四五六七八九十\d]|[一二三四五六七八九]成(?![立为功员])|之[一二三]"
)
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
# Kinds that can be told in many ways: no mark of them is no proof against a sentence.
_LOOSE = frozenset({Want.LIST, Want.REASON, Want.MANNER, Want.OFFICE, Want.PERSON})
# Kinds that are printed in one way: without its mark there is no such answer.
_STRICT = frozenset({Want.PHONE, Want.PRICE, Want.MONEY, Want.AGE, Want.DURATION, Want.REPORTER})
_SOMEWHAT = 0.5  # a kind that is not the one asked for first
_NEARLY = 0.9  # a number in a measure word that counts the same
_MISCOUNTED = 0.1  # a number of something else
_KNOWN_MEASURES = 256  # sets of measure words whose pattern is kept: 1 ms to compile


# Who asks 哪家银行 or 哪个厂家 wants a body of that class, and 校长是谁 a person of that office.
_CLASSES = {
    "银行": r"银行|[分支]行|信用社",
    "医院": r"医院|卫生院|诊所|保健院",
    "公司": r"公司|集团",
    "企业": r"公司|集团|企业|厂",
    "厂家": r"公司|集团|企业|厂|生产|制造",
    "工厂": r"厂",
    "法院": r"法院",
    "媒体": r"日报|晚报|报社|电视台|电台|网|新华社",
    "报社": r"日报|晚报|报社",
    "电视台": r"电视台|卫视|频道",
    "队": r"队",
    "乐队": r"乐队|乐团",
}
_CLASS_ASKED = re.compile(
    rf"(?:哪(?:一?[家个所支]|几[家个所支]|些)?|什么|啥)({'|'.join(_CLASSES)})"
)
_OFFICE_ASKED = re.compile(
    rf"({OFFICES})(?:现在|当时|眼下)?(?:是|叫|姓)?(?:谁|哪一?[位个]|什么名|啥名?|叫什么|叫啥)"
)
_OTHERWISE = 0.2  # an answer of the kind, but of another class or office


@dataclass(frozen=True, slots=True)
class Sought:
    """The kind of answer that a question asks for, and how exactly it asks.

    ``wants`` are the kinds that can be told by how they are printed, ``first`` the most telling.
    ``asked`` are the numbers that the question itself names. ``counts`` and ``nearly`` match a
    number in a measure word asked for, and in one that counts the same; ``exact`` are the ways to
    print when, any of which will do. ``of_class`` matches the class of body or the office asked for.
    """

    story: bool = False
    wants: tuple[Want, ...] = ()
    first: Want | None = None
    asked: frozenset[str] = frozenset()
    ordinal: bool = False
    share: bool = False
    counts: re.Pattern[str] | None = None
    nearly: re.Pattern[str] | None = None
    exact: tuple[re.Pattern[str], ...] = ()
    of_class: re.Pattern[str] | None = None


def sought(query: Query) -> Sought:
    """What a question seeks: worked out once, and held against each sentence by ``holds``."""
    if Want.STORY in query.wants:
        return Sought(story=True)
    wants = tuple(Want(want) for want in query.wants if Want(want) in _PATTERNS)
    if not wants:
        return Sought()
    counts, nearly = _measures(query) if wants[0] is Want.NUMBER else (None, None)
    exact = [printed for asking, printed in _WHEN.items() if re.search(asking, query.text)]
    return Sought(
        wants=wants,
        # Who asks 哪些城市 wants a list first; else the first kind is the most telling.
        first=Want.LIST if Want.LIST in wants and wants[0] is not Want.NUMBER else wants[0],
        asked=frozenset(_NUMBERS.findall(query.text)),
        ordinal=_ORDINAL_ASKED.search(query.text) is not None,
        share=_SHARE_ASKED.search(query.text) is not None,
        counts=counts,
        nearly=nearly,
        exact=tuple(re.compile(one) for one in exact),
        of_class=_class_asked(query.text),
    )


def holds(wanted: Sought, folded: str, part: Part) -> float:
    """How well a folded sentence can hold the wanted kind of answer, 0 to 1; 1 if any would do.

    Numbers that the question itself names are no answer; a number with the measure word asked
    for says more than one without. A headline tells what was reported, and rarely why or how many.
    """
    if wanted.story:
        return 1.0 if part is Part.HEADLINE else _SOMEWHAT
    if wanted.first is None:
        return 1.0
    rest = folded
    if asked := wanted.asked:
        rest = _NUMBERS.sub(lambda number: "" if number[0] in asked else number[0], folded)
    if wanted.first is Want.NUMBER:
        return _counts(wanted, rest if wanted.ordinal else without_dates(rest))
    if wanted.wants[0] is Want.DURATION:
        rest = without_dates(rest)
    if _is_printed(wanted.first, rest):
        return _exactly(wanted, folded)
    if wanted.first in _STRICT:
        return 0.0
    if wanted.first is Want.PERSON and not _of_class(wanted, folded):
        return 0.0
    loosely = wanted.first in _LOOSE or any(_is_printed(want, rest) for want in wanted.wants)
    return _SOMEWHAT if loosely else 0.0


def _counts(wanted: Sought, told: str) -> float:
    """How well a sentence without dates counts what the question counts.

    In the measure word asked for, in one that counts the same, or at all.
    """
    if not _PATTERNS[Want.NUMBER].search(told):
        return 0.0
    if wanted.share:
        return 1.0 if _SHARE.search(told) else _MISCOUNTED
    if wanted.counts is None or wanted.counts.search(told):
        return 1.0
    return _NEARLY if wanted.nearly and wanted.nearly.search(told) else _MISCOUNTED


def _measures(query: Query) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What prints a number in a measure word asked for, and in one that counts the same."""
    people = counts_people(query.focus)
    units = set(query.units)
    if not units and not people:
        return None, None
    alike = {other for unit in units for other in counts_alike(unit)}
    if people and units <= {"个"}:
        units, alike = units | people_measures(), set()
    return _counted_in(frozenset(units)), _counted_in(frozenset(alike)) if alike else None


@lru_cache(_KNOWN_MEASURES)
def _counted_in(units: frozenset[str]) -> re.Pattern[str]:
    """What prints a number before any of the measure words; 一个 tells no number."""
    words = "|".join(map(re.escape, sorted(units, key=lambda unit: (-len(unit), unit))))
    return re.compile(rf"(?!一个)(?<!\d){_COUNT}\s*(?:{words})")


def _exactly(wanted: Sought, folded: str) -> float:
    """How well a sentence that prints the kind prints it as exactly as asked."""
    if wanted.first is Want.DATE:
        exact = wanted.exact
        return 1.0 if not exact or any(one.search(folded) for one in exact) else _SOMEWHAT
    return 1.0 if _of_class(wanted, folded) else _OTHERWISE


def _is_printed(want: Want, folded: str) -> bool:
    """Whether a folded sentence prints an answer of this kind."""
    if _PATTERNS[want].search(folded):
        return True
    return want is Want.PERSON and next(people(folded), None) is not None


def _of_class(wanted: Sought, folded: str) -> bool:
    """Whether a sentence speaks of the class of body, or the office, that a question asks for."""
    return wanted.of_class is None or wanted.of_class.search(folded) is not None


def _class_asked(asked: str) -> re.Pattern[str] | None:
    """What prints the class of body, or the office, that a question asks for, if it does."""
    if office := _OFFICE_ASKED.search(asked):
        return re.compile(re.escape(office[1]))
    if body := _CLASS_ASKED.search(asked):
        return re.compile(_CLASSES[body[1]])
    return None
