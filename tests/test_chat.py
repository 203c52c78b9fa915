"""A turn becomes the questions it may ask; what stands by itself stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import readings, topic_of
from bot.conversation import Topic
from retrieval.archive import Archive
from retrieval.records import Answer, Query, Quote, Source, Verdict

Likeliest = Callable[[str, str], str]
TREES = "延吉市冬季植树栽了多少棵树?"
PARK = "恐龙王国项目在哪里建设?"
PERSON = "王茵在哪家报社工作?"
TEAM = "卫健委医疗队去了哪里?"
LETTER = "黎海滨2009年当什么官?"
TOWN = "梨树县郭家店镇有多少人?"
GROWTH = "四平市2020年粮食产量多少?"
PAPER = "辽源日报登了什么新闻?"
FIRM = "通化钢铁集团有限公司去年亏了多少钱?"


def answer(archive: Archive, question: str, *marked: str) -> Answer:
    """An answer to ``question`` whose first quote is ``marked``, all of it highlighted."""
    text = "".join(marked)
    source = Source("a.txt", None, None, None, None, (), (1, 1))
    spans = ((0, len(text)),) if text else ()
    quotes = (Quote(text, spans, spans, source, "p", "a", "c", 1.0),) if text else ()
    query = archive.ask(question).query
    return Answer(query, Verdict.ANSWERED, None, 0.9, quotes, "g", 1.0)


def topic(archive: Archive, question: str, *marked: str, before: Topic | None = None) -> Topic:
    return topic_of(
        question,
        answer(archive, question, *marked),
        named=archive.entities(question),
        said=archive.entities("".join(marked)),
        before=before,
    )


@pytest.fixture
def likeliest(archive: Archive) -> Likeliest:
    """The likeliest reading of a turn after a question."""

    def likeliest(question: str, text: str) -> str:
        return readings(topic(archive, question), text, archive.entities(text))[0]

    return likeliest


@pytest.mark.parametrize(
    ("question", "text", "standalone"),
    [
        # a pronoun
        (PERSON, "他哪年入党的?", "王茵哪年入党的?"),
        (PERSON, "她写了什么新闻?", "王茵写了什么新闻?"),
        (PERSON, "这个人的电话是多少?", "王茵的电话是多少?"),
        (PERSON, "那位记者是哪里人", "王茵是哪里人"),
        (PARK, "它什么时候开工?", "恐龙王国项目什么时候开工?"),
        (PARK, "这个项目占地多大?", "恐龙王国项目占地多大?"),
        (PARK, "该工程总投资多少", "恐龙王国项目总投资多少"),
        (TEAM, "他们一共有多少人?", "卫健委医疗队一共有多少人?"),
        (TOWN, "该镇有几个村?", "梨树县郭家店镇有几个村?"),
        ("四平市给郭家店镇拨了多少款?", "该市有多少人?", "四平市有多少人?"),
        ("四平市给郭家店镇拨了多少款?", "这个镇有多少人?", "郭家店镇有多少人?"),
        (FIRM, "这家公司有多少工人?", "通化钢铁集团有限公司有多少工人?"),
        # a swap of the same kind
        (TREES, "那四平市呢?", "四平市冬季植树栽了多少棵树?"),
        (TREES, "四平呢？", "四平冬季植树栽了多少棵树?"),
        (TREES, "那么四平咧", "四平冬季植树栽了多少棵树?"),
        (PERSON, "那张莹莹嘞", "张莹莹在哪家报社工作?"),
        (LETTER, "那2016年呢?", "黎海滨2016年当什么官?"),
        (LETTER, "那娄善伟呢", "娄善伟2009年当什么官?"),
        (PAPER, "那城市晚报呢", "城市晚报登了什么新闻?"),
        (TREES, "那2019年呢?", "2019年延吉市冬季植树栽了多少棵树?"),
        # an aspect
        (PARK, "那总投资呢?", "恐龙王国项目总投资?"),
        (PARK, "面积呢", "恐龙王国项目面积?"),
        (PARK, "门票价格呢？", "恐龙王国项目门票价格?"),
        (PARK, "那门票价格咋样的呢", "恐龙王国项目门票价格咋样的呢"),
        # no subject of its own
        (TEAM, "抽调了多少人?", "卫健委医疗队抽调了多少人?"),
        (PARK, "什么时候开工?", "恐龙王国项目什么时候开工?"),
        (PARK, "为什么?", "恐龙王国项目为什么?"),
        (PARK, "为啥", "恐龙王国项目为啥"),
        (PARK, "谁主持的?", "恐龙王国项目谁主持的?"),
        (TEAM, "那抽调了多少人?", "卫健委医疗队抽调了多少人?"),
        (TEAM, "那么,抽调了多少人?", "卫健委医疗队抽调了多少人?"),
        (GROWTH, "2019年增长多少?", "四平市粮食产量2019年增长多少?"),
        # another matter, and what is asked of it
        (TREES, "郭家店镇呢,他们栽了多少?", "郭家店镇栽了多少?"),
        # a new topic
        (PARK, "四平市的地铁什么时候开工?", "四平市的地铁什么时候开工?"),
        (PARK, "建行辽源分行办了几笔业务?", "建行辽源分行办了几笔业务?"),
        (PARK, "《辽源日报》报道了什么?", "《辽源日报》报道了什么?"),
        (
            PARK,
            "秸秆禁烧工作会议上区里处罚了多少名没有管好的干部?",
            "秸秆禁烧工作会议上区里处罚了多少名没有管好的干部?",
        ),
        (PARK, "谢谢", "谢谢"),
        (PARK, "", ""),
        (PARK, "?", "?"),
    ],
)
def test_a_turn_is_understood_by_what_was_said(
    likeliest: Likeliest, question: str, text: str, standalone: str
) -> None:
    assert likeliest(question, text) == standalone


@pytest.mark.parametrize(
    "text", ["秸秆禁烧处罚了多少人?", "姚顺是谁?", "其他人怎么看?", "吉他比赛谁赢了?"]
)
def test_what_may_stand_alone_is_among_the_readings(archive: Archive, text: str) -> None:
    assert text in readings(topic(archive, PARK), text, archive.entities(text))


@pytest.mark.parametrize("text", ["其他学校一共有多少名学生参加?", "吉他比赛的第一名是哪个学校的?"])
def test_a_pronoun_inside_another_word_is_none(archive: Archive, text: str) -> None:
    ways = readings(topic(archive, PARK), text, archive.entities(text))
    assert all(way.endswith(text) for way in ways)


@pytest.mark.parametrize("text", ["他哪年入党的?", "那延吉市呢?", "总投资呢?", "为什么?", "你好"])
def test_a_first_question_is_left_untouched(archive: Archive, text: str) -> None:
    assert readings(None, text, archive.entities(text)) == (text,)


@pytest.mark.parametrize(
    ("question", "marked", "text", "standalone"),
    [
        # the subject lacks what the pronoun asks for, the answer has it
        ("谁主持了植树工作会?", "副市长徐晖主持会议。", "他还说了什么?", "徐晖还说了什么?"),
        ("灯塔镇书记是谁?", "灯塔镇党委书记姚顺对记者说。", "她多大年纪?", "姚顺多大年纪?"),
        (
            "恐龙王国谁投资的?",
            "由金豆投资控股集团建设。",
            "这家公司在哪?",
            "金豆投资控股集团在哪?",
        ),
        # the subject has it: it comes first
        ("黎海滨为什么被查?", "厅长王中表示遗憾。", "他多大年纪?", "黎海滨多大年纪?"),
        # two people: neither
        ("培训会谁参加了?", "主任钱文、局长孙明参加。", "他说了什么?", "培训会说了什么?"),
    ],
)
def test_a_pronoun_takes_from_the_answer_what_the_subject_lacks(
    archive: Archive, question: str, marked: str, text: str, standalone: str
) -> None:
    last = topic(archive, question, marked)
    assert readings(last, text, archive.entities(text))[0] == standalone


def test_a_subject_is_put_in_letter_by_letter() -> None:
    odd = Topic(r"\1\g<0>在哪里?", (r"\1\g<0>",))
    assert readings(odd, "它有多大?", ()) == (r"\1\g<0>有多大?",)


@settings(deadline=None, max_examples=50)
@given(
    question=st.sampled_from([TREES, PARK, PERSON, TEAM, TOWN, GROWTH]),
    text=st.text(st.sampled_from("他那呢吗?？，多少 辽源市投资王茵2020年。"), max_size=20),
)
def test_any_turn_is_understood(archive: Archive, question: str, text: str) -> None:
    last = topic(archive, question)
    ways = readings(last, text, archive.entities(text))
    assert 1 <= len(ways) == len(set(ways)) <= 4
    longest = len(question) + max(map(len, last.subjects))
    assert all(len(way) <= len(text) + longest + 1 for way in ways)
    assert all(bool(way) >= bool(text.strip()) for way in ways)


@pytest.mark.parametrize(
    ("question", "subjects"),
    [
        (PARK, ("恐龙王国项目", "恐龙王国")),
        ("延吉恐龙王国占地多大?", ("延吉恐龙王国占地", "延吉恐龙王国", "延吉")),
        ("谁主持了植树工作会议?", ("植树工作会议",)),
        (TOWN, ("梨树县郭家店镇",)),
        ("辽源冬天种了多少树?", ("辽源冬天", "辽源")),
    ],
)
def test_a_topic_is_told_from_the_fullest_to_the_barest(
    archive: Archive, question: str, subjects: Sequence[str]
) -> None:
    assert topic(archive, question).subjects == tuple(subjects)


def test_a_follow_up_keeps_what_it_is_about(archive: Archive) -> None:
    first = topic(archive, PARK)
    second = topic(archive, "恐龙王国项目总投资?", before=first)
    assert second.subjects == first.subjects
    third = topic(archive, "徐晖说了什么?", before=second)
    assert (third.subjects[0], third.subjects[-1]) == ("徐晖", "恐龙王国项目")
    assert topic(archive, "四平市地铁在哪里?").subjects[0] == "四平市地铁"


def test_a_question_without_words_has_no_subject() -> None:
    nothing = Answer(Query("", "", ()), Verdict.NONE, None, 0.0, (), "g", 1.0)
    assert topic_of("?", nothing, named=(), said=(), before=None).subjects in ((), ("",))
