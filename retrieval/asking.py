"""What a question asks for: the kind of answer, the measure word, the word it turns on."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from enum import StrEnum

from retrieval.counters import MEASURES

# People who are asked for by their office: 书记是谁.
OFFICES = (
    "书记|主任|校长|院长|局长|厂长|市长|县长|区长|镇长|乡长|村长|省长|州长|所长|处长|队长|行长|站长|台长|总编|社长|会长"
    "|秘书长|总?经理|董事长|主席|教练|主编|负责人|法人|老板|班主任"
)


class Want(StrEnum):
    """The kind of answer a question asks for."""

    PHONE = "phone"
    PRICE = "price"
    MONEY = "money"
    RANK = "rank"
    AGE = "age"
    DURATION = "duration"
    NUMBER = "number"
    REPORTER = "reporter"
    PERSON = "person"
    OFFICE = "office"
    DATE = "date"
    ORIGIN = "origin"
    PLACE = "place"
    SCHOOL = "school"
    ORGANISATION = "organisation"
    STORY = "story"
    LIST = "list"
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes_no"


_WHAT = "(?:什么|啥|哪些|哪个|何种|何)"
_PRICES = "价格|价钱|单价|售价|票价|房价|租金|学费|[一每](?:张|斤|个|只|位|名|块|件|户|吨|米|亩|年|月|天|人)(?:要|得|是|卖)?多少钱"
_SUMS = "投资|费用|花费|收入|成本|金额|总额|销售额|财政|货值|产值|总值|价值|利润|税收|贷款|资金|余额|营收|奖金|补贴|补助|工资|造价"
# 面积有多大 asks for no age.
_SIZED = "面积|规模|占地|装机|容量|范围|体量|库容|厂房|园区|项目|房|楼|地"
# The most telling kind first: 多少钱 is money before it is a number.
_WANTS = (
    (Want.PHONE, r"电话|热线|联系方式|手机号|邮箱|网址"),
    (
        Want.PRICE,
        rf"多少钱[一每]|(?:票|饭|药|菜|肉|蛋|粮|油|米|面|课|房|车|班)多少钱|{_PRICES}|怎么卖|(?:咋|怎么)收费",
    ),
    (
        Want.MONEY,
        rf"多少(?:钱|元|块|万元|亿元|资金|货款|款)|几(?:块钱|元|万元)|{_PRICES}|[花掏赚挣罚赔](?:了|掉|出)?多少(?=\W|$)|(?:{_SUMS}).{{0,4}}(?:多少|多大)",
    ),
    (Want.RANK, r"第几|排名|名次|排(?:在|第|行)?(?:多少|哪|老?几)|老几|位列|排行"),
    (
        Want.AGE,
        rf"多大(?:岁数|年纪|年龄)|^(?!.*(?:{_SIZED})).*多大了(?=\W|$)|多少岁|几岁|年龄|岁数|高寿",
    ),
    (
        Want.DURATION,
        r"多久|多长时间|(?:多少|(?<!哪)几)(?:天|年|个月|个?小时|个?工作日)(?!前|来|间|的报)",
    ),
    (
        Want.NUMBER,
        r"多少|(?<!哪)几(?!乎|度|经|年来|[号月点时])|多(?:大|高|长|远|重|宽|深|快)|百分之几|占比|比例",
    ),
    (
        Want.REPORTER,
        r"谁(?:采?写|采访|撰|报道|拍)|署名|署的|写.{0,20}(?:稿子?|文章|报道)的?人|(?:记者|作者|通讯员|摄影)(?:是|叫|姓)?(?:谁|哪|什么名|啥名)|哪一?[个位名]记者",
    ),
    (
        Want.PERSON,
        r"谁|哪(?:一?位|个人|名)|何人|什么人|(?<![动目程司节牌品台])叫(?:什么|啥)名|(?<!叫)(?:什么|啥)名字|姓(?:什么|啥|名)"
        rf"|(?:{OFFICES})(?:现在|当时|眼下)?(?:(?:是|叫)?哪一?[个位]|[叫姓](?:什么|啥))",
    ),
    (
        Want.OFFICE,
        r"职[务位]|(?:什么|啥)官|是?[做干](?:什么|啥)(?:工作|行当)?的|(?:担?任|当)(?:了|过|的)?(?:是)?(?:什么|啥)",
    ),
    (
        Want.DATE,
        r"(?:什么|啥)时候|何时|哪(?:一?年|一?天|个月|月|日)|(?<!哪)几(?:月|号|点|日|时)|日期|几年前|时间是",
    ),
    (Want.ORIGIN, r"老家|籍贯|祖籍|(?:哪里|哪儿|哪|什么地方|啥地方)的?人(?=\W|$|氏)"),
    (Want.SCHOOL, r"哪(?:一?所|个(?:学校|中学|小学|大学))|(?:什么|啥)(?:学校|大学|中学|小学)"),
    (
        Want.PLACE,
        r"哪(?:里|儿|个(?:地方|市|县|区|镇|乡|村|城市))|哪些(?:地方|城市|市|县)|(?:什么|啥)地方|何[地处]|地[点址]|在哪",
    ),
    (
        Want.ORGANISATION,
        r"哪(?:一?家|个(?:单位|部门|公司|企业|机构|机关|银行|厂家|工?厂|医院|法院|媒体|报社|电视台|乐?队))|(?:什么|啥)(?:单位|部门|公司)|谁.{0,2}(?:主办|办的|组织|投资|建|承|出资|发起|推出|公布|发布|评)",
    ),
    (
        Want.STORY,
        rf"(?:写|采写|报道|刊登|登)(?:了|过)?{_WHAT}(?:新闻|报道|报导|文章|稿子|稿件|消息|内容)?[?。!]*$|{_WHAT}(?:新闻|报道|文章|稿)",
    ),
    (
        Want.LIST,
        r"哪些|哪几|哪[\"两三四五六七八九十]|都有|都[是在]?(?:哪|谁|啥|什么)|都[㐀-鿿]{1,4}(?:谁|啥|什么)|分别|(?:有|卖)(?:什么|啥)|(?:什么|啥)(?:内容|品种|项目|措施|东西)",
    ),
    (Want.REASON, r"为(?:什么|何|啥|了什么)|原因|凭什么|缘故|咋回事"),
    (Want.MANNER, r"怎么|怎样|如何|咋|(?:什么|啥)(?:办法|方式|措施)"),
    (Want.YES_NO, r"吗|有没有|是不是|是否|能不能|会不会|有无"),
)
_WANT_PATTERNS = tuple((want, re.compile(pattern)) for want, pattern in _WANTS)

# What a kind of answer is called: the answer itself is what meets these words (热线 for 电话).
_CALLED = {
    Want.PHONE: frozenset({"电话", "热线", "号码", "电话号码", "联系电话", "联系方式", "手机"}),
    Want.AGE: frozenset({"年龄", "岁数", "年纪"}),
    Want.ORIGIN: frozenset({"老家", "籍贯", "祖籍"}),
    Want.OFFICE: frozenset({"当", "任", "官"}),
    Want.REPORTER: frozenset(
        {"采写", "撰写", "稿子", "稿件", "文章", "作者", "通讯员", "稿", "署", "署名"}
    ),
}

_UNIT = re.compile(rf"(?:多少|哪?第?几)\s*({'|'.join(MEASURES)})")
# The question word itself; the words beside it say what is asked of the matter.
_ASKING = re.compile(
    r"多少钱|多少|第几|几|什么时候|什么地方|什么名字|为什么|什么|啥时候|为啥|啥|为何|何[时地人]|谁家?"
    r"|哪(?:些|里|儿|[一二两三四五六七八九十]?[个所家位名年天月种项样])?|怎么样|怎么办|怎么|怎样|如何|咋|多[大高长远久重]|吗(?=\W|$)|是否"
)
_NOTHING_ELSE = frozenset(
    {"多少", "什么", "为什么", "哪些", "哪里", "怎么", "怎样", "如何", "何时"}
)


def wants(text: str) -> tuple[Want, ...]:
    """The kinds of answer that a folded question asks for, the most telling first."""
    return tuple(want for want, pattern in _WANT_PATTERNS if pattern.search(text))


def called(term: str, kinds: Sequence[str]) -> bool:
    """Whether a term of the question only names the kind of answer it asks for."""
    return any(term in _CALLED.get(Want(kind), ()) for kind in kinds)


def counted(text: str, edges: Set[int]) -> list[re.Match[str]]:
    """Where the question counts: 多少 or 几 with its measure word, which ``match[1]`` holds.

    哪几家 asks for names and counts nothing, but is no matter either: its match begins with 哪.
    ``edges`` are where the words of the text begin and end: 多少项目 asks for 项目, and counts in no 项.
    """
    return [found for found in _UNIT.finditer(text) if found.end() in edges]


def without_asking(text: str, edges: Set[int]) -> str:
    """The text with its question words, and the measure words they count in, blanked out.

    ``edges`` are where the words of the text begin and end.
    """
    for found in counted(text, edges):  # 几件 before 几
        text = text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    for found in asking_words(text, edges):
        text = text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    return text


def asking_words(text: str, edges: Set[int]) -> list[re.Match[str]]:
    """The question words of a text, none of them in a word: 几内亚, 任何人, 更多大学生.

    Each begins where a word does; it ends where one does, too, unless its letters can be nothing
    else (哪些地方 is one word to the dictionary).
    """
    found: list[re.Match[str]] = []
    at = 0
    while match := _ASKING.search(text, at):
        word = match[0]
        sure = match.end() in edges or word in _NOTHING_ELSE
        # 哪 by itself takes its measure word from the next one: 哪天开的 is cut into 哪, 天开, 的.
        sure = sure or (word[0] == "哪" and match.start() + 1 in edges)
        whole = match.start() in edges and sure
        found += [match] if whole else []
        at = match.end() if whole else match.start() + 1
    return found


def asking_spans(text: str) -> list[tuple[int, int]]:
    """The ranges of a folded question's question words, a measure word they count in included.

    For texts that nobody has cut into words: a question word inside a longer one counts, too.
    """
    found = (match.span() for match in _ASKING.finditer(text))
    return [(a, counts.end() if (counts := _UNIT.match(text, a)) else b) for a, b in found]


def focus(text: str, words: Sequence[tuple[str, int, int]], edges: Set[int]) -> tuple[str, ...]:
    """What is asked of the matter: the word after the question word, or the one before it.

    提出什么目标 asks for 目标, 门票多少钱 for 门票; a measure word (几个, 多少棵) is passed over.
    """
    found = [*counted(text, edges), *asking_words(text, edges)]
    asking = min(found, key=lambda match: match.start(), default=None)
    if asking is None:
        return ()
    after = [w for w, start, _ in words if start >= asking.end() and len(w) > 1]
    before = [w for w, _, end in words if end <= asking.start()]
    near = after[:1] if after and text[asking.end() :].find(after[0]) <= 3 else before[-1:]
    return tuple(near)


def asks(text: str) -> bool:
    """Whether folded text holds a question word."""
    return _ASKING.search(text) is not None
