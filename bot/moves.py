"""What a turn does in a conversation: ask, or handle what was quoted, or begin anew.

A move other than asking is a short request that is nothing else: 还有吗, 详细点, 看看原文, 换个话题.
Anything with a matter of its own (原文是谁写的?) is a question.
"""

from __future__ import annotations

import re
from enum import StrEnum

from retrieval.folding import fold


class Move(StrEnum):
    """What a reader wants of a turn."""

    ASK = "ask"
    MORE = "more"  # the next quotes of the last question
    DETAIL = "detail"  # what stands around the last quote
    WHOLE = "whole"  # the whole article
    BACK = "back"  # the question before the last, once more
    RESET = "reset"  # a new conversation


# Longer than any request that is nothing else, however politely it is wrapped.
_MAX_CHARS = 24
_BEFORE = (
    "请|麻烦|你|您|能不能|可不可以|能|可以|给我|帮我|跟我|我想|我要|想|要|那就|那么|那|再|就|把|先|刚才|刚刚|刚|上面|前面|最后"
    "|那个|这个|那一?[条篇段]|这一?[条篇段]|说的|的|一下|看一下|看看|看|读|说说|说|讲|来|发"
)
_AFTER = "吗|呢|咧|嘞|哩|不|没有|没|么|嘛|吧|啊|呀|哦|呗|了|看看|看一下|看|来看看|给我|我看|谢谢|行吗|好吗|可以吗|行不行|发来|发给我|发我|一下"
_MOVES = {
    Move.MORE: (
        r"还有(?:没有|别的|其他的?|其它的?|更多的?|什么|啥|哪些|内容|报道|新闻|引文|几条|下文)*|更多的?|继续|接着(?:来|说|讲)?|往下"
        r"|再?来(?:一[个条点段些篇]|几[个条篇]|点|些)|下一?[个条篇]|换一[个条篇]|别的|其他的?|其它的?|有没有(?:别的|其他的?|更多的?)"
    ),
    Move.DETAIL: (
        r"(?:得)?(?:更)?(?:详细|仔细|具体|清楚|完整)(?:点|些|一点|一些|说说|讲讲|介绍|内容|情况|说明)*(?:儿)?"
        r"|[多细](?:说|讲|来|写)(?:一?[点些]|几句|说|讲)?(?:儿)?|展开(?:说说|讲讲|说|讲|来说)?|细说|细讲"
        r"|上下文|前后文|前文|后文|上文|下文|前后(?:都|是)?(?:怎么)?[说写讲](?:的|了)?(?:什么|啥)?"
    ),
    Move.WHOLE: (
        r"(?:这?[篇个条])?(?:文章|报道|新闻|稿子)?(?:的)?(?:原文|全文|原稿|整篇|全篇|通篇|完整的|整个|全部内容|原报道)"
        r"(?:文章|报道|新闻|内容|稿子)?(?:是?(?:什么|啥|怎么[写说]的))?"
    ),
    Move.BACK: r"(?:回到)?(?:上一个|前一个|刚才那个|刚才的|上个|前面那个|之前那个)(?:问题)?",
    Move.RESET: (
        r"换一?个?别?的?(?:问题|话题|题目)|不(?:问|聊|说|谈|看)(?:这个|这些|这|它)?了|重新(?:来|开始|问|提问)过?|重来|清空|清除"
        r"|从头(?:来|开始|再来)|(?:开始)?新(?:的)?(?:问题|话题|对话)|问(?:点|些|个)?别的|忘了(?:吧|它)|/?reset|/new"
    ),
}
_PATTERNS = tuple(
    (move, re.compile(rf"(?:{_BEFORE})*?(?:{core})(?:{_AFTER})*"))
    for move, core in sorted(_MOVES.items(), key=lambda item: item[0] is not Move.BACK)
)
_PUNCTUATION = re.compile(r"[^\w/]+")


def move_of(text: str) -> Move:
    """What a turn does; everything that is no plain request asks."""
    bare = _PUNCTUATION.sub("", fold(text))
    if not bare or len(bare) > _MAX_CHARS:
        return Move.ASK
    return next((move for move, form in _PATTERNS if form.fullmatch(bare)), Move.ASK)
