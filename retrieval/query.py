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

from retrieval import asking
from retrieval.errors import SettingsError
from retrieval.folding import fold
from retrieval.lookalikes import held, variants
from retrieval.records import Query, Reason, Scope
from retrieval.settings import Newspaper
from retrieval.tokens import Segmenter

# A word this rare is likelier half a name (灯塔镇, 黎海滨) than a word beside another (公司签).
_RARE = 0.6

# Words that ask, address or glue; what is left carries the matter.
_STOP = frozenset(
    """
    的 地 得 了 着 过 吗 呢 啊 吧 呀 嘛 哦 哈 么 嗯 是 在 有 和 与 及 或 就 都 也 还 又 再 才 很 太 更 最
    这 那 哪 谁 这个 那个 哪个 哪些 哪几 哪位 哪家 哪所 哪里 哪儿 这里 那里 什么 怎么 怎样 怎么样 如何 为什么 为何
    为啥 啥 咋 多少 几 几个 多大 多长 多久 多高 第几 何时 何地 何人 一共 总共 共 一下 请 请问 问 问问 想 想问 想知道
    知道 告诉 我 你 您 他 她 它 我们 你们 他们 咱 咱们 俺 人家 大家 把 被 给 对 向 从 到 为 为了 以 之 其 而 但 并
    让 叫 叫做 名字 要 会 能 可以 可 该 应该 去 来 说 说说 讲讲 看看 有没有 是不是 是否 没有 不 没 一 个 些 点 儿 里 上 下
    中 时候 时 什么时候 哪年 哪天 哪 年 月 日 号 时间 情况 方面 事情 事 东西 内容 关于 有关 相关 提到 职务 职位 担任 原因 日期 报道 报导 新闻 记者 写 写过
    头版 头条 版面 现在 当时 后来 已经 曾经 曾 正在 之后 之前 以后 以前 以及 因为 所以 由于 干 干什么 做 做什么 搞 弄 打 出 出来 起来 过来
    大概 大约 左右 具体 究竟 到底 分别 所有 全部 一些 这些 那些 各 每 某 帮 帮忙 麻烦 谢谢 您好 你好 请教 了解 查 查查 查一下 找 找找 找一下
    """.split()  # noqa: SIM905 -- reads better
)

# Atomic, longest first: a thousand greetings in a row must not be tried in every division.
_GREETING = re.compile(
    r"(?>你叫什么名字|你会做什么|你能做什么|你能干什么|你叫什么|你会什么|你能干啥|你叫啥|你会啥|你是谁|在不在|早上好|上午好"
    r"|中午好|下午好|晚上好|大家好|非常感谢|十分感谢|太感谢|知道了|你好|您好|哈喽|在吗|早安|晚安|hello|test|测试|感谢|多谢|真是"
    r"|谢谢|辛苦|麻烦|再见|拜拜|好的|收到|明白|知道|hi|hey|ok|[嗨喂谢好行嗯哦哈呵你您了啦呀啊吗呢吧]|\W)++"
)
_REQUEST = re.compile(
    r"(?:请|麻烦|能不能|可不可以|可以|能|你|您|来|我想|想|听|让)*(?:给我|帮我|替我|帮忙|为我|跟我)?(?:用[a-z+#]{1,12})?"
    r"(?:讲|说|来|写|编|作|做|画|唱|生成|翻译|推荐|算|解).{0,8}"
    r"(?:笑话|段子|代码|程序|脚本|函数|算法|排序|诗|作文|文案|论文|歌|首曲|小说|童话|方程|数学题|英文|英语|菜谱)"
)
_NOW = re.compile(
    r"(?:今天|明天|后天|现在|今晚|这周|本周).{0,4}(?:天气|气温|下雨|几点|星期几|几号|股价|汇率|限号)"
)
_MEANT = re.compile(r"[㐀-䶿一-鿿]|[a-z0-9]{2,}")

