"""A conversation: a follow-up becomes a question that stands alone, by rule and without a model.

Four forms are understood: a pronoun (他哪年入党的?), a swap (那延吉呢?), an aspect (那总投资呢?), and
a question with no subject of its own (抽调了多少人?). What names a matter of its own is a new topic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.records import Answer, Verdict

_ASKING = re.compile(
    r"为什么|为何|为啥|(?:是)?什么|啥|怎么|怎样|如何|咋|是?谁|哪|何时|何地|(?:一共|总共|共|有)?(?:多少|第?几(?!乎))"
    r"|多[大高长远久宽重]|是不是|有没有|是否|吗|呢"
)
_PRONOUN = re.compile(
    r"(?<![其吉])(?:他|她|它)们?(?!人)|(?:这|那)(?:个(?:人|项目|活动|公司|单位|学校|会议?|地方|工程|村|镇|县|市|区)|位|家|所|件事|里|儿)|该(?:人|市|县|区|镇|公司|单位)|此(?:人|事)"
)
_WHAT_OF = re.compile(
    r"^(?:那么?|还有|至于)?[,,\s]*(?P<what>[^,,。?？!！]{1,24}?)呢[?？!！。\s]*(?:[,,]?(?P<rest>.*))$"
)
_MORE = re.compile(
    r"(?:还有(?:吗|呢|别的吗?|其他的?吗?|没有)?|继续|更多|再来[点些]?|下一[条个])[?？。!！\s]*"
)
_THEN = re.compile(r"^那么?(?![个位家所件里儿些边时年天])[,,\s]*")
_NAMED = re.compile(
    r"[㐀-鿿]{1,8}(?:省|市|州|县|区|镇|乡|村|街道|局|厅|委|公司|集团|厂|银行|分行|学校|中学|小学|大学|医院|卫生院|日报|晚报)"
    r"|《[^》]+》|[“\"][^”\"]+[”\"]|\d{4}年"
)
# What a thing has, as against another thing: 那总投资呢 asks on, 那延吉呢 asks anew.
_ASPECT = re.compile(
    r"(?:投资|资金|金额|面积|占地|时间|日期|地[点址方]|人[数口员]|数量|价[格钱]|费用|电话|原因|结果|名字|内容|规模"
    r"|产量|产值|门票|工资|收入|职务|年龄|目标|措施|成绩|负责人|主任|书记|情况|具体|后来|以后|之后)$"
)
_GLUE = "的了着过是在有把被给对向和与及就都也还又再,,、 "
_SHORT_CHARS = 14  # a question longer than this names its matter


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a follow-up may lean on: the last question as understood, and what it was about."""

    question: str = ""
    subject: str = ""

    @classmethod
    def start(cls) -> Conversation:
        """A conversation in which nothing was said."""
        return cls()


def understand(conversation: Conversation, question: str) -> str:
    """The question as it stands without its conversation."""
    text = question.strip()
    if not conversation.subject:
        return text
    if _MORE.fullmatch(text):
        return conversation.question
    if match := _WHAT_OF.match(text):
        return _swapped(conversation, match["what"].strip(), (match["rest"] or "").strip())
    if _PRONOUN.search(text):
        return _PRONOUN.sub(lambda _: conversation.subject, text, count=1)
    asked = _THEN.sub("", text)
    return conversation.subject + asked if _lacks_subject(asked) else text


def remember(conversation: Conversation, question: str, answer: Answer) -> Conversation:
    """The conversation after ``question`` (as understood) was answered."""
    if answer.verdict is Verdict.NONE and not answer.query.terms:
        return conversation  # a greeting changes no topic
    if conversation.subject and question.startswith(conversation.subject):
        return Conversation(question, conversation.subject)
    return Conversation(question, _subject(question, answer.query.terms))


def _swapped(conversation: Conversation, what: str, rest: str) -> str:
    """The last question about something else, or something else about its subject."""
    if rest:
        return what + _PRONOUN.sub("", rest, count=1)
    if not _ASPECT.search(what):
        for target in (_NAMED.search(conversation.subject), None):
            name = target.group() if target else conversation.subject
            if name in conversation.question:
                return conversation.question.replace(name, what, 1)
    return f"{conversation.subject}{what}?"


def _lacks_subject(text: str) -> bool:
    """Whether a question names nothing: short, and no name before it begins to ask."""
    if len(text) > _SHORT_CHARS or _NAMED.search(text):
        return False
    asking = _ASKING.search(text)
    if asking is None or (asking.start() and asking.group().endswith("谁")):  # 姚顺是谁 names him
        return False
    return len(text[: asking.start()].strip(_GLUE)) <= 2


def _subject(question: str, terms: tuple[str, ...]) -> str:
    """What a question is about: its words before it begins to ask, else all its words."""
    asking = _ASKING.search(question)
    before = question[: asking.start()] if asking else question.rstrip("?？。!！ ")
    folded = before.lower()
    held = [folded.rfind(term) + len(term) for term in terms if len(term) > 1 and term in folded]
    if not held:
        return "".join(terms[:4])
    return before[: max(held)].lstrip(_GLUE)  # 辽源冬天种 was about 辽源冬天
