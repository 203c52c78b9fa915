"""Measure words: what a question counts in, and how a newspaper may count the same.

多少名带头人 is answered by 400多人, 几处旧楼 by 43个, 多少辆 by 300台. A count in another word says the same
within a group; 元 is in none with 吨.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# What is counted: the measure word right after 多少 or 几; 钱 is not counted, it is asked for.
MEASURES = (
    *(
        "个百分点",
        "平方公里",
        "平方千米",
        "平方米",
        "立方米",
        "公里",
        "公顷",
        "公斤",
        "千瓦",
        "兆瓦",
    ),
    *("万元", "亿元", "人次", "台次", "小时", "分钟", "个月"),
    *"个名位人户家棵株辆台套件项笔次场期版例列条座处所间栋幢头只匹亩吨斤克米里天年月日岁元块张本份支级层度",
    *"倍成届批种类村镇乡县市袋瓶箱艘架门首幅枚片段篇句章节号路站组队点字口样款起趟回遍",
)
# Words that count the same things.
_GROUPS = (
    "名 位 人",
    "件 项 个 起 宗 笔",
    "处 个 片 座 家 段",
    "家 个 所",
    "种 类 样 款 个 项",
    "棵 株",
    "辆 台 部 台次 辆次",
    "趟 列 班 次",
    "次 回 场 届 期 趟 遍 台次 人次",
    "栋 幢 座",
    "元 块",
    "天 日 个工作日 昼夜",
    "里 公里 千米 km",
    "平方米 平方公里 平方千米 公顷 亩 平 ㎡ m2",
    "吨 公斤 斤 千克 t kg",
    "千瓦 兆瓦 kw mw",
    "个月 月",
    "小时 分钟",
)
_ALIKE = {
    word: frozenset(other for group in _GROUPS if word in group.split() for other in group.split())
    for word in {word for group in _GROUPS for word in group.split()}
}
# Who counts in 个 or 人 may be told in a finer word; who counts in 户 asks for 户.
_ALIKE |= {
    "个": _ALIKE["个"] | set("家处座所项种名位件条类支"),
    "人": _ALIKE["人"] | {"个", "口", "人次"},
    "户": frozenset({"户"}),
    "口": frozenset({"口"}),
}
# Nouns for people end so, or are these: they are counted in 名 and 人, not in 个 alone.
_PEOPLE = re.compile(
    r"[员生师兵民客手]$|[学干]部$|(?:群众|老乡|乡亲|村民|大夫|护士|孩子|娃|老板|警察|家长|老人|青年|妇女|儿童|专家|教授|人才|记者|职工|工人"
    r"|骨干|主播|带头人|志愿者|患者|代表|党员|干部|客商|旅客|观众|选手|残疾人|贫困户|先生|同志|队伍|人员|人口|人)$"
)
_OF_PEOPLE = _ALIKE["人"] - {"个", "口"}
# What a number counts if nothing is asked: a measure word with a thing, no part of a date.
_DATED = re.compile(
    r"\d{4}\s?年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|\d{1,2}月(?:份|底|初)|[〇一二三四五六七八九]{4}年|第[\d一二三四五六七八九十]+[届次期]"
    r"|\d{4}-\d{4}(?:年)?|十[一二三四五]五"
)

_DATING = re.compile(r"[年月第五-]")  # what each of them holds


def counts_alike(unit: str) -> frozenset[str]:
    """The measure words that may count what ``unit`` counts, itself included."""
    return _ALIKE.get(unit, frozenset()) | {unit}


def counts_people(nouns: Sequence[str]) -> bool:
    """Whether what is counted are people: the last letters of the noun say so."""
    return any(_PEOPLE.search(noun) for noun in nouns)


def people_measures() -> frozenset[str]:
    """The measure words in which a newspaper counts people."""
    return _OF_PEOPLE


def without_dates(folded: str) -> str:
    """Folded text with years, days and ordinal numbers blanked: they count nothing."""
    return _DATED.sub(" ", folded) if _DATING.search(folded) else folded
