"""Furniture: what stands on a page and belongs to no story, whole or broken."""

from __future__ import annotations

from random import Random

from .records import Fault, Line
from .signing import person

_SECTIONS = (
    "惠民实事", "基层动态", "乡村振兴进行时", "身边好人", "法治在线", "教育园地", "健康驿站", "经济视窗",
    "百姓关注", "部门在行动", "重大项目巡礼", "创业先锋",
)  # fmt: skip
_SERIES = (
    ("抓重点 补短板 强弱项", "——项目建设一线见闻"),
    ("走进县区看变化 喜迎党代会",),
    ("奋进新征程 建功新时代", "——聚焦高质量发展"),
    ("我为群众办实事",),
)
_SCRAPS = (
    "吉D微风",
    "丶 一",
    "|",
    "口",
    "· ·",
    "ABC",
    "匚二",
    "' ,",
    "■■",
    "0 0",
    "丨 丨",
    "//",
    "囗 日",
    "i l",
    "~",
)
_WEEKDAYS = "一二三四五六日"


def date(rng: Random) -> str:
    """A day with its weekday, as a masthead has it."""
    return f"2021年{rng.randint(1, 12)}月{rng.randint(1, 28)}日 星期{rng.choice(_WEEKDAYS)}"


def section(rng: Random) -> str:
    """The name of a column under which stories stand."""
    return rng.choice(_SECTIONS)


def series(rng: Random) -> tuple[str, ...]:
    """The name of a series, printed beside one of its stories."""
    return rng.choice(_SERIES)


def scrap(rng: Random) -> Line:
    """What recognition makes of a rule, a stain or an ornament."""
    return Line(rng.choice(_SCRAPS))


def masthead(rng: Random, *, broken: bool) -> list[Line]:
    """The head of a first page; broken, its large and small type is partly unread."""
    full = [
        "清河日报", "QING HE RI BAO", date(rng), "农历辛丑年九月十四", f"总第{rng.randint(3000, 9000)}期 今日4版",
        "国内统一刊号:CN22-0099", "中共清河市委主管主办 清河日报社出版", "新闻热线:0437-3218877",
        "网址:http://www.qinghe.example",
    ]  # fmt: skip
    if broken:
        full[0] = rng.choice(("清 氵可 日 扌艮", "氵青可日报", "月可日"))
        full[1] = rng.choice(("QIN6 HE R1 BA0", "QING HE", "0ING HE RI 8AO"))
        full = [t for t in full if rng.random() < 0.7] or full[:3]
    blank = rng.random() < 0.7
    return [line for t in full for line in ([Line(t), Line("")] if blank else [Line(t)])]


def contents(titles: list[str]) -> list[Line]:
    """The box that names stories of other pages."""
    return [Line("今日导读"), *(Line(f"● {t} {n}版") for n, t in enumerate(titles, 2))]


def folio(rng: Random) -> list[Line]:
    """The running head of an inner page, on one line or several."""
    day, number = date(rng), rng.randint(2, 8)
    name = rng.choice(("综合新闻", "要闻", "县区新闻", "社会民生", "综合"))
    editor = f"责任编辑:{person(rng)}"
    forms = (
        [f"{number} {name} {day} {editor}"],
        [f"{day}", f"{editor} 版式设计:{person(rng)}", f"{name} {number}"],
        ["清河日报", name, f"第{number}版", day],
        [f"第{number}版 {name}", f"编辑 {person(rng)} 校对 {person(rng)} E-mail:qhrb@example.com"],
    )
    return [Line(text) for text in rng.choice(forms)]


def credits(rng: Random) -> list[Line]:
    """Who made the page, at its foot."""
    forms = (
        f"设计制图: {person(rng)}", f"本版编辑 {person(rng)} 校对 {person(rng)}",
        f"责编:{person(rng)} 美编:{person(rng)}", f"组版:{person(rng)}",
    )  # fmt: skip
    return [Line(rng.choice(forms))]


def around(rng: Random, faults: frozenset[Fault], *, front: bool) -> tuple[list[Line], list[Line]]:
    """What stands above the first story and below the last."""
    top: list[Line] = []
    foot: list[Line] = []
    if front:
        top += masthead(rng, broken=Fault.BROKEN_MASTHEAD in faults)
    elif Fault.FURNITURE in faults:
        (top if rng.random() < 0.7 else foot).extend(folio(rng))
    if Fault.FURNITURE in faults and rng.random() < 0.6:
        foot += credits(rng)
    return top, foot
