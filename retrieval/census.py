"""What a question asks of all articles, not of one: how many, the first, the last, who wrote.

Only whole questions in these forms are taken; any other is answered from what a page states.
一共有几篇报道提到植树 counts articles, 一共栽了多少棵树 does not. What is counted must be reports
(篇, 条, 报道, 文章 …), what happens must happen in print (报道, 提到, 见报), and who says it must
be a paper or nobody: 书记第一次提到 is an event, and no print of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from retrieval.asking import asks
from retrieval.records import TallyKind


@dataclass(frozen=True, slots=True)
class Census:
    """A question to all articles: those that hold ``matter``, those that ``byline`` signed.

    ``titled`` says that the question calls the byline a reporter (记者于志); a bare name may be
    anybody who wrote anything.
    """

    kind: TallyKind
    matter: str
    byline: str | None = None
    titled: bool = False


_POLITE = (
    r"(?>请问|问一?下|想问一?下|我?想知道|我想|请|麻烦|帮我|给我|替我|查一?下|查一查|查查|查|看看|看一?下|数一?数"
    r"|统计一?下|告诉我|[,:、\s])*+"
)
_DAY = r"(?:19|20)\d\d(?:年|[-./]\d{1,2})?(?:\d{1,2}月份?)?(?:[-./]?\d{1,2}[日号]?)?(?:全年|以来|间|期间)?[的,里]?"
_OF = r"(?:上面?|里面?|中|的)?,?"
_PAPER = (
    rf"(?:(?:这些|所有|全部|我们|咱们|旧|老)?(?:报纸|报刊|报章|本报|报|档案|资料库|库|全库|档案库){_OF}"
    rf"|《?[㐀-鿿]{{2,6}}(?:日|晚|晨|早|商|时|周|新|都市)报》?{_OF})"
)
_HEAD = rf"{_POLITE}(?:(?:在|从)?{_DAY})?(?:(?:在|从)?{_PAPER})?(?:(?:在|从)?{_DAY})?"
_TAIL = r"的?(?:[吗呢啊呀吧了]?[?。!\s]*)"

_ITEM = r"(?:新闻报道|新闻稿|报道|报导|新闻|文章|稿件|稿子|消息|通讯)"
_LEAF = r"(?:篇|条|则)"
_ALL = r"(?>一共|总共|共计|合计|总计|共|都|全部)*+"
_MANY = rf"(?:多少|几)(?:{_LEAF}{_ITEM}?|{_ITEM})"
_TIMES = r"(?:多少|几)(?:次|回|遍|篇|条)"
_PRINT = r"(?:报道|报导|提到|提及|说到|讲到|谈到|写到|刊登|刊载|登载|登)(?:过|了)?(?:关于|有关)?"
_HOLD = rf"(?:里面?|中)?(?:都|有)?(?:是|写)?(?:{_PRINT}|写(?:过|了|的是)|涉及到?|关于|有关)"
_ABOUT = r"(?:提到|提及|说到|讲到|谈到|写到|写|涉及|报道|关于|有关)(?:过|了)?"
_SEEN = rf"(?:被(?:报纸|报上)?{_PRINT}|(?:上|登)(?:过|了)?报纸?|见(?:过|了)?报|在报(?:纸上?|上)(?:被{_PRINT}|出现(?:过)?))"
_WROTE = r"(?:采写|撰写|写|报道|报导)(?:过|了)?"
_X = r"(?P<x>.{1,40}?)"
_OF_ITEM = rf"(?:的?{_ITEM}|的事情?|的情况)?"

_WHEN = r"(?:是)?(?:在)?(?:什么时候|啥时候|何时|哪一?(?:天|年|月|日|个月)|几月几[号日]|什么(?:日期|时间))(?:的|开始)?"
_WHICH = (
    rf"(?:是)?(?:在|登在)?哪一?(?:{_LEAF}{_ITEM}?|[家份张个]报纸?(?:上)?|期(?:报纸)?|版)(?:的|上)?"
)
_TOLD = rf"(?:{_WHEN}|{_WHICH})"
_EDGES = {
    TallyKind.FIRST: r"(?:最早|最先|最初|首次|第一次|头一次|头一回|第一回)(?:是)?",
    TallyKind.LAST: r"(?:最近一次|最近一回|最后一次|最后一回|最晚|上一次|末次)(?:是)?",
}
_EDGE_ITEMS = {
    TallyKind.FIRST: r"(?:最早|第一篇|第一条|头一篇)的?(?:一篇|一条)?",
    TallyKind.LAST: r"(?:最近一篇|最后一篇|最晚|最近一条|最后一条)的?(?:一篇|一条)?",
}
_WHO = r"(?:哪些|哪几[个位名]|多少[个位名]?|几[个位名]|谁)"
_PAPERS = r"(?:哪些|哪几[家份种张]|多少[家份种]?|几[家份种])(?:报纸|报刊|报)(?:上)?"
_DAYS = r"(?:哪些天|哪几天|哪些日子|哪些日期|哪几期)(?:的?报纸?)?(?:上)?"
_WHAT = rf"(?:哪些(?:{_ITEM})?|哪几{_LEAF}{_ITEM}?|什么{_ITEM})"
_NAME = r"(?P<who>[㐀-鿿]{2,4}?|[㐀-鿿]{1,8}·[㐀-鿿]{1,8})"
_ON = rf"(?:(?:关于|有关|提到|涉及)(?:了|过)?{_X}的?)?"


def _of(kind: TallyKind, *forms: str) -> list[tuple[TallyKind, str]]:
    """Each form with its kind."""
    return [(kind, form) for form in forms]


# Each kind of question and its forms, whole; x is what is looked for, who is who wrote.
_BYLINES = (
    *_of(
        TallyKind.COUNT,
        rf"(?P<role>记者|通讯员)?{_NAME}(?:记者)?{_ALL}(?:采写|撰写|写|报道|发表|发)(?:过|了){_ALL}(?:多少|几){_LEAF}?{_ON}{_ITEM}",
        rf"(?P<role>记者|通讯员){_NAME}{_ALL}(?:采写|撰写|写|报道|发表|发)(?:过|了)?{_ALL}{_MANY}",
        rf"(?P<role>记者|通讯员){_NAME}的{_ITEM}{_ALL}有?(?:多少|几){_LEAF}",
    ),
    *_of(
        TallyKind.LIST,
        rf"(?P<role>记者|通讯员)?{_NAME}(?:记者)?{_ALL}(?:采写|撰写|写)(?:过|了){_ALL}(?:哪些|哪几{_LEAF}){_ON}{_ITEM}",
        rf"(?P<role>记者|通讯员){_NAME}{_ALL}(?:采写|撰写|写|报道|发表|发)(?:过|了)?{_ALL}(?:哪些|哪几{_LEAF})(?:{_ON}{_ITEM})?",
        rf"(?P<role>记者|通讯员){_NAME}的{_ITEM}{_ALL}有?(?:哪些|哪几{_LEAF})",
    ),
)
_FORMS = (
    *_of(
        TallyKind.COUNT,
        rf"{_ALL}(?:能?(?:查|找)(?:到|得到))?(?:刊?登(?:过|了)|发表?(?:过|了)|有(?:过)?)?{_ALL}{_MANY}{_HOLD}{_X}{_OF_ITEM}",
        rf"{_ABOUT}{_X}的?{_ITEM}{_ALL}有?{_MANY}",
        rf"{_ABOUT}{_X}的?{_ITEM}{_ALL}有?(?:多少|几){_LEAF}",
        rf"{_X}的报道{_ALL}有?(?:多少|几){_LEAF}",
        rf"{_X}{_ALL}(?:{_SEEN}|报道过){_ALL}{_TIMES}",
        rf"{_X}{_ALL}(?:上|登|见)(?:过|了)?{_TIMES}报纸?",
        rf"{_ALL}(?:报道|报导|提到|提及|写到|刊登)(?:过|了){_ALL}{_TIMES}(?:关于|有关)?{_X}{_OF_ITEM}",
        rf"{_ALL}(?:报道|报导|提到|提及|写到)(?:过|了){_X}{_ALL}{_TIMES}",
    ),
    *(
        pair
        for kind, edge in _EDGES.items()
        for pair in _of(
            kind,
            rf"{edge}{_WHEN}{_PRINT}{_X}{_OF_ITEM}",
            rf"{edge}{_PRINT}{_X}(?:的?(?:{_ITEM}|时间|日期))?{_TOLD}",
            rf"{_TOLD}{edge}{_PRINT}{_X}{_OF_ITEM}",
            rf"{_X}{edge}{_WHEN}{_SEEN}",
            rf"{_X}{_WHEN}{edge}{_SEEN}",
            rf"{_X}{edge}{_SEEN}(?:的?(?:时间|日期))?{_TOLD}",
            rf"(?:{_ABOUT})?{_X}的?{_EDGE_ITEMS[kind]}{_ITEM}(?:的?(?:时间|日期))?{_TOLD}",
            rf"{_EDGE_ITEMS[kind]}{_ABOUT}{_X}的?{_ITEM}(?:的?(?:时间|日期))?{_TOLD}",
        )
    ),
    *_of(
        TallyKind.REPORTERS,
        rf"(?:都?有)?{_WHO}(?:记者|通讯员|作者){_ALL}{_WROTE}(?:关于|有关)?{_X}{_OF_ITEM}",
        rf"(?:都?有)?(?:哪些人|哪几个人|谁){_ALL}(?:采写|撰写|写)(?:过|了)(?:关于|有关)?{_X}的{_ITEM}",
        rf"(?:{_ABOUT})?{_X}(?:的?{_ITEM})?(?:都)?(?:是|有|由|被)?{_WHO}(?:记者|通讯员){_WROTE}的?",
    ),
    *_of(
        TallyKind.PAPERS,
        rf"(?:都?有)?{_PAPERS}{_ALL}(?:{_PRINT}|写(?:过|了)){_X}{_OF_ITEM}",
        rf"{_X}(?:都)?(?:被|上过|登过|在){_PAPERS}(?:上)?(?:{_PRINT}|出现(?:过)?)?",
    ),
    *_of(
        TallyKind.DAYS,
        rf"(?:都?有)?{_DAYS}{_ALL}(?:{_PRINT}|写(?:过|了)){_X}{_OF_ITEM}",
    ),
    *_of(
        TallyKind.LIST,
        rf"(?:都?有)?(?:哪些{_ITEM}|哪几{_LEAF}{_ITEM}?){_HOLD}{_X}{_OF_ITEM}",
        rf"(?:都?有)?{_WHAT}{_ALL}(?:是)?(?:提到|提及|写到|关于|有关)(?:过|了)?{_X}的?",
        rf"(?:列出|列举|列一?下|找出|找到){_ALL}(?:所有|全部|一切)?(?:的)?{_ABOUT}{_X}的?(?:所有|全部)?的?{_ITEM}",
        rf"(?:所有|全部)(?:的)?{_ABOUT}{_X}的?{_ITEM}",
        rf"{_ABOUT}{_X}的?(?:所有|全部)?的?{_ITEM}{_ALL}有?(?:哪些|哪几{_LEAF})",
        rf"{_X}的报道{_ALL}有?(?:哪些|哪几{_LEAF})",
    ),
)
# What points at something said before, or at nothing: no word to look for.
_POINTING = re.compile(
    r"(?:这|那|此|该|其|它|他|她|咱|我|你|您)(?:们|个|件|次|位|篇|条|些|家|里|边|种)?(?:人|事|事情|事件|报道|新闻|活动|会议?|项目)?|的|过|了|大家|有人"
)
_MARKS = "\"'《》「」 ,、:。?!"
_FRAME = re.compile(
    r"(?:这件事情?|这个?人|这位|一事|的事情?|的情况|方面|这个词|这几?个字|一词|的内容|的消息|的报道|的)$"
)


# What every form holds: compiling them all takes 0.2 s, and most questions need none of them.
_ALL_ASKED = re.compile(
    r"多少|几|哪|谁|所有|全部|列|找|最早|最先|最初|首次|第一|头一|最近|最后|最晚|上一次|末次"
)
_IN_PRINT = re.compile(r"报|篇|新闻|文章|稿|消息|通讯|提到|提及|说到|讲到|谈到|写|登|刊|发表|记者")


@cache
def _patterns() -> tuple[tuple[TallyKind, re.Pattern[str]], ...]:
    """The forms, bylines first: 记者于志报道了几次 names who wrote."""
    return tuple((kind, re.compile(f"{_HEAD}{form}{_TAIL}")) for kind, form in (*_BYLINES, *_FORMS))


def census(text: str) -> Census | None:
    """What a folded question asks of all articles, or ``None`` where it asks no such thing."""
    if not (_ALL_ASKED.search(text) and _IN_PRINT.search(text)):
        return None
    return next(_read(text), None)


def _read(text: str) -> Iterator[Census]:
    for kind, pattern in _patterns():
        if not (found := pattern.fullmatch(text.strip())):
            continue
        parts = found.groupdict()
        matter, who = _matter(parts.get("x")), parts.get("who")
        if matter is None or (who and (asks(who) or _POINTING.fullmatch(who))):
            continue
        if matter or who:
            yield Census(kind, matter, who, titled=bool(parts.get("role")))


def _matter(x: str | None) -> str | None:
    """What is looked for, without its frame; ``None`` where it asks or points."""
    if x is None:
        return ""
    bare = _FRAME.sub("", x.strip(_MARKS))
    quoted = '"' in bare or "《" in bare
    inner = (bare if quoted else bare.strip(_MARKS)) if not _POINTING.fullmatch(bare) else ""
    return None if not inner or asks(inner) else inner
