"""A turn of a conversation becomes what it asks: by rule, and without a model.

What a turn leans on may be told in more than one way (那小额贷款呢: another subject, or something
else about the same one?). ``readings`` gives the ways, the likeliest first; ``bot.dialog`` asks the
archive which of them its pages bear out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot import wording
from bot.conversation import Topic
from retrieval.asking import asking_spans
from retrieval.entities import Entity, EntityType, person_in
from retrieval.folding import fold
from retrieval.records import Answer
from retrieval.smalltalk import unanswerable

_MAX_READINGS = 4  # each costs a search
# A follow-up that leans on what was said is short; 24 characters hold what it asks and for whom.
_MAX_CHARS = 24

_NOUNS = {
    EntityType.PERSON: "人|同志|先生|女士|记者|书记|市长|主任|老师|医生|教授|官员|领导",
    EntityType.BODY: "公司|企业|单位|集团|厂|银行|机构|部门|局|学校|大学|中学|小学|校|医院|卫生院|中心",
    EntityType.PLACE: "省|市|州|县|区|镇|乡|村|屯|城市|地方",
    None: "项目|工程|活动|会议|会|讲座|培训班?|比赛|赛事|案子|案件|事儿?|问题|东西|节|工作|政策|文章|报道|新闻|消息|数字?",
}
_PRONOUN = re.compile(
    "|".join(
        [
            r"(?P<it>(?<![其吉])它们?|这[里儿](?!的?人)|那[里儿]|此[事地]|那边|这边)",
            *(
                rf"(?P<{kind or 'thing'}>(?:该|本|(?:这|那)[一两几]?[个家所位名项场次件条座篇]?)(?:{nouns}))"
                for kind, nouns in _NOUNS.items()
            ),
            r"(?P<he>(?<![其吉])[他她](?!人)们?|(?:这|那)位(?!置)|此人)",
            r"(?P<one>(?:这|那)(?:[家所](?=[一-鿿])|个(?=[有在是叫]))(?!些))",
        ]
    )
)
_THEN = re.compile(
    r"^(?:那么?(?![个位家所件里儿些边时年天场次项])|还有|至于|另外|然后|对了|再问一下|请问)+[,,\s]*"
)
_SUFFIX = re.compile(r"(?:(?:的)?(?:话)?[呢咧嘞哩呐捏]|怎么样|又?如何|的情况)?[?？。!！~\s]*$")
_ENDS_WITH_NE = re.compile(r"(?:呢|咧|嘞|哩|呐|捏)[?？。!！~\s]*$")
_WHAT_AND_REST = re.compile(
    r"^(?:那么?|还有|至于)?(?P<what>[^,,。?？!！]{1,24}?)[呢咧嘞哩呐捏][?？,,\s]+(?P<rest>.*\S)\s*$"
)
# 接种|点 and 培训|会 are things; 辽源冬天|种 is what was done.
_SHORT_NOUNS = frozenset("省市州县区镇乡村屯路街桥局厅委院校厂站所队组班点会节赛展园馆楼")
_PUNCTUATION = "?？。!！~ \t"
_GLUE = "的了着过是在有把被给对向和与及就都也还又再,,、 "


def readings(topic: Topic | None, text: str, entities: Sequence[Entity]) -> tuple[str, ...]:
    """The questions that a turn may ask, the likeliest first; ``entities`` are those of ``text``.

    1. without a topic, or with a matter of its own, it is what it says; 2. 郭家店镇呢,他们搞了什么
    asks of what it names; 3. a pronoun stands for what was spoken of; 4. 那…呢 swaps, or asks on;
    5. what names nothing asks on, or begins anew.
    """
    text = text.strip()
    if topic is None or not topic.subjects:
        return (text,)
    if match := _WHAT_AND_REST.match(text):
        return (match["what"].strip() + _PRONOUN.sub("", match["rest"], count=1),)
    if wording.courtesy(text) is not None or unanswerable(fold(text), _MAX_CHARS):
        return (text,)
    then = _THEN.match(text)
    asked = text[then.end() :] if then else text
    if not asked.strip(_PUNCTUATION):
        return (text,)
    if match := _PRONOUN.search(asked):
        return _distinct(_replaced(topic, asked, match))
    what = _SUFFIX.sub("", asked).strip(_PUNCTUATION)
    if what and (then or _ENDS_WITH_NE.search(asked)) and not asking_spans(fold(what)):
        return _distinct(_swapped(topic, what, entities))
    if any(one.type is not EntityType.DATE for one in entities):
        return (text,)
    subjects = _undated(topic) if entities else topic.subjects
    return _distinct([*(subject + asked for subject in subjects), text])


def topic_of(
    question: str,
    answer: Answer,
    *,
    named: Sequence[Entity],
    said: Sequence[Entity],
    before: Topic | None,
) -> Topic:
    """The topic that ``question`` (as understood) and its answer make.

    ``named`` are the entities of the question, ``said`` those of the answer's highlight. A
    follow-up keeps what the topic ``before`` it was about; what stands alone has none.
    """
    terms = answer.query.terms
    subjects, tail = _about(question, terms, named)
    if before is not None:
        same = next((s for s in before.subjects if question.startswith(s)), None)
        if same is not None:
            subjects, tail = before.subjects, question[len(same) :]
        else:
            subjects = (*subjects[:2], *(s for s in before.subjects[:1] if s not in subjects))
    return Topic(question, subjects, tail, tuple(named), terms, _person(answer), _body(said, named))


def _person(answer: Answer) -> str | None:
    """The one person whom the first quote gives for an answer, in its highlight if one is there."""
    quote = next(iter(answer.quotes), None)
    if quote is None:
        return None
    marked = [quote.text[a:b] for a, b in quote.highlights]
    query = answer.query
    people = (person_in(text, query.terms, query.focus) for text in [*marked, quote.text])
    return next((person for person in people if person), None)


def _body(said: Sequence[Entity], named: Sequence[Entity]) -> str | None:
    """The one firm or office that the answer names and the question does not."""
    known = {one.text for one in named}
    new = {one.text for one in said if one.type is EntityType.BODY} - known
    return new.pop() if len(new) == 1 else None


def _distinct(questions: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(question for question in questions if question))[:_MAX_READINGS]


def _replaced(topic: Topic, asked: str, match: re.Match[str]) -> Iterator[str]:
    """The question with its pronoun told in words: the subject's name, the answer's, the subject."""
    kind = match.lastgroup or "thing"
    for referent in _referents(topic, "person" if kind == "he" else kind, match[0]):
        yield asked[: match.start()] + referent + asked[match.end() :]


def _referents(topic: Topic, kind: str, pronoun: str) -> Iterator[str]:
    named = [one.text for one in topic.entities if one.type == kind]
    if kind == EntityType.PLACE:  # 该镇 is the one that ends so, if one does
        named = [name for name in named if name.endswith(pronoun[-1])] or named
    answered = {EntityType.PERSON: topic.person, EntityType.BODY: topic.body}
    said = next((name for of, name in answered.items() if of == kind and name), None)
    yield from named[-1:]
    if said and not named:
        yield said
    people = {one.text for one in topic.entities if one.type is EntityType.PERSON}
    things = [subject for subject in topic.subjects if subject not in people]
    yield from topic.subjects if kind == EntityType.PERSON else things or topic.subjects


def _swapped(topic: Topic, what: str, entities: Sequence[Entity]) -> Iterator[str]:
    """The last question about another of its kind, or something else about its subject."""
    names = [one for one in entities if one.text == what.strip(_GLUE)]
    kind = names[0].type if names else None
    same = [one for one in topic.entities if one.type == kind]
    holder = _holder(topic)
    if same:
        yield topic.question.replace(same[-1].text, what.strip(_GLUE), 1)
    elif kind is EntityType.DATE:
        yield what + topic.question
    elif kind is not None:
        yield what + topic.tail
        yield what + topic.question
    else:
        yield from (f"{subject}{what}?" for subject in topic.subjects[:1])
        if holder:
            yield f"{holder}{what}{topic.tail}"
            yield f"{holder}{what}?"
    if kind is not EntityType.DATE:
        yield f"{topic.subjects[-1]}{what}?"


def _undated(topic: Topic) -> Iterator[str]:
    """What the topic was about, without its days: the follow-up names one of its own."""
    days = [one.text for one in topic.entities if one.type is EntityType.DATE]
    for subject in topic.subjects:
        for day in days:
            subject = subject.replace(day, "")
        yield subject


def _holder(topic: Topic) -> str:
    """The names that a question opens with: 辽源市2020年 of 辽源市2020年粮食产量."""
    end = 0
    for one in topic.entities:
        if one.start > end:
            break
        end = one.end
    return topic.question[:end]


def _about(
    question: str, terms: Sequence[str], entities: Sequence[Entity]
) -> tuple[tuple[str, ...], str]:
    """What a question is about, the fullest way first, and what it asks of that."""
    folded = fold(question)
    asking = asking_spans(folded)
    start = asking[0][0] if asking else len(question.rstrip(_PUNCTUATION))
    before = _ending(question[:start], terms)
    after = question[asking[0][1] :] if asking else ""
    if not before:
        # 谁主持了培训会: the matter stands behind what is asked of it.
        matter = _behind(after, terms[1:])
        return (matter or "".join(terms[:4]),), question
    subjects = [before, _shorter(before, terms, entities)]
    subjects += [one.text for one in entities[:1] if before.startswith(one.text)]
    return tuple(dict.fromkeys(s for s in subjects if s)), question[len(before) :]


def _shorter(subject: str, terms: Sequence[str], entities: Sequence[Entity]) -> str:
    """The subject without its last word, which may be what was asked of it: 恐龙王国|占地."""
    folded = fold(subject)
    last = max((folded.rfind(term) for term in terms if len(term) > 1), default=0)
    named = any(one.start <= last < one.end for one in entities)
    return "" if named else subject[:last].rstrip(_GLUE)


def _ending(text: str, terms: Sequence[str]) -> str:
    """The text up to the last of the words in it, and to a noun of one character after that."""
    folded = fold(text)
    held = [folded.rfind(term) + len(term) for term in terms if len(term) > 1 and term in folded]
    end = max(held, default=0)
    return text[: end + (folded[end : end + 1] in _SHORT_NOUNS)].lstrip(_GLUE) if end else ""


def _behind(text: str, terms: Sequence[str]) -> str:
    """The text from the first of the words in it on."""
    folded = fold(text)
    starts = [folded.find(term) for term in terms if len(term) > 1 and term in folded]
    return text[min(starts) :].rstrip(_PUNCTUATION) if starts else ""
