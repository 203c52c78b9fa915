"""Bylines: who wrote it, at either end of a story or on a line of its own.

A byline is a role (记者, 通讯员, 摄影 …) with names, or bare names where only names may stand:
after 本报讯, between brackets at the end, before 摄. Names glued together or pulled apart by the
layout are cut again by surname.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Common single-character surnames, and rarer ones met in bylines of the northeast; a list kept by
# hand, with no claim to be complete: an unlisted surname only keeps glued names from being parted.
_SINGLE = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜"
    "吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖"
    "糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺付肖闫"
    "初战历才门由宿刑隗邴兴代崇苍矫修乌纳敬鹿仝车滑逄隽咸"
)
_COMPOUND = frozenset(
    re.findall(
        "..", "欧阳上官司马诸葛夏侯东方皇甫尉迟公孙令狐慕容司徒端木南宫呼延长孙宇文轩辕独孤拓跋"
    )
)
_ROLES = (
    r"记者|通讯员|实习生|特派员|评论员|报道员|撰稿人?|作者|摄影|摄影师|摄影者|撰文|文图|图文|整理|采访|"
    r"执笔|主笔"
)
_WHO = (
    r"(?:本报|本刊|本社|本台|我报|[\u4e00-\u9fff]{2,7}?(?:日报|晚报|早报|晨报|商报|时报|都市报|农村报|周报|报|社|网|"
    r"电视台|广播电台|融媒体?中心|传媒集团?|客户端))?"
    r"·?(?:[\u4e00-\u9fff]{2,7}?(?:报|社|网|新闻|客户端))?"
    r"(?:全媒体|融媒体?|新媒体|首席|特约|特邀|见习|实习|驻站|驻地|驻[\u4e00-\u9fff]{2,4}|摄影|文字|体育|本报)*"
)
_LABEL = re.compile(rf"[□■◎○●◇◆▲△☆★\s]*{_WHO}(?:{_ROLES})[\s::：/／]*")
_SIGN = re.compile(r"[□■◎○●◇◆]|[文图摄][/／:：]")
_WORK = re.compile(
    r"[\s/／]*(?:摄影报道|采写报道|综合报道|报道|/?摄影|/?摄|文[/／、]?图|图[/／、]?文|"
    r"[/／]文|[/／]图|文[/／]摄|供稿|供图|整理|采写|撰文|文并摄)"
    r"[\s)）]*$"
)
_NAMED = re.compile(r"[(（][\u4e00-\u9fff·\s、]{2,20}[)）]")  # names alone, in brackets
_HANDS = re.compile(r"^[\s(（]*(?:文[/／、]?图|图[/／、]?文|文[/／]摄|摄影报道)(?=[\s:：/／])")
_PARTS = re.compile(rf"{_WHO}(?:{_ROLES})|[文图摄](?=[/／:：])|(?<=[/／])[文图摄](?=\s|$)")
_OFFICE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,12}?(?:代)?(?:省长|市长|县长|区长|州长|镇长|乡长|院长|检察长|主任|主席|书记|局长|行长|会长)"
    r"[\s:：]+)(?P<names>[\u4e00-\u9fff][\u4e00-\u9fff\s]{0,4}[\u4e00-\u9fff])$"
)
_DAY = r"\d{1,2}\s*月\s*\d{1,2}\s*日"
_DATELINE = (
    rf"本报讯|本台讯|本网讯|本报消息|本报\s?{_DAY}\s?[电讯]|"
    rf"本报[\u4e00-\u9fff]{{2,6}}\s?(?:{_DAY})?\s?[电讯](?!话|视|影)|"
    r"[\u4e00-\u9fff]{2,6}(?:日报|晚报|早报|晨报|商报|时报|都市报|农村报)讯"
)
_NAMES = r"[\u4e00-\u9fff·\s、]"
_OPENING = re.compile(
    rf"(?:{_DATELINE}|(?:据)?(?:新华社|新华网|中新社|中新网|央视网|人民日报|人民网|光明日报|经济日报)"
    rf"[^,，。(（]{{0,16}}?[电讯]|"
    r"[\u4e00-\u9fff]{{2,8}}(?:社|网|报)\s?[^,，。(（]{{0,12}}?\d+日[电讯]|)"
    rf"\s*[(（]\s*(?P<inner>[^()（）。]{{2,60}})[)）]"
)
_GLUED = re.compile(
    rf"(?:{_DATELINE})\s*(?P<inner>{_NAMES}{{0,24}}?(?:{_ROLES}){_NAMES}{{2,24}}?)报\s*道"
)
_PLAIN = re.compile(
    rf"(?P<inner>{_WHO}(?:记者|通讯员){_NAMES}{{2,24}}?(?:(?:记者|通讯员|实习生){_NAMES}{{2,12}}?)?)"
    r"(?:摄影报道|报道|采写)\s"
)
_STORY = re.compile(
    rf"\s*(?:{_DATELINE}|(?:据)?(?:新华社|中新社|新华网|中新网|人民日报|人民网)[^,，。]{{0,16}}[电讯])"
)
_BRACKET = re.compile(r"[(（]\s*(?P<inner>[^()（）。,，]{2,40})\s*[)）]\s*$")
_TAIL = re.compile(
    rf"(?P<inner>(?:{_WHO}(?:{_ROLES})[\s::：]+[\u4e00-\u9fff·][\u4e00-\u9fff·\s、]{{1,24}}?)+"
    r"(?:[\s/／]*(?:文[/／]图|图[/／]文|摄影报道|报道|摄影|摄|供图))?)\s*$"
)
_SHOT = re.compile(
    r"(?:^|[\s。!！”\"(（])(?P<inner>[\u4e00-\u9fff·]{2,4}(?:[\s、][\u4e00-\u9fff·]{2,4}){0,2}[\s/／]+"
    r"(?:摄影报道|摄影|摄|供图)[)）]?)\s*$"
)
_PHOTO = re.compile(r"(?:摄影?|供图)[\s)）]*$")
_EDGES = " \t\r\n\u3000:：/／□■◎○●◇◆▲△☆★()（）、"
_SPLIT = re.compile(r"[\s、,，/／]+")
# A name of three characters is likelier than one of two, a compound surname than its halves.
_NAME_COSTS = {2: 1.1, 3: 1.0, 4: 0.8}
# Words that stand where names stand but are none.
_NOT_NAMES = re.compile(
    "本报讯?|新华社|报道|摄影|综合|整理|供稿|记者|通讯员|图文|文图|实习生|编辑|特约|作者|完|待续|"
    "单位|全文|摘要|资料|图片|文章|调查|观察|手记|述评|见闻|札记|日记|来信"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """Names in the order printed, and the range of the text they stand in with their roles."""

    names: tuple[str, ...]
    start: int
    end: int
    photo: bool = False


def standalone(text: str) -> Byline | None:
    """The byline that is all of this line, or ``None``."""
    if not 2 <= len(text) <= 60:
        return None
    line = text.strip("()（） \t")
    if _NAMED.fullmatch(text.strip()):
        names = split_names(line, sure=False)
        return Byline(names, 0, len(text)) if names else None
    if not any(form(line) for form in (_LABEL.match, _WORK.search, _SIGN.match, _HANDS.match)):
        return None
    found = _names(line)
    return Byline(found, 0, len(text), bool(_PHOTO.search(line))) if found else None


def is_labelled(text: str) -> bool:
    """Whether a line begins as a byline does, with a role: 本报记者, 通讯员."""
    return _LABEL.match(text.strip()) is not None


def office(text: str) -> Byline | None:
    """Who gives the speech printed below: ``市长 某某`` on a line of its own under its title."""
    match = _OFFICE.match(text.strip())
    found = split_names(match["names"], sure=False) if match else ()
    return Byline(found, 0, len(text)) if found else None


def opening(text: str) -> Byline | None:
    """The byline that opens a story: ``本报讯(记者 …)``, ``本报讯 … 记者 … 报道``."""
    head = text[:120]
    for pattern in (_OPENING, _GLUED, _PLAIN):
        match = pattern.match(head)
        if match:
            inner = match["inner"]
            if pattern is _OPENING and not re.search(_ROLES, inner) and not _STORY.match(head):
                continue
            found = _names(inner)
            bare = match.end() == len(text.rstrip()) and not _STORY.match(head)
            if found and not bare:  # a credit in brackets and nothing after it opens no story
                return Byline(found, 0, match.end())
    return None


def opens_story(text: str) -> bool:
    """Whether a story opens here: ``本报讯``, an agency's dateline, a byline."""
    return bool(_STORY.match(text[:60])) or opening(text) is not None


