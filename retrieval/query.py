"""Question → query: what is asked, of which pages, and what kind of answer would do.

Only whole words are dropped (吧 stays inside 网吧). What a question says of a paper or a day leans
the ranking; only what the caller demands excludes.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum

from retrieval.errors import SettingsError
from retrieval.folding import fold
from retrieval.records import Query, Reason, Scope, Span
from retrieval.settings import Newspaper
from retrieval.tokens import Segmenter


class Want(StrEnum):
    """The kind of answer a question asks for."""

    PHONE = "phone"
    MONEY = "money"
    RANK = "rank"
    NUMBER = "number"
    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    SCHOOL = "school"
    ORGANISATION = "organisation"
    STORY = "story"
    LIST = "list"
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes_no"


_WHAT = "(?:什么|啥|哪些|哪个|何种|何)"
# The most telling kind first: 多少钱 is money before it is a number.
_WANTS = (
    (Want.PHONE, r"电话|热线|联系方式|手机号|邮箱|网址"),
    (
        Want.MONEY,
        r"多少(?:钱|元|块|万元|亿元|资金)|几(?:块钱|元|万元)|价格|价钱|票价|(?:投资|费用|花费|收入|成本|金额|总额|销售额|财政).{0,4}(?:多少|多大)",
    ),
    (Want.RANK, r"第几|排名|名次|排(?:在)?(?:多少|哪)|位列|排行"),
    (Want.NUMBER, r"多少|几(?!乎|度|经|年来)|多(?:大|高|长|远|重|宽|深|快)|百分之几|占比|比例"),
    (
        Want.PERSON,
        r"谁|哪(?:一?位|个人|名)|何人|什么人|叫(?:什么|啥)名|(?:什么|啥)名字|姓(?:什么|啥|名)",
    ),
    (
        Want.DATE,
        r"(?:什么|啥)时候|何时|哪(?:一?年|一?天|个月|月|日)|几(?:月|号|点|日|时)|日期|多久|几年前|时间是",
    ),
    (Want.SCHOOL, r"哪(?:一?所|个(?:学校|中学|小学|大学))|(?:什么|啥)(?:学校|大学|中学|小学)"),
    (
        Want.PLACE,
        r"哪(?:里|儿|个(?:地方|市|县|区|镇|乡|村|城市))|哪些(?:地方|城市|市|县)|(?:什么|啥)地方|何[地处]|地[点址]|在哪",
    ),
    (
        Want.ORGANISATION,
        r"哪(?:一?家|个(?:单位|部门|公司|企业|机构|衙门|银行|车间))|(?:什么|啥)(?:单位|部门|公司)|谁(?:主办|办的|组织)",
    ),
    (
        Want.STORY,
        rf"(?:写|采写|报道|刊登|登)(?:了|过)?{_WHAT}(?:新闻|报道|报导|文章|稿子|稿件|消息|内容)?[?。!]*$|{_WHAT}(?:新闻|报道|文章|稿)",
    ),
    (
        Want.LIST,
        r"哪些|哪几|哪[\"两三四五六七八九十]|都有|分别|(?:有|卖)(?:什么|啥)|(?:什么|啥)(?:内容|品种|项目|措施|东西)",
    ),
    (Want.REASON, r"为(?:什么|何|啥|了什么)|原因|凭什么|缘故|咋回事"),
    (Want.MANNER, r"怎么|怎样|如何|咋|(?:什么|啥)(?:办法|方式|措施)"),
    (Want.YES_NO, r"吗|有没有|是不是|是否|能不能|会不会|有无"),
)
_WANT_PATTERNS = tuple((want, re.compile(pattern)) for want, pattern in _WANTS)

# What is counted: the measure word right after 多少 or 几.
_UNIT = re.compile(
    r"(?:多少|第?几)\s*(个百分点|平方公里|平方米|立方米|公里|公顷|万元|亿元|[㐀-鿿])"
)
# The question word itself; the words beside it say what is asked of the matter.
_ASKING = re.compile(
    r"多少钱|多少|第几|几(?!乎|度|经)|什么时候|什么地方|什么名字|为什么|什么|啥时候|为啥|啥|为何|何时|何地|何人|谁"
    r"|哪(?:些|里|儿|[一二两三四五六七八九十]?[个所家位名年天月种项])?|怎么样|怎么办|怎么|怎样|如何|咋|多[大高长远久重]|吗|是否"
)

# Words that ask, address or glue; what is left carries the matter.
_STOP = frozenset(
    """
    的 地 得 了 着 过 吗 呢 啊 吧 呀 嘛 哦 哈 么 嗯 是 在 有 和 与 及 或 就 都 也 还 又 再 才 很 太 更 最
    这 那 哪 谁 这个 那个 哪个 哪些 哪几 哪位 哪家 哪所 哪里 哪儿 这里 那里 什么 怎么 怎样 怎么样 如何 为什么 为何
    为啥 啥 咋 多少 几 几个 多大 多长 多久 多高 第几 何时 何地 何人 一共 总共 共 一下 请 请问 问 问问 想 想问 想知道
    知道 告诉 我 你 您 他 她 它 我们 你们 他们 咱 咱们 俺 人家 大家 把 被 给 对 向 从 到 为 为了 以 之 其 而 但 并
    让 叫 叫做 名字 要 会 能 可以 可 该 应该 去 来 说 说说 讲讲 看看 有没有 是不是 是否 没有 不 没 一 个 些 点 儿 里 上 下
    中 时候 时 什么时候 哪年 哪天 哪 年 月 日 号 时间 情况 方面 事情 事 东西 内容 关于 有关 相关 提到 报道 报导 新闻 记者 写 写过
    头版 头条 版面 现在 当时 后来 已经 曾经 曾 正在 之后 之前 以后 以前 以及 因为 所以 由于 干 干什么 做 做什么 搞 弄 出 出来 起来 过来
    大概 大约 左右 具体 究竟 到底 分别 所有 全部 一些 这些 那些 各 每 某 帮 帮忙 麻烦 谢谢 您好 你好 请教 了解 查 查查 查一下 找 找找 找一下
    """.split()  # noqa: SIM905 -- reads better
)

_GREETING = re.compile(
    r"^(?:你好|您好|嗨|哈喽|喂|在吗|在不在|早上好|上午好|中午好|下午好|晚上好|早安|晚安|hi|hello|hey|test|测试|"
    r"谢谢你?|多谢|感谢|辛苦了|再见|拜拜|好的?|嗯+|哦+|ok|哈+|呵+|你是谁|你叫(?:什么|啥)(?:名字)?|你会(?:什么|啥|做什么)|"
    r"你能(?:做什么|干什么|干啥))+[呀啊吗呢吧了!?。,~.\s]*$"
)
_REQUEST = re.compile(
    r"(?:讲|说|来|写|编|作|做|画|唱|生成|翻译|推荐|算|解).{0,8}"
    r"(?:笑话|段子|代码|程序|脚本|函数|诗|作文|文案|论文|歌|首曲|小说|童话|方程|数学题|英文|英语|菜谱)"
)
_NOW = re.compile(
    r"(?:今天|明天|后天|现在|今晚|这周|本周).{0,4}(?:天气|气温|下雨|几点|星期几|几号|股价|汇率|限号)"
)
_MEANT = re.compile(r"[㐀-䶿一-鿿]|[a-z0-9]{2,}")

_DAY = re.compile(r"((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?")
_MONTH = re.compile(r"((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})\s*月?")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")


def understand(
    question: str,
    *,
    segmenter: Segmenter,
    newspapers: Sequence[Newspaper] = (),
    scope: Scope = Scope(),  # noqa: B008 -- frozen
    known: Callable[[str], bool] = lambda _: False,
    max_chars: int = 500,
) -> Query:
    """The query that ``question`` makes; ``query.reason`` is set where it cannot be searched.

    ``known`` says whether the archive holds two characters side by side.

    1. fold, and drop what cannot be typed on purpose; 2. set aside what is no question; 3. cut
    into words and keep those that carry the matter; 4. name the kinds of answer asked for, and
    read the paper and the day.
    """
    text = fold(visible(question)).strip()
    query = Query(question=question, text=text, terms=(), scope=scope)
    if reason := unanswerable(text, max_chars):
        return replace(query, reason=reason)
    leaning = Scope(*_period(text), _newspaper(text, newspapers))
    matter = _DAY.sub(lambda day: " " * len(day[0]), text)  # a whole day is no word to look for
    asking = [m.span() for m in (*_ASKING.finditer(matter), *_UNIT.finditer(matter))]
    words = [w for w in segmenter.words(matter) if not _inside(w, asking)]
    words = content_words(words, known)
    if not words:
        return replace(query, reason=Reason.NOT_A_QUESTION)
    return replace(
        query,
        terms=tuple(dict.fromkeys(word for word, _, _ in words)),
        focus=focus(matter, words),
        wants=tuple(want for want, pattern in _WANT_PATTERNS if pattern.search(text)),
        units=tuple(_UNIT.findall(text)),
        leaning=leaning,
    )


def content_words(
    words: Sequence[tuple[str, int, int]], known: Callable[[str], bool]
) -> list[tuple[str, int, int]]:
    """The words that carry the matter, with their ranges, in reading order.

    A name that the dictionary does not hold falls into characters (安 恕 镇, 黎 海滨). Where one of
    two neighbours is a single character and the archive knows the two characters at the seam,
    they are joined again.
    """
    joined: list[tuple[str, int, int]] = []
    for word, start, end in words:
        if word in _STOP:
            continue
        if joined and joined[-1][2] == start and _seam(joined[-1][0], word, known):
            left, start, _ = joined.pop()
            word = left + word
        joined.append((word, start, end))
    return joined


def _inside(word: tuple[str, int, int], spans: Sequence[Span]) -> bool:
    """Whether a word is part of a question word with its measure word (几 件, 多 大, 哪一年)."""
    return any(start <= word[1] and word[2] <= end for start, end in spans)


def focus(text: str, words: Sequence[tuple[str, int, int]]) -> tuple[str, ...]:
    """What is asked of the matter: the word after the question word, or the one before it.

    提出什么目标 asks for 目标, 门票多少钱 for 门票; a measure word (几个, 多少棵) is passed over.
    """
    asking = _ASKING.search(text)
    if asking is None:
        return ()
    after = [w for w, start, _ in words if start >= asking.end() and len(w) > 1]
    before = [w for w, _, end in words if end <= asking.start() + 1]
    near = after[:1] if after and text[asking.end() :].find(after[0]) <= 3 else before[-1:]
    return tuple(near)


def _seam(left: str, right: str, known: Callable[[str], bool]) -> bool:
    """Whether two neighbouring words are one name cut apart."""
    seam = left[-1] + right[0]
    short = 1 in (len(left), len(right)) and max(len(left), len(right)) <= 2
    return short and not seam.isascii() and known(seam)


def visible(question: str) -> str:
    """The question without control, format, private and unassigned characters; spaces stay."""
    return "".join(
        " " if c.isspace() else c
        for c in question
        if c.isspace() or unicodedata.category(c)[0] != "C"
    )


def unanswerable(text: str, max_chars: int) -> Reason | None:
    """Why folded ``text`` cannot be a question to an archive, or ``None``."""
    if not text:
        return Reason.EMPTY_QUESTION
    if len(text) > max_chars:
        return Reason.LONG_QUESTION
    if (
        not _MEANT.search(text)
        or _GREETING.match(text)
        or _REQUEST.search(text)
        or _NOW.search(text)
    ):
        return Reason.NOT_A_QUESTION
    return None


def days(text: str) -> tuple[str, str]:
    """The first and last ISO day of a day, month or year such as 2021-01-27, 2021年1月 or 2021.

    Raises:
        SettingsError: it is none of these.
    """
    folded = fold(text).strip()
    first, last = _period(f"{folded}年" if folded.isdigit() else folded)
    if first is None or last is None:
        raise SettingsError(f"{text!r} is not a date; write 2021-01-27, 2021-01 or 2021")
    return first, last


def newspaper_named(text: str, newspapers: Sequence[Newspaper]) -> str:
    """The official name of the newspaper that ``text`` is a name or alias of.

    Raises:
        SettingsError: the table of newspapers does not hold it.
    """
    wanted = fold(text).strip("《》 ")
    for paper in newspapers:
        if wanted in map(fold, (paper.name, *paper.aliases)):
            return paper.name
    known = "、".join(paper.name for paper in newspapers)
    raise SettingsError(
        f"{text!r} is not in the table of newspapers ({known}); add it to newspapers.local.toml"
    )


def _newspaper(text: str, newspapers: Sequence[Newspaper]) -> str | None:
    """The newspaper whose name or alias the text holds; the longest name wins."""
    names = ((fold(n), paper.name) for paper in newspapers for n in (paper.name, *paper.aliases))
    found = [(len(name), official) for name, official in names if name in text]
    return max(found)[1] if found else None


def _period(text: str) -> tuple[str | None, str | None]:
    """The first and last day of the day, month or year that the text names."""
    if match := _DAY.search(text):
        year, month, day = map(int, match.groups())
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            return (iso := f"{year}-{month:02}-{day:02}"), iso
    if (match := _MONTH.search(text)) and 1 <= int(match[2]) <= 12:
        year, month = int(match[1]), int(match[2])
        return f"{year}-{month:02}-01", f"{year}-{month:02}-{monthrange(year, month)[1]}"
    if match := _YEAR.search(text):
        return f"{match[1]}-01-01", f"{match[1]}-12-31"
    return None, None
