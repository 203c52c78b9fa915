"""The words of a question that carry its matter: no question words, no glue, names whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from retrieval.lookalikes import variants
from retrieval.names import is_surname
from retrieval.tokens import Segmenter

Word = tuple[str, int, int]  # a word and its range

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
    大概 大约 左右 期间 前后 以来 至今 具体 究竟 到底 分别 所有 全部 一些 这些 那些 各 每 某 帮 帮忙 麻烦 谢谢 您好 你好 请教 了解 查 查查 查一下 找 找找 找一下
    那天 那次 那回 那年 那阵 那会儿 那时 那时候 当年 当时 当初 那条 那篇 那些 那儿 那边 这边 这儿 这么 那么 那样 这样 哪年哪月 哪月 哪日
    是因为 报上 报纸上 拢共 通共 总 全都 都是 统统 整个 跟 往 给 别 等 回 们 有人 受 起 靠 完 挺 蛮 呗 哩 咧 啦 嘞 哟 喂 唉 算 指 讲 好像 记得 百分之
    进去 出去 进来 回来 回去 上来 上去 下来 下去
    """.split()  # noqa: SIM905 -- reads better
)


# Small words that are given names, too.
_GIVEN = frozenset("中上和向从为以其而并可能来出正之更最太在")

# 门票多少钱一张 asks for 门票, and of no 一张.
_MEASURED = re.compile(
    r"[一每](?:平方米|平米|公斤|[张份斤个次只位名块件项场户棵台辆套吨米亩年月天人])"
)


def content_words(
    words: Sequence[Word], segmenter: Segmenter, known: Callable[[str], bool]
) -> list[Word]:
    """The words that carry the matter, with their ranges, in reading order.

    A name that the dictionary does not hold falls into characters (安 恕 镇, 黎 海滨). Where one of
    two neighbours is a single character and the archive knows the two characters at the seam, or
    what they may be misread for, they are joined again.
    """
    joined: list[Word] = []
    for word, start, end in words:
        named = joined and joined[-1][2] == start and _ends_name(joined[-1][0], word, known)
        if not named and (word in _STOP or _MEASURED.fullmatch(word)):
            continue
        if joined and joined[-1][2] == start and _seam(joined[-1][0], word, segmenter, known):
            left, start, _ = joined.pop()
            word = left + word
        joined.append((word, start, end))
    return joined


def _ends_name(left: str, word: str, known: Callable[[str], bool]) -> bool:
    """Whether a small word ends a name of two characters that the archive holds: 王中, 李向."""
    return word in _GIVEN and is_surname(left) and known(left + word)


def _seam(left: str, right: str, segmenter: Segmenter, known: Callable[[str], bool]) -> bool:
    """Whether two neighbouring words are one name cut apart."""
    lengths = sorted((len(left), len(right)))
    if lengths[0] != 1 or lengths[1] > 2 or (left + right).isascii():
        return False
    longer = left if len(left) == 2 else right
    rare = lengths[1] == 1 or segmenter.rarity(longer) > _RARE
    pair = left[-1] + right[0]
    return rare and (known(pair) or any(known(other) for _, other in variants(pair)))