def is_dateline(text: str) -> bool:
    """Whether a line is ``本报讯`` or an agency's dateline alone, its story still to come."""
    return len(text) <= 30 and _STORY.fullmatch(text.rstrip()) is not None


def closing(text: str) -> Byline | None:
    """The byline that closes a story: ``(宋晓麟)``, ``某报记者 甲 乙``, ``丙 /摄``."""
    offset = max(0, len(text) - 100)
    tail = text[offset:]
    for pattern in (_BRACKET, _TAIL, _SHOT):
        match = pattern.search(tail)
        if match:
            found = _names(match["inner"])
            if found:
                photo = bool(_PHOTO.search(match["inner"]))
                return Byline(found, offset + match.start("inner"), len(text), photo)
    return None


def _names(text: str) -> tuple[str, ...]:
    """Every name of a byline; empty where something in it is no name."""
    names: list[str] = []
    for piece in _PARTS.split(_WORK.sub("", _HANDS.sub("", text))):
        bare = piece.strip(_EDGES)
        if not bare:
            continue
        found = split_names(bare, sure=piece is not text and piece[0] in _EDGES)
        if not found:
            return ()
        names += found
    return tuple(dict.fromkeys(names))


def split_names(text: str, *, sure: bool) -> tuple[str, ...]:
    """The names in a run of names, or nothing; ``sure`` where a role says that names follow."""
    tokens = _merged([t for t in _SPLIT.split(text) if t])
    names: list[str] = []
    for token in tokens:
        if _NOT_NAMES.fullmatch(token) or re.search(r"[^\u4e00-\u9fff·]", token):
            return ()
        foreign = "·" in token.strip("·")
        plain = (token,) if foreign or (sure and 2 <= len(token) <= 3) else ()
        parts = plain if foreign else _glued(token) or plain
        if not parts:
            return ()
        names += parts
    return tuple(names)