_YEAR_NUMBER = r"(?<![0-9])((?:19|20)[0-9]{2})"
_DAY = re.compile(
    rf"{_YEAR_NUMBER}\s*[年./-]\s*([0-9]{{1,2}})\s*[月./-]\s*([0-9]{{1,2}})(?![0-9])\s*[日号]?"
)
_MONTH = re.compile(rf"{_YEAR_NUMBER}\s*[年./-]\s*([0-9]{{1,2}})(?![0-9])\s*月?")
_YEAR = re.compile(rf"{_YEAR_NUMBER}\s*年")
# Before a newspaper's short name stands nothing, or one of these: 长春晚报 is not 晚报.
_BEFORE_ALIAS = "在从看读登上的是和与跟问到给据于《\"' ,。?!、"


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
    # A whole day or month says when, and is no word to look for; a year is often both.
    matter = _MONTH.sub(_blank, _DAY.sub(_blank, text))
    ends = {end for _, _, end in segmenter.words(matter)}
    blanked = asking.without_asking(matter, ends)
    words = content_words(segmenter.words(blanked), segmenter, known)
    if not words:
        return replace(query, reason=Reason.NOT_A_QUESTION)
    terms = tuple(dict.fromkeys(word for word, _, _ in words))
    return replace(
        query,
        terms=terms,
        focus=asking.focus(matter, words),
        wants=asking.wants(text),
        units=tuple(found[1] for found in asking.counted(matter, ends)),
        alike=tuple(
            (term, other)
            for term in terms
            if len(term) > 1
            for other in held(term, known=known, is_word=segmenter.is_word)
        ),
        leaning=leaning,
    )


def content_words(
    words: Sequence[tuple[str, int, int]], segmenter: Segmenter, known: Callable[[str], bool]
) -> list[tuple[str, int, int]]:
    """The words that carry the matter, with their ranges, in reading order.

    A name that the dictionary does not hold falls into characters (安 恕 镇, 黎 海滨). Where one of
    two neighbours is a single character and the archive knows the two characters at the seam, or
    what they may be misread for, they are joined again.
    """
    joined: list[tuple[str, int, int]] = []
    for word, start, end in words:
        if word in _STOP:
            continue
        if joined and joined[-1][2] == start and _seam(joined[-1][0], word, segmenter, known):
            left, start, _ = joined.pop()
            word = left + word
        joined.append((word, start, end))
    return joined


def _seam(left: str, right: str, segmenter: Segmenter, known: Callable[[str], bool]) -> bool:
    """Whether two neighbouring words are one name cut apart."""
    lengths = sorted((len(left), len(right)))
    if lengths[0] != 1 or lengths[1] > 2 or (left + right).isascii():
        return False
    longer = left if len(left) == 2 else right
    rare = lengths[1] == 1 or segmenter.rarity(longer) > _RARE
    pair = left[-1] + right[0]
    return rare and (known(pair) or any(known(other) for _, other in variants(pair)))


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
        or _GREETING.fullmatch(text)
        or _REQUEST.match(text)
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
    whole = f"{folded}年" if folded.isdigit() else folded
    forms = (pattern.fullmatch(whole) for pattern in (_DAY, _MONTH, _YEAR))
    first, last = next((_span(form) for form in forms if form), (None, None))
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
    found = [(len(p.name), p.name) for p in newspapers if fold(p.name) in text]
    found += [
        (len(alias), paper.name)
        for paper in newspapers
        for alias in map(fold, paper.aliases)
        if (at := text.find(alias)) >= 0 and (at == 0 or text[at - 1] in _BEFORE_ALIAS)
    ]
    return max(found)[1] if found else None


def _period(text: str) -> tuple[str | None, str | None]:
    """The first and last day of the day, month or year that the text names."""
    for pattern in (_DAY, _MONTH, _YEAR):
        if (found := pattern.search(text)) and (span := _span(found)) != (None, None):
            return span
    return None, None


def _span(found: re.Match[str]) -> tuple[str | None, str | None]:
    """The first and last day of a date that was read; nothing where there is no such day."""
    year, *rest = map(int, found.groups())
    if not rest:
        return f"{year}-01-01", f"{year}-12-31"
    month, *day = rest
    if not 1 <= month <= 12:
        return None, None
    last = monthrange(year, month)[1]
    if not day:
        return f"{year}-{month:02}-01", f"{year}-{month:02}-{last}"
    iso = f"{year}-{month:02}-{day[0]:02}" if 1 <= day[0] <= last else None
    return iso, iso


def _blank(found: re.Match[str]) -> str:
    """Spaces in place of what was found, so that other places stay where they are."""
    return " " * len(found[0])
