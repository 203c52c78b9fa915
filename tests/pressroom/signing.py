"""Signatures: how local newspapers say who wrote a story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from .records import Genre, Part, Role, Story

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
_GIVEN = "伟芳敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉红鑫宇晨雪莹琳凯博浩然子涵思远欣怡佳宁海波志国春梅冬立新晓东一鸣文博雨桐继祥连生树茂永胜广义"
_LONG = ("欧阳雪", "司马锐", "上官云飞")


class Sign(StrEnum):
    """Where and how the names stand."""

    PAREN = "paren"  # 本报讯(记者 甲)
    SPACED = "spaced"  # 本报讯 甲 记者 乙 报道
    BARE_PAREN = "bare_paren"  # 本报讯 … (甲)
    BARE_CREDIT = "bare_credit"  # 本报讯 … 本报记者 甲
    WIRE = "wire"  # 新华社长春10月12日电(记者 甲)
    LINE = "line"  # 本报记者 甲, below the headline
    CREDIT = "credit"  # 某报记者 甲 乙, after the body
    CLOSE = "close"  # (甲) at the end of the last paragraph
    NONE = "none"


OPENING = (Sign.PAREN, Sign.SPACED, Sign.BARE_PAREN, Sign.BARE_CREDIT, Sign.WIRE)


@dataclass(frozen=True, slots=True)
class Signed:
    """A story with its signature among its parts, and the names in it."""

    story: Story
    names: tuple[str, ...] = ()


def person(rng: Random) -> str:
    """An invented name of two to four characters."""
    if rng.random() < 0.02:
        return rng.choice(_LONG)
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))


def sign(rng: Random, story: Story, how: Sign) -> Signed:
    """The story, signed this way; captions and reports have ways of their own."""
    if story.genre is Genre.PHOTO:
        return _caption(rng, story)
    if story.genre is Genre.REPORT:
        name = person(rng)
        return Signed(_byline(story, f"县长 {name}"), (name,))
    if story.genre is not Genre.NEWS or how is Sign.NONE:
        return Signed(story)
    names = tuple(dict.fromkeys(person(rng) for _ in range(rng.choice((1, 1, 2)))))
    if how in OPENING:
        return Signed(_opened(rng, story, how, names), names)
    if how is Sign.LINE:
        return Signed(_byline(story, _line(rng, names)), names)
    if how is Sign.CREDIT:
        return Signed(_credited(rng, story, names), names)
    return Signed(_closed(story, f"({' '.join(names)})"), names)


def _opened(rng: Random, story: Story, how: Sign, names: tuple[str, ...]) -> Story:
    """The story with 本报讯 or a news agency's line before its first words."""
    joined = " ".join(names)
    if how is Sign.PAREN:
        return _begin(story, _paren(rng, names))
    if how is Sign.SPACED:
        end = rng.choice((" 报道 ", "报道 "))
        if len(names) > 1:
            return _begin(story, f"本报讯 {names[0]} 记者 {' '.join(names[1:])}{end}")
        return _begin(story, f"本报讯 记者 {joined}{end}")
    if how is Sign.WIRE:
        day = f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
        city = rng.choice(("长春", "北京", "沈阳"))
        return _begin(story, f"新华社{city}{day}电(记者 {joined})")
    opened = _begin(story, "本报讯 ")
    return (
        _closed(opened, f"({joined})") if how is Sign.BARE_PAREN else _credited(rng, opened, names)
    )


def _paren(rng: Random, names: tuple[str, ...]) -> str:
    """本报讯 with names in brackets."""
    job = rng.choice(("记者 ", "记者 ", "通讯员 ", "记者", "实习生 "))
    if len(names) > 1 and rng.random() < 0.5:
        inner = f"通讯员 {names[0]} 记者 {names[1]}"
    else:
        inner = job + rng.choice((" ", "、")).join(names)
    opening, closing = rng.choice(("()", "()", "（）"))
    return f"本报讯{opening}{inner}{closing}"


def _line(rng: Random, names: tuple[str, ...]) -> str:
    """A line of names below a headline."""
    joined = " ".join(names)
    forms = (
        "本报记者 {}", "□本报记者 {}", "□ {}", "本报通讯员 {}", "文/图 本报记者 {}",
        "本报记者 {} 摄影报道", "本报记者 {} 文/摄", "记者 {}", "本报记者 {} 通讯员 {}",
    )  # fmt: skip
    form = rng.choice(forms[:-1] if len(names) == 1 else forms)
    return form.format(*names) if form.count("{}") == 2 else form.format(joined)


def _begin(story: Story, words: str) -> Story:
    """The story with these words before its first paragraph."""
    first = next(i for i, p in enumerate(story.parts) if p.role is Role.PARAGRAPH)
    parts = list(story.parts)
    parts[first] = replace(parts[first], text=words + parts[first].text)
    return replace(story, parts=tuple(parts))


def _closed(story: Story, words: str) -> Story:
    """The story with these words after its last paragraph."""
    *rest, last = story.parts
    return replace(story, parts=(*rest, replace(last, text=last.text + words)))


def _credited(rng: Random, story: Story, names: tuple[str, ...]) -> Story:
    """The story with a closing credit, on a line of its own or at the end of the text."""
    house = rng.choice(("本报记者", "清河日报记者", "吉林日报记者", "城市晚报全媒体记者"))
    words = f"{house} {' '.join(names)}"
    if len(names) > 1 and rng.random() < 0.3:
        words = f"{house} {names[0]} 实习生 {' '.join(names[1:])}"
    if rng.random() < 0.3:
        return _closed(story, f" {words}")
    return replace(story, parts=(*story.parts, Part(Role.CREDIT, words)))


def _byline(story: Story, words: str) -> Story:
    """The story with a line of names before its body."""
    first = next(i for i, p in enumerate(story.parts) if p.role is Role.PARAGRAPH)
    head, body = story.parts[:first], story.parts[first:]
    return replace(story, parts=(*head, Part(Role.BYLINE, words), *body))


def _caption(rng: Random, story: Story) -> Signed:
    """A caption with its photographer."""
    name = person(rng)
    form = rng.choice((" {} /摄", " 本报记者 {} 摄", "（本报记者 {} 摄）", "\n本报通讯员 {} 摄"))
    words = form.format(name)
    if words.startswith("\n"):
        return Signed(replace(story, parts=(*story.parts, Part(Role.CREDIT, words[1:]))), (name,))
    return Signed(_closed(story, words), (name,))