def _merged(tokens: Sequence[str]) -> list[str]:
    """Tokens with a lone character joined to its neighbour: ``王 茵``, ``吴 连祥``, ``徐文 君``."""
    merged: list[str] = []
    for token in tokens:
        last = merged[-1] if merged else ""
        surname = token in _SINGLE
        opened = len(last) == 1
        closes = len(token) == 1 and len(last) == 2 and not surname
        if opened or closes:
            merged[-1] += token
        else:
            merged.append(token)
    return merged


@lru_cache(maxsize=4096)
def _glued(token: str) -> tuple[str, ...]:
    """The names a token is made of, by surname: few, compound surnames and long names first."""
    if len(token) > 24:
        return ()
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(token)
    for end in range(2, len(token) + 1):
        for size, cost in _NAME_COSTS.items():
            earlier = best[end - size] if end >= size else None
            name = token[end - size : end]
            if earlier is None or not _is_name(name):
                continue
            candidate = (earlier[0] + cost, (*earlier[1], name))
            best[end] = min(best[end] or candidate, candidate)
    return best[-1][1] if best[-1] else ()


def _is_name(text: str) -> bool:
    """Whether these characters can be one full name."""
    if text[:2] in _COMPOUND:
        return 3 <= len(text) <= 4
    return text[0] in _SINGLE and 2 <= len(text) <= 3
