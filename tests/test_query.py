"""A question as it was understood: why it cannot be asked, or what it asks for, of which pages."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import asking, matter
from retrieval.dates import days
from retrieval.errors import SettingsError
from retrieval.folding import fold
from retrieval.mentions import Holds, newspaper_named
from retrieval.query import understand
from retrieval.records import Leaning, Query, Reason, Scope
from retrieval.settings import Newspaper
from retrieval.smalltalk import visible
from retrieval.tokens import Segmenter

SEGMENTER = Segmenter.open(["辽源市 3000 ns", "恐龙王国 300 nz", "年货节 300 n", "秸秆禁烧 300 n"])
PAPERS = (
    Newspaper("辽源日报", aliases=("辽源报",)),
    Newspaper("吉林日报", aliases=("吉报",)),
    Newspaper("吉林农村报"),
    Newspaper("城市晚报", aliases=("晚报",)),
    Newspaper("延边晚报"),
)


def asked(question: str) -> Query:
    return understand(question, segmenter=SEGMENTER, newspapers=PAPERS)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", Reason.EMPTY_QUESTION),
        (" \t\n\u3000", Reason.EMPTY_QUESTION),
        ("\x00\x01\x1b", Reason.EMPTY_QUESTION),
        ("\u200b\u202e\ufeff", Reason.EMPTY_QUESTION),
        ("\ue000\ud800", Reason.EMPTY_QUESTION),
        ("植" * 501, Reason.LONG_QUESTION),
        ("?" * 501, Reason.LONG_QUESTION),
        ("你好", Reason.NOT_A_QUESTION),
        ("您好！", Reason.NOT_A_QUESTION),
        ("在吗?", Reason.NOT_A_QUESTION),
        ("谢谢你", Reason.NOT_A_QUESTION),
        ("早上好呀!", Reason.NOT_A_QUESTION),
        ("你好~", Reason.NOT_A_QUESTION),
        ("哈哈哈哈", Reason.NOT_A_QUESTION),
        ("ＨＥＬＬＯ", Reason.NOT_A_QUESTION),
        ("你是谁？", Reason.NOT_A_QUESTION),
        ("讲个笑话", Reason.NOT_A_QUESTION),
        ("帮我写一段Python代码", Reason.NOT_A_QUESTION),
        ("写一首诗", Reason.NOT_A_QUESTION),
        ("今天天气怎么样", Reason.NOT_A_QUESTION),
        ("明天会下雨吗", Reason.NOT_A_QUESTION),
        ("现在几点了", Reason.NOT_A_QUESTION),
        ("😀👍", Reason.NOT_A_QUESTION),
        ("？！。", Reason.NOT_A_QUESTION),
        ("……", Reason.NOT_A_QUESTION),
        ("的", Reason.NOT_A_QUESTION),
        ("多少", Reason.NOT_A_QUESTION),
        ("请问是什么?", Reason.NOT_A_QUESTION),
    ],
)
def test_what_cannot_be_asked_is_told_why(question: str, reason: Reason) -> None:
    query = asked(question)
    assert query.reason is reason
    assert query.terms == ()


@pytest.mark.parametrize(
    "question",
    [
        "植" * 500,
        "你好,辽源市植树多少棵?",
        "谢谢!请问恐龙王国在哪里?",
        "网吧",
        "市委书记",
        "天气预报员是谁?",
        "今年的诗歌节在哪里办?",
        "\u200b" * 600 + "植树",
        "谁写了这首诗?",
        "申请贷款需要做哪些程序?",
        "他的作品获得了哪些诗歌奖?",
        "外来务工子女英语培训班在哪里?",
    ],
)
def test_what_only_looks_like_small_talk_is_asked(question: str) -> None:
    query = asked(question)
    assert query.reason is None
    assert query.terms


@pytest.mark.parametrize(
    ("question", "want", "focus", "units"),
    [
        ("辽源市冬季植树一共栽了多少棵树?", "number", None, ("棵",)),
        ("遼源市種了多少棵樹？", "number", None, ("棵",)),
        ("开发区占地多少平方公里?", "number", ("占地",), ("平方公里",)),
        ("招聘会提供了多少个岗位?", "number", ("岗位",), ("个",)),
        ("培训班有几名学员?", "number", ("学员",), ("名",)),
        ("网吧整治查处了几家?", "number", ("查处",), ("家",)),
        ("全市脱贫多少户?", "number", ("脱贫",), ("户",)),
        ("新建的桥多长?", "number", ("桥",), ()),
        ("洪水造成的损失有多大?", "number", ("损失",), ()),
        ("粮食产量增长了百分之几?", "number", None, ()),
        ("门票多少钱?", "price", ("门票",), None),
        ("项目总投资多少亿元?", "money", ("投资",), ("亿元",)),
        ("失业金提高到多少元?", "money", None, ("元",)),
        ("投资金额是多少?", "money", None, ()),
        ("热线电话是多少?", "phone", ("热线电话",), ()),
        ("怎么联系,联系方式有吗?", "phone", None, ()),
        ("辽源市在全省排名第几?", "rank", ("排名",), ()),
        ("谁主持了培训会?", "person", ("主持",), ()),
        ("哪位教授作了报告?", "person", ("教授",), ()),
        ("大赛的冠军叫什么名字?", "person", ("冠军",), ()),
        ("吉林日报记者是谁?", "reporter", None, ()),
        ("疫苗接种什么时候开始?", "date", None, ()),
        ("培训会是哪天开的?", "date", None, ()),
        ("车站哪年建成的?", "date", None, ()),
        ("恐龙王国在哪里?", "place", ("恐龙王国",), ()),
        ("丰收节在哪儿举办?", "place", None, ()),
        ("比赛在什么地方举行?", "place", None, ()),
        ("去讲课的是哪所中学?", "school", ("中学",), ()),
        ("哪家银行开办了跨境业务?", "organisation", ("银行",), ()),
        ("哪个部门负责监管?", "organisation", ("部门",), ()),
        ("哪些学校参加了比赛?", "list", ("学校",), ()),
        ("年货节卖什么东西?", "list", None, ()),
        ("为什么要关停煤矿?", "reason", ("关停",), ()),
        ("火灾的原因是什么?", "reason", None, ()),
        ("农民怎么申请贷款?", "manner", ("申请",), ()),
        ("如何预防校园暴力?", "manner", ("预防",), ()),
        ("长春有没有地铁?", "yes_no", (), ()),
        ("高速公路通车了吗?", "yes_no", None, ()),
        ("城市晚报写了什么新闻?", "story", None, ()),
        ("辽源日报报道了什么?", "story", None, ()),
        ("市委书记", None, (), ()),
    ],
)
def test_a_question_says_what_would_answer_it(
    question: str,
    want: str | None,
    focus: tuple[str, ...] | None,
    units: tuple[str, ...] | None,
) -> None:
    """``None`` as focus or units: either would do."""
    query = asked(question)
    assert (query.wants[0] if query.wants else None) == want
    assert focus in (None, query.focus)
    assert units in (None, query.units)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("2021年1月27日辽源日报登了什么?", "2021-01-27", "2021-01-27"),
        ("２０２１年１月２７日植树", "2021-01-27", "2021-01-27"),
        ("2021-1-27植树", "2021-01-27", "2021-01-27"),
        ("2021.01.27植树", "2021-01-27", "2021-01-27"),
        ("2021/1/27植树", "2021-01-27", "2021-01-27"),
        ("2021年2月植树", "2021-02-01", "2021-02-28"),
        ("2020年2月植树", "2020-02-01", "2020-02-29"),
        ("1998年洪水", "1998-01-01", "1998-12-31"),
        ("2021年13月植树", "2021-01-01", "2021-12-31"),
        ("1月27日植树", None, None),
        ("投资2021万元的项目", None, None),
        ("植树", None, None),
    ],
)
def test_a_question_leans_to_the_days_that_it_names(
    question: str, first: str | None, last: str | None
) -> None:
    leaning = asked(question).leaning
    assert (leaning.date_from, leaning.date_to) == (first, last)


@pytest.mark.parametrize(
    ("question", "newspaper"),
    [
        ("辽源日报写了什么?", "辽源日报"),
        ("《辽源日报》植树", "辽源日报"),
        ("遼源日報植樹", "辽源日报"),
        ("辽源报植树", "辽源日报"),
        ("吉林农村报植树", "吉林农村报"),
        ("晚报植树", "城市晚报"),
        ("延边晚报植树", "延边晚报"),
        ("辽源市植树", None),
    ],
)
def test_a_question_leans_to_the_paper_that_it_names(question: str, newspaper: str | None) -> None:
    assert asked(question).leaning.newspaper == newspaper


def test_what_a_question_names_excludes_nothing() -> None:
    assert asked("2021年1月27日辽源日报登了什么?").scope == Scope()


def test_what_the_caller_demands_is_kept() -> None:
    scope = Scope("2021-01-01", "2021-01-31", "辽源日报")
    for question in ("植树", "你好", ""):
        assert understand(question, segmenter=SEGMENTER, scope=scope).scope == scope


def test_only_whole_words_are_dropped() -> None:
    assert asked("网吧整治了吗?").terms == ("网吧", "整治")


def test_a_word_is_a_term_once() -> None:
    assert asked("植树节植树和植树").terms.count("植树") == 1


def test_a_whole_day_is_no_word_to_look_for() -> None:
    assert asked("2021年1月27日植树").terms == ("植树",)


def test_a_name_cut_apart_is_joined_where_the_archive_knows_it() -> None:
    question = "灯塔镇植树"
    cut = understand(question, segmenter=SEGMENTER)
    joined = understand(question, segmenter=SEGMENTER, known=lambda pair: pair == "塔镇")
    assert cut.terms == ("灯塔", "镇", "植树")
    assert joined.terms == ("灯塔镇", "植树")


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_understood_or_told_why(question: str) -> None:
    query = asked(question)
    assert query.question == question
    assert bool(query.terms) != (query.reason is not None)
    assert all(term in query.text for term in query.terms)


@given(st.text(st.characters()))
def test_only_what_can_be_seen_is_left(question: str) -> None:
    shown = visible(question)
    assert all(c == " " or unicodedata.category(c)[0] != "C" for c in shown)
    assert len(shown) <= len(question)


@pytest.mark.parametrize("greeting", ["哈", "嗯", "谢谢你好", "你好"])
def test_a_long_greeting_takes_no_time(greeting: str) -> None:
    assert asked(greeting * 60 + "辽源").reason is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021-01-27", "2021-01-27", "2021-01-27"),
        (" ２０２１年１月２７日 ", "2021-01-27", "2021-01-27"),
        ("2020-2", "2020-02-01", "2020-02-29"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021年", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_day_a_month_and_a_year_are_days(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize("text", ["", "昨天", "21", "1821", "2021-13", "27.1.2021", "²⁰²¹"])
def test_what_is_no_date_is_refused_by_its_words(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        days(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["辽源日报", "《辽源日报》", "辽源报", "遼源日報", " 辽源日报 "])
def test_a_newspaper_is_known_by_its_names(text: str) -> None:
    assert newspaper_named(text, PAPERS) == "辽源日报"


@pytest.mark.parametrize("text", ["人民日报", "辽源", ""])
def test_an_unknown_newspaper_is_told_the_known_ones(text: str) -> None:
    with pytest.raises(SettingsError, match="辽源日报、吉林日报") as caught:
        newspaper_named(text, PAPERS)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("question", "terms", "units"),
    [
        ("引进了多少项目?", ("引进", "项目"), ()),
        ("留住了多少人才?", ("留住", "人才"), ()),
        ("供了多少天然气?", ("供", "天然气"), ()),
        ("有多少市民参加?", ("市民", "参加"), ()),
        ("栽了多少棵柳树?", ("栽", "柳树"), ("棵",)),
        ("办结了几件?", ("办结",), ("件",)),
    ],
)
def test_a_measure_word_is_a_whole_word(
    question: str, terms: tuple[str, ...], units: tuple[str, ...]
) -> None:
    query = asked(question)
    assert (query.terms, query.units) == (terms, units)


@pytest.mark.parametrize("word", ["大学生", "企业", "几内亚"])
def test_question_words_are_left_alone_inside_other_words(word: str) -> None:
    whole = {"大学生": "更多大学生回乡创业", "企业": "许多大企业落户", "几内亚": "几内亚代表团来访"}
    assert word in asked(f"{whole[word]}是哪天的事?").terms


def test_a_short_name_inside_another_paper_s_name_is_not_that_paper() -> None:
    assert asked("看晚报登了什么").leaning.newspaper == "城市晚报"
    assert asked("江海晚报登了什么").leaning.newspaper is None


ASKING = "几何谁哪吗啥咋吧呢么"
WHOLE = sorted(
    word
    for word, frequency in SEGMENTER._tokenizer.FREQ.items()
    if frequency > 20
    and 2 <= len(word) <= 4
    and any(c in word for c in ASKING)
    and not set(word) <= set(ASKING)
    and all("一" <= c <= "鿿" for c in word)
    and asking.without_asking(word, {0, len(word)}) == word
    and word not in matter._STOP
    and word != "几对"  # asks how many pairs
    and fold(word) == word  # 哪吒 folds to 哪咤, which no dictionary holds
)


def test_there_are_words_that_hold_a_question_word() -> None:
    assert {"网吧", "几内亚", "酒吧", "任何人"} <= set(WHOLE)


@given(st.sampled_from(WHOLE))
def test_a_word_that_holds_a_question_word_is_never_torn(word: str) -> None:
    question = f"请问“甲”、{word}、乙在哪里?"
    assert word in asked(question).terms


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("“谁知道”乐队在哪演出?", ("谁", "知道", "乐队", "演出")),
        ("“没有”", ("没有",)),
        ("几内亚代表团哪天来的?", ("几内亚", "代表团")),
        ("“多少”酒吧在哪里?", ("多少", "酒吧")),
        ("去年12月辽源市植树", ("辽源市", "植树")),
        ("2020年植树", ("2020", "植树")),
        ("2020年以来植树", ("2020", "植树")),
        ("去年冬天植树", ("冬天", "植树")),
        ("去年春节前后植树", ("春节", "植树")),
        ("第三版的植树", ("植树",)),
        ("植树 -招聘", ("植树",)),
        ("植树两千六百多棵", ("植树", "两千六百", "棵")),
    ],
)
def test_what_is_left_to_look_for(question: str, terms: tuple[str, ...]) -> None:
    assert asked(question).terms == terms


def test_what_a_question_names_is_echoed() -> None:
    holds = Holds(
        date(2021, 1, 27),
        phrase=lambda phrase: phrase == "植树",
        reporter=lambda name: name == "于芯",
        section=lambda name: name == "百姓视点",
    )
    query = understand(
        "去年12月辽源日报头版百姓视点栏目记者于芯写的“植树”和“栽花”,三百多棵 -招聘",
        segmenter=SEGMENTER,
        newspapers=PAPERS,
        holds=holds,
    )
    assert query.leaning == Leaning(
        "2020-12-01", "2020-12-31", "辽源日报", "1", "百姓视点", "于芯", None
    )
    assert (query.phrases, query.unheld, query.excluded) == (("植树",), ("栽花",), ("招聘",))
    assert [(n.text, n.low, n.high) for n in query.numbers] == [("三百", 300, 400)]
    assert [(d.text, d.relative, d.of_paper) for d in query.dates] == [("去年12月", True, True)]
    assert query.scope == Scope()


def test_the_paper_s_day_counts_before_an_event_s() -> None:
    leaning = asked("2021年1月27日的报纸说2020年植树多少棵?").leaning
    assert (leaning.date_from, leaning.date_to) == ("2021-01-27", "2021-01-27")
    leaning = asked("2020年植树多少棵,2021年1月27日的报纸怎么说?").leaning
    assert (leaning.date_from, leaning.date_to) == ("2021-01-27", "2021-01-27")


@pytest.mark.parametrize(
    "said",
    [
        "帮我写封邮件",
        "给我订张票吧",
        "替俺算算利息",
        "你是真人还是机器人",
        "你多大了?",
        "陪我唠唠嗑",
        "明天出门用不用打伞",
        "外面冷不冷",
        "15+27",
        "3.5乘4",
    ],
)
def test_chores_and_talk_to_the_machine_are_no_questions(said: str) -> None:
    assert asked(said).reason is Reason.NOT_A_QUESTION


@pytest.mark.parametrize(
    "question",
    [
        "帮我查查谁捐的款",
        "给我找一下植树的报道",
        "图书馆周末开放到几点?",
        "机器人大赛谁拿了第一",
        "国庆期间外面景区开放吗",
        "0437-3229788是谁的电话",
        "谁帮我们写了村史",
        "你们报社几点上班",
    ],
)
def test_what_only_looks_like_a_chore_is_asked(question: str) -> None:
    assert asked(question).reason is None
