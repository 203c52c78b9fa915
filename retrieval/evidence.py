"""Whether a sentence holds the kind of answer that a question asks for.

The patterns are how newspapers print such things: a number with its measure word, a name with
its office, a list with its 、. They say that an answer of this kind is there, not that it is right.
"""

from __future__ import annotations

import re

from retrieval.query import Want
from retrieval.records import Query

_NUMERAL = r"(?:\d+(?:[.,]\d+)*|[一二两三四五六七八九十百千万亿零〇]+)"
_COUNT = rf"{_NUMERAL}(?:多|余|几|数)?(?:[百千万亿]{{1,2}})?(?:多|余)?"
_MONEY = rf"{_COUNT}(?:美|欧|日|港)?(?:元|块)|[¥￥$]\d"
_NAMED = r"(?:书记|主任|市长|县长|区长|镇长|局长|厅长|处长|院长|校长|经理|董事长|主席|代表|委员|负责人|记者|通讯员|同志|队长|教授|教练|医生|老师)"

_PATTERNS: dict[Want, re.Pattern[str]] = {
    Want.MONEY: re.compile(_MONEY),
    Want.NUMBER: re.compile(rf"{_COUNT}\s*[㐀-鿿%‰]|第{_NUMERAL}|\d|百分之|榜首|首位|[数百]余"),
    Want.PERSON: re.compile(
        rf"{_NAMED}[㐀-鿿]{{2,3}}|[㐀-鿿]{{2,3}}(?:说|表示|介绍|强调|指出|告诉|主持|认为|代表说|同志)|[,、][男女],"
    ),
    Want.DATE: re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}日|\d{1,2}[时点:]\d*|[上下]午|[一二三四五六七八九十〇]+[年月日]|[昨今明近]日"),
    Want.PLACE: re.compile(r"[㐀-鿿]{2,}(?:省|市|州|县|区|镇|乡|村|屯|组|街|路|桥|河|山|公园|广场|中心|社区|小区|学校|中学|小学|大学)"),
    Want.ORGANISATION: re.compile(
        r"[㐀-鿿]{2,}(?:公司|集团|局|委|厅|部|院|校|中学|小学|大学|银行|分行|中心|协会|办公室|车间|厂|社|站|所|队)"
    ),
    Want.LIST: re.compile(r"、[^。]*、|[;；][^。]*[;；]|一是|等|分别"),
    Want.REASON: re.compile(r"为了?|因|由于|得益|旨在|目的|原因|促进|以便|本着|推动|涉嫌|支持"),
    Want.MANNER: re.compile(r"通过|采[取用]|坚持|实行|以.{1,14}(?:为|方式|原则)|利用|开展|按照|建立|积极"),
}
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


def holds(query: Query, folded: str) -> float:
    """How well a folded sentence can hold the wanted kind of answer, 0 to 1; 1 if any would do.

    Numbers that the question itself names are no answer; a number with the measure word asked
    for says more than one without.
    """
    wants = [Want(want) for want in query.wants if Want(want) in _PATTERNS]
    if not wants:
        return 1.0
    rest = folded
    for number in set(_NUMBERS.findall(query.text)):
        rest = rest.replace(number, "")
    if any(re.search(_COUNT + re.escape(unit), rest) for unit in query.units):
        return 1.0
    # The first kind is the most telling (多少钱 is money before it is a number).
    found = [bool(_PATTERNS[want].search(rest)) for want in wants]
    return (0.8 if query.units else 1.0) if found[0] else 0.5 if any(found) else 0.0
