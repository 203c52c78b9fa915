"""Bylines: who wrote it, at either end of a story or on a line of its own.

A byline is a role (记者, 通讯员, 摄影 …) with names, or bare names where only names may stand:
after 本报讯, between brackets at the end, before 摄. Names glued together or pulled apart by the
layout are cut again by surname.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.names import split_names
from retrieval.records import Credit

_ROLES = (
    r"[记記]者|通[讯訊][员員]|[实實][习習]生|特派[员員]|[评評][论論][员員]|[报報]道[员員]|撰稿人?|作者|[摄攝]影|[摄攝]影[师師]|"
    r"[摄攝]影者|撰文|文[图圖]|[图圖]文|整理|[采採][访訪]|[执執][笔筆]|主[笔筆]"
)
_AGENCY = (
    r"(?:本[报報]|本刊|本社|本[台臺]|我[报報]|[\u4e00-\u9fff]{2,7}?(?:[日晚早晨商时時][报報]|都市[报報]|[农農]村[报報]|周[报報]|"
    r"[报報]|社|[网網]|[电電][视視][台臺]|[广廣]播[电電][台臺]|融媒[体體]?中心|[传傳]媒集[团團]?|客[户戶]端))?"
    r"·?(?:[\u4e00-\u9fff]{2,7}?(?:[报報]|社|[网網]|新[闻聞]|客[户戶]端))?"
)
_WHO = (
    rf"{_AGENCY}"
    r"(?:全媒[体體]|融媒[体體]?|新媒[体體]|首席|特[约約]|特邀|[见見][习習]|[实實][习習]|[驻駐]站|[驻駐]地|[驻駐][\u4e00-\u9fff]{2,4}|"
    r"[摄攝]影|文字|[体體]育|本[报報])*"
)
_ROLE = re.compile(rf"({_WHO}(?:{_ROLES})|[文图圖摄攝](?=[/／:：])|(?<=[/／])[文图圖摄攝](?=\s|$))")
_PRESS = re.compile(_AGENCY)
_LED = re.compile(r"[者员員生稿人影师師文图圖理访訪笔筆][\s:：/／]")  # a role's end before names
_HEAD_CHARS, _TAIL_CHARS = 120, 100  # of a text, where a byline may stand
_WORK_CHARS = 16  # what was done (摄影报道), a bracket and spaces at the end of a line
_REPORTER = re.compile("[记記]者$")
_LABEL = re.compile(rf"[□■◎○●◇◆▲△☆★\s]*{_WHO}(?:{_ROLES})[\s::：/／]*")
_SIGN = re.compile(r"[□■◎○●◇◆]|[文图圖摄攝][/／:：]")
_WORK = re.compile(
    r"[\s/／]*(?P<work>[摄攝]影[报報][道導]|[采採][写寫][报報][道導]|[综綜]合[报報][道導]|[报報][道導]|/?[摄攝]影|/?[摄攝]|"
    r"文[/／、]?[图圖]|[图圖][/／、]?文|文[/／][摄攝]|[/／]文|[/／][图圖]|供稿|供[图圖]|整理|[采採][写寫]|撰文|文[并並][摄攝])"
    r"[\s)）]*$"
)
_WORKED = re.compile(r"[道導影摄攝图圖文稿理写寫][\s)）]*$")  # the end of what was done
_PARTS = re.compile(rf"{_WHO}(?:{_ROLES})|[文图摄](?=[/／:：])|(?<=[/／])[文图摄](?=\s|$)")
_NAMED = re.compile(r"[(（][\u4e00-\u9fff·\s、]{2,20}[)）]")  # names alone, in brackets
# What was done, before the names: 文/图 本报记者 甲.
_HANDS = re.compile(
    r"[\s(（]*(?P<work>文[/／、]?[图圖]|[图圖][/／、]?文|文[/／][摄攝]|[摄攝]影[报報][道導])(?=[\s:：/／])"
)
_OFFICE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,12}?(?:代)?(?:省长|市长|县长|区长|州长|镇长|乡长|院长|检察长|主任|主席|书记|局长|行长|会长)"
    r"[\s:：]+)(?P<names>[\u4e00-\u9fff][\u4e00-\u9fff\s]{0,4}[\u4e00-\u9fff])$"
)
_DAY = r"\d{1,2}\s*月\s*\d{1,2}\s*日"
_DATELINE = (
    r"本[报報][讯訊]|本[台臺][讯訊]|本[网網][讯訊]|本[报報]消息|"
    rf"本[报報]\s?{_DAY}\s?[电讯電訊]|"
    rf"本[报報][\u4e00-\u9fff]{{2,6}}\s?(?:{_DAY})?\s?[电讯電訊](?![话視视影話])|"
    r"[\u4e00-\u9fff]{2,6}(?:[日晚早晨商时時][报報]|都市[报報]|[农農]村[报報])[讯訊]"
)
_NAMES = r"[\u4e00-\u9fff·\s、]"
_OPENING = re.compile(
    rf"(?:{_DATELINE}|(?:[据據])?(?:新[华華]社|新华网|中新社|中新网|中央社|央视网|人民日[报報]|人民网|光明日[报報]|经济日报)"
    rf"[^,，。(（]{{0,16}}?[电讯電訊]|"
    r"[\u4e00-\u9fff]{{2,8}}(?:社|网|报)\s?[^,，。(（]{{0,12}}?\d+日[电讯]|)"
    rf"\s*[(（]\s*(?P<inner>[^()（）。]{{2,60}})[)）]"
)
_GLUED = re.compile(
    rf"(?:{_DATELINE})\s*(?P<inner>{_NAMES}{{0,24}}?(?:{_ROLES}){_NAMES}{{2,24}}?)[报報]\s*[道導]"
)
_PLAIN = re.compile(
    rf"(?P<inner>{_WHO}(?:[记記]者|通[讯訊][员員]){_NAMES}{{2,24}}?(?:(?:[记記]者|通[讯訊][员員]|[实實][习習]生){_NAMES}{{2,12}}?)?)"
    r"(?:[摄攝]影[报報][道導]|[报報][道導]|[采採][写寫])\s"
)
_REPORTED = re.compile("[道導写寫]")  # the end of 报道, 采写
_STORY = re.compile(
    rf"\s*(?:{_DATELINE}|[据據]?(?:新[华華]社|中新社|中央社|新华网|中新网|人民日[报報]|人民网)[^,，。]{{0,16}}[电讯電訊])"
)
_BRACKET = re.compile(r"[(（]\s*(?P<inner>[^()（）。,，]{2,40})\s*[)）]\s*$")
_TAIL = re.compile(
    rf"(?P<inner>(?:{_WHO}(?:{_ROLES})[\s::：]+[\u4e00-\u9fff·][\u4e00-\u9fff·\s、]{{1,24}}?)+"
    r"(?:[\s/／]*(?:文[/／][图圖]|[图圖][/／]文|[摄攝]影[报報][道導]|[报報][道導]|[摄攝]影|[摄攝]|供[图圖]))?)\s*$"
)
_SHOT = re.compile(
    r"(?:^|[\s。!！”\"(（])(?P<inner>[\u4e00-\u9fff·]{2,4}(?:[\s、][\u4e00-\u9fff·]{2,4}){0,2}[\s/／]+"
    r"(?:[摄攝]影[报報][道導]|[摄攝]影|[摄攝]|供[图圖])[)）]?)\s*$"
)
_PHOTO = re.compile(r"(?:[摄攝]影?|供[图圖])[\s)）]*$|^[\s(（]*[摄攝]影?[\s:：/／]")
_NAME_END = re.compile(r"[\u4e00-\u9fff·、]")
_SHOT_END = frozenset("道導影摄攝图圖")
_EDGES = " \t\r\n\u3000:：/／□■◎○●◇◆▲△☆★()（）、"
# What stands around a line is asked about again and again while the lines below it are read.
_remembered = lru_cache(maxsize=256)


@dataclass(frozen=True, slots=True)
class Byline:
    """Who is named, in the order printed, and the range of the text that names and roles fill."""

    credits: tuple[Credit, ...]
    start: int
    end: int
    photo: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names alone."""
        return tuple(credit.name for credit in self.credits)


