"""Every sentence a reader sees, by key and language; the tables are in ``bot.texts``.

Facts put into a sentence are plain text: whoever sends HTML escapes the finished sentence.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.gatetexts import DOOR_EN, DOOR_ZH, Door
from bot.librarytexts import LIBRARY_EN, LIBRARY_ZH, Library
from bot.texts import EN, ZH, Lang, Text
from bot.texts import Key as _Key
from retrieval.records import Reason, Scope, Verdict

__all__ = [
    "TABLES",
    "Door",
    "Key",
    "Lang",
    "Library",
    "Text",
    "both",
    "courtesy",
    "day",
    "lang_of",
    "page",
    "period",
    "reason",
    "say",
    "scope",
    "taken_down",
]

Key = _Key | Door | Library


def _joined(*tables: Mapping[Any, str]) -> Mapping[Key, str]:
    return {key: sentence for table in tables for key, sentence in table.items()}


TABLES: Mapping[Lang, Mapping[Key, str]] = {
    Lang.ZH: _joined(ZH, DOOR_ZH, LIBRARY_ZH),
    Lang.EN: _joined(EN, DOOR_EN, LIBRARY_EN),
}

# What stands in a sentence when the caller knows no better.
_UNKNOWN: Mapping[Lang, Mapping[str, str]] = {
    Lang.ZH: {"where": "这段时间或这家报纸", "max_chars": "500"},
    Lang.EN: {"where": "that period or newspaper", "max_chars": "500"},
}

# Whole messages, letters only: what a reader says who asks nothing.
_GREETINGS = re.compile(
    "你好|您好|你好呀|你好啊|您好啊|嗨|哈喽|哈啰|喂|在吗|在么|早|早安|早上好|上午好"
    "|中午好|下午好|晚上好|晚安|大家好"
    "|hi|hello|hey|goodmorning|goodafternoon|goodevening"
)
_THANKS = re.compile(
    "谢谢|谢谢你|谢谢您|谢谢啦|谢谢了|多谢|感谢|非常感谢|十分感谢|太感谢了|谢|谢了"
    "|辛苦了|好的谢谢|好的|好|明白了|知道了|再见|拜拜"
    "|thanks|thankyou|thx|ty|ok|okay|bye|goodbye|thankyouverymuch"
)


def lang_of(language_code: str | None) -> Lang:
    """Return the language to speak with a reader whose Telegram says ``language_code``."""
    code = (language_code or "zh").lower()
    return Lang.ZH if code.startswith("zh") else Lang.EN


def say(key: Key, lang: Lang = Lang.ZH, **facts: object) -> str:
    """Return the sentence for ``key``, with ``facts`` filled in."""
    return TABLES[lang][key].format_map({**_UNKNOWN[lang], **facts})


def reason(reason: Reason, lang: Lang = Lang.ZH, **facts: object) -> str:
    """Why there is no answer, and what to try.

    Facts understood: ``where`` (see ``scope``), ``max_chars``; both may be left out.
    """
    return say(reason, lang, **facts)


def taken_down(reason: str | None, lang: Lang = Lang.ZH) -> str:
    """Return that a report is hidden by the take-down list, and why where that is public."""
    return say(Text.TAKEN_DOWN_WHY if reason else Text.TAKEN_DOWN, lang, reason=reason)


def verdict(verdict: Verdict, lang: Lang = Lang.ZH) -> str:
    """Return the sentence that opens an answer."""
    return say(verdict, lang)


def day(iso: str, lang: Lang = Lang.ZH) -> str:
    """Return an ISO day as readers write it; anything else is returned as it came."""
    try:
        when = date.fromisoformat(iso)
    except ValueError:
        return iso
    if lang is Lang.ZH:
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {when:%B} {when.year}"


def page(page: str, lang: Lang = Lang.ZH) -> str:
    """Return a page's number as readers write it."""
    return page if lang is Lang.ZH and page.endswith("版") else say(Text.PAGE, lang, page=page)


def scope(scope: Scope, lang: Lang = Lang.ZH) -> str | None:
    """Return what was searched, in words: newspaper and period; ``None`` for everything."""
    paper = f"《{scope.newspaper}》" if scope.newspaper else ""
    clean = say(Text.LEGIBLE, lang) if scope.legible is not None else ""
    when = period(scope.date_from, scope.date_to, lang)
    words = " ".join(part for part in (paper, when, clean) if part)
    return words.replace("》 ", "》") if lang is Lang.ZH and words else words or None


def period(first: str | None, last: str | None, lang: Lang = Lang.ZH) -> str:
    """Return a period as readers write it, open at an end that is ``None``; ``""`` for all time.

    A whole month or year is called by its name.
    """
    if first and last:
        whole = _whole(first, last) if lang is Lang.ZH else ""
        if whole or first == last:
            return whole or day(first, lang)
        return say(Text.PERIOD, lang, first=day(first, lang), last=day(last, lang))
    if first:
        return say(Text.SINCE, lang, first=day(first, lang))
    return say(Text.UNTIL, lang, last=day(last, lang)) if last else ""


def _whole(first: str, last: str) -> str:
    """The month or year that a period covers exactly, in Chinese; ``""`` where it does not."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return ""
    if start.year != end.year or start.day != 1:
        return ""
    if (start.month, end.month, end.day) == (1, 12, 31):
        return f"{start.year}年"
    same = start.month == end.month and end.day == monthrange(end.year, end.month)[1]
    return f"{start.year}年{start.month}月" if same else ""


def both(key: Key, **facts: object) -> str:
    """Return the sentence in English and Chinese, for whoever runs the program."""
    return f"{say(key, Lang.EN, **facts)} ({say(key, Lang.ZH, **facts)})"


def courtesy(text: str) -> Text | None:
    """Which kind reply suits a message that only greets or thanks; ``None`` for any other."""
    bare = re.sub(r"[\W_]+", "", text).lower()
    if _GREETINGS.fullmatch(bare):
        return Text.GREETING
    return Text.THANKS if _THANKS.fullmatch(bare) else None
