"""What a message says that is no question to an archive: greetings, chores, today's weather."""

from __future__ import annotations

import re
import unicodedata

from retrieval.records import Reason

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
# A chore for whoever answers; 帮我查, 找, 看看 are what an archive is for.
_CHORE = re.compile(
    r"(?:请|麻烦|能不能|可不可以|可以|能|你|您|来|快|\W)*(?:帮|替|给|为)(?:我|俺|咱们?|忙)(?:再|先|也)?"
    r"(?:[写拟编译算画唱订买点叫念放播设挂抢推聊]|起草|翻译|总结一下我|改一[下改]|润色|做[个道张份顿一])"
)
# Questions to the machine itself.
_MACHINE = re.compile(
    r"(?:你|您)(?:到底|究竟|不)?(?:是|算|不是)?(?:不是)?(?:一?个)?(?:真人|活人|机器|人工|ai|智能|人吗|人还是|程序)"
    r"|(?:你|您)(?:有没有|有|懂|会不会)?(?:感情|女朋友|男朋友|老婆|老公|累不累|困不困|吃饭|睡觉|几岁|多大了|哪国|谁(?:做|造|开发|发明))"
    r"|(?:陪我|跟我|和我)(?:聊|唠|说说话)"
)
_NOW = re.compile(
    r"(?:今天|明天|后天|现在|今晚|这周|本周).{0,4}(?:天气|气温|下雨|几点|星期几|几号|股价|汇率|限号)"
    r"|(?:今天|明天|后天|现在|今晚|周末|出门|外面|外头).{0,6}(?:带伞|打伞|穿什么|穿啥|穿多少|冷不冷|热不热|吃什么|吃啥)"
)
# A sentence to be put into another language.
_TRANSLATE = re.compile(
    r"(?:翻|译|翻译)成.{0,2}(?:[英日韩俄法德外]|朝鲜|中)(?:语|文)|用[英日韩俄法德]语怎么[说讲]"
)
_OPERATOR = r"\s*(?:[+*/x×÷-]|加上?|减去?|乘以?|除以?)\s*"
_SUM = re.compile(
    rf"\d+(?:\.\d+)?(?:{_OPERATOR}\d+(?:\.\d+)?)+\s*(?:=|等于|得|是)\s*(?:几|多少|啥|什么)?\W*$"
    rf"|\d+(?:\.\d+)?{_OPERATOR.replace('-', '')}\d+(?:\.\d+)?\W*$"
)
_MEANT = re.compile(r"[㐀-䶿一-鿿]|[a-z0-9]{2,}")


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
        or any(p.match(text) for p in (_REQUEST, _CHORE, _MACHINE, _SUM))
        or _NOW.search(text)
        or _TRANSLATE.search(text)
    ):
        return Reason.NOT_A_QUESTION
    return None