def standalone(text: str) -> Byline | None:
    """The byline that is all of this line, or ``None``."""
    return _standalone(text) if 2 <= len(text) <= 60 else None


@_remembered
def _standalone(text: str) -> Byline | None:
    """The byline that is all of this short line."""
    line = text.strip("()（） \t")
    names = split_names(line, sure=False) if _NAMED.fullmatch(text.strip()) else ()
    if names:
        return Byline(tuple(map(Credit, names)), 0, len(text))
    end = line[-_WORK_CHARS:]
    worked = (_WORKED.search(end) and _WORK.search(end)) or _HANDS.match(line)
    if not (worked or _LABEL.match(line) or _SIGN.match(line)):
        return None
    found = _credits(line)
    return Byline(found, 0, len(text), bool(_PHOTO.search(line))) if found else None


def is_labelled(text: str) -> bool:
    """Whether a line begins as a byline does, with a role: 本报记者, 通讯员."""
    return _LABEL.match(text.strip()) is not None


def office(text: str) -> Byline | None:
    """Who gives the speech printed below: ``市长 某某`` on a line of its own under its title."""
    match = _OFFICE.match(text.strip())
    found = split_names(match["names"], sure=False) if match else ()
    return Byline(tuple(map(Credit, found)), 0, len(text)) if found else None


def opening(text: str) -> Byline | None:
    """The byline that opens a story: ``本报讯(记者 …)``, ``本报讯 … 记者 … 报道``."""
    return _opening(text[: _HEAD_CHARS + 1])


@_remembered
def _opening(beginning: str) -> Byline | None:
    """The byline that opens a story; one character too many tells that the story goes on."""
    head = beginning[:_HEAD_CHARS]
    for pattern in _openings(head):
        match = pattern.match(head)
        if match:
            inner = match["inner"]
            if pattern is _OPENING and not re.search(_ROLES, inner) and not _STORY.match(head):
                continue
            found = _credits(inner, _agency(head[: match.start("inner")]))
            bare = match.end() == len(beginning.rstrip()) and not _STORY.match(head)
            if found and not bare:  # a credit in brackets and nothing after it opens no story
                return Byline(found, 0, match.end())
    return None


def _openings(head: str) -> Iterator[re.Pattern[str]]:
    """The forms that an opening byline can have here, by a character that each must hold."""
    if "(" in head or "（" in head:
        yield _OPENING
    if _REPORTED.search(head):
        yield from (_GLUED, _PLAIN)


def opens_story(text: str) -> bool:
    """Whether a story opens here: ``本报讯``, an agency's dateline, a byline."""
    return _opens(text[: _HEAD_CHARS + 1])


@_remembered
def _opens(beginning: str) -> bool:
    """Whether a dateline or a byline stands here."""
    return _STORY.match(beginning[:60]) is not None or _opening(beginning) is not None


def is_dateline(text: str) -> bool:
    """Whether a line is ``本报讯`` or an agency's dateline alone, its story still to come."""
    return len(text) <= 30 and _STORY.fullmatch(text.rstrip()) is not None


def closing(text: str) -> Byline | None:
    """The byline that closes a story: ``(宋晓麟)``, ``某报记者 甲 乙``, ``丙 /摄``."""
    offset = max(0, len(text) - _TAIL_CHARS)
    found = _closing(text[offset:])
    if found is None or not offset:
        return found
    return replace(found, start=offset + found.start, end=offset + found.end)


@_remembered
def _closing(tail: str) -> Byline | None:
    """The byline that closes a story of this end."""
    for pattern in _closings(tail):
        match = pattern.search(tail)
        if match:
            found = _credits(match["inner"])
            if found:
                photo = bool(_PHOTO.search(match["inner"]))
                return Byline(found, match.start("inner"), len(tail), photo)
    return None


def _closings(tail: str) -> Iterator[re.Pattern[str]]:
    """The forms that a byline can have here, by the last characters: most texts end in none."""
    end = tail.rstrip()[-2:]
    if not end:
        return
    if end[-1] in ")）":
        yield _BRACKET
    elif _NAME_END.match(end[-1]) and _LED.search(tail):
        yield _TAIL
    if not _SHOT_END.isdisjoint(end):
        yield _SHOT


def _credits(text: str, agency: str | None = None) -> tuple[Credit, ...]:
    """Every name of a byline with its role; empty where something in it is no name.

    ``agency`` is that of the dateline: its reporters' own, where their role names none.
    """
    hands = _HANDS.match(text)
    text = text[hands.end() :] if hands else text
    work = _WORK.search(text)
    pieces = _ROLE.split(text[: work.start()] if work else text)
    done = work["work"].strip("/／") if work else None
    found: dict[str, Credit] = {}
    for place in range(0, len(pieces), 2):
        piece, sign = pieces[place], pieces[place - 1] if place else None
        bare = piece.strip(_EDGES)
        if not bare:
            continue
        sure = (len(pieces) > 1 or work is not None) and piece[0] in _EDGES
        names = split_names(bare, sure=sure)
        if not names:
            return ()
        role, press = _role(sign) if sign else (done, None)
        press = press or (agency if role and _REPORTER.search(role) else None)
        for name in names:
            found.setdefault(name, Credit(name, role, press))
    return tuple(found.values())


def _role(sign: str) -> tuple[str, str | None]:
    """Role and agency of the words before names: ``本报`` ``首席记者``."""
    press = _agency(sign)
    return sign.removeprefix(press or ""), press


def _agency(text: str) -> str | None:
    """The paper, agency or station that a dateline or a role begins with."""
    match = _PRESS.match(text.lstrip("据據 \t\u3000"))
    return (match[0] if match else "") or None
