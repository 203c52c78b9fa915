"""Whether a sentence can hold the kind of answer that a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.asking import wants
from retrieval.evidence import holds, sought
from retrieval.folding import fold
from retrieval.query import understand
from retrieval.records import Part, Query
from retrieval.tokens import Segmenter

SEGMENTER = Segmenter.open([])
KINDS = (
    "phone money rank number person date place school organisation story list reason manner yes_no"
)


def asked(question: str) -> Query:
    return understand(question, segmenter=SEGMENTER)


def in_body(question: str, sentence: str) -> float:
    return holds(sought(asked(question)), fold(sentence), Part.BODY)


@pytest.mark.parametrize(
    ("question", "holding", "other"),
    [
        ("全市栽了多少棵树?", "全市共栽树2677棵。", "全市干部群众踊跃植树。"),
        ("全市栽了多少棵树?", "全市栽树两千六百棵。", "栽树是好事。"),
        ("门票多少钱?", "门票80元一张。", "门票在窗口出售。"),
        ("总投资多少?", "项目总投资3.5亿元。", "项目得到各方支持。"),
        ("热线电话是多少?", "热线：0437－3229788。", "热线已经开通。"),
        ("全省排名第几?", "在全省名列第二。", "在全省受到好评。"),
        ("谁主持了会议?", "副市长徐晖主持会议。", "会议在长春召开。"),
        ("会议什么时候开?", "会议于12月1日下午召开。", "会议圆满成功。"),
        ("会议在哪里开?", "会议在东丰县召开。", "会议圆满成功。"),
        ("巡讲团去了哪所中学?", "巡讲团走进市第十四中学。", "巡讲团生动讲课。"),
        ("哪家银行开办了业务?", "建行辽源分行开办业务。", "业务顺利开办。"),
        ("年货节有哪些商品?", "有粉条、木耳、大米。", "商品丰富。"),
        ("为什么修路?", "为了方便群众出行。", "路修好了。"),
        ("怎么申请贷款?", "通过手机银行申请。", "贷款不难。"),
    ],
)
def test_a_sentence_with_the_kind_of_answer_holds_it_better(
    question: str, holding: str, other: str
) -> None:
    assert in_body(question, holding) == 1
    assert in_body(question, other) < 1


@pytest.mark.parametrize("sentence", ["全市植树。", "12月1日", ""])
def test_any_sentence_would_do_where_no_kind_is_asked_for(sentence: str) -> None:
    assert in_body("市委书记", sentence) == 1
    assert in_body("高速公路通车了吗?", sentence) == 1


def test_a_number_with_the_measure_word_says_more_than_one_without() -> None:
    question = "全市栽了多少棵树?"
    with_it, without, none = (
        in_body(question, s) for s in ("栽树2677棵。", "历时45天。", "植树忙。")
    )
    assert with_it > without > none == 0


def test_a_number_that_the_question_names_is_no_answer() -> None:
    assert in_body("2021年栽了多少?", "2021") < in_body("2021年栽了多少?", "2677")


def test_only_whole_numbers_of_the_question_are_set_aside() -> None:
    assert in_body("1号楼住了多少户?", "共住11户。") == 1


def test_a_headline_tells_what_was_reported() -> None:
    query = asked("辽源日报报道了什么?")
    assert (
        holds(sought(query), "植树忙", Part.HEADLINE)
        == 1
        > holds(sought(query), "植树忙", Part.BODY)
        > 0
    )


@given(
    st.lists(st.sampled_from(KINDS.split())),
    st.lists(st.sampled_from("棵户.(*")),
    st.text(),
    st.text(),
    st.sampled_from(Part),
)
def test_how_well_is_always_a_share(
    wants: list[str], units: list[str], question: str, sentence: str, part: Part
) -> None:
    query = Query(question, question, (), wants=tuple(wants), units=tuple(units))
    assert 0 <= holds(sought(query), sentence, part) <= 1


def test_a_number_of_something_else_says_less_than_the_number_asked_for() -> None:
    question = "灯塔镇有多少户人家?"
    counted, other, none = "全镇5000户。", "全镇300余名党员。", "全镇行动起来。"
    assert in_body(question, counted) > in_body(question, other) > in_body(question, none)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("有多少名带头人?", "现有带头人400多人。", 0.9),
        ("有多少名带头人?", "现有带头人400多名。", 1.0),
        ("来了多少学员?", "举办了为期3天的培训班。", 0.1),
        ("来了多少学员?", "2022年举办培训班。", 0.0),
        ("来了多少学员?", "120名学员到场。", 1.0),
        ("建了几个厂?", "建成3家。", 0.9),
        ("建了几个厂?", "抓好支部一个点。", 0.0),
        ("一年发多少电?", "慰问奋战在一线的人员。", 0.0),
        ("白山市人口多少?", "得到两市大力支持。", 0.0),
        ("白山市人口多少?", "常住人口95万人。", 1.0),
        ("镇上有多少口人?", "调整村干部3人。", 0.1),
    ],
)
def test_a_count_says_the_more_the_nearer_its_measure_word(
    question: str, sentence: str, expected: float
) -> None:
    assert in_body(question, sentence) == expected


def test_who_asks_for_names_in_the_plural_counts_nothing() -> None:
    query = asked("活动是哪几家单位主办的?")
    assert query.units == ()
    assert "几家" not in query.terms
    assert query.wants[0] == "list"
    assert holds(sought(query), "由市委网信办、市商务局和直播基地联合主办。", Part.BODY) == 1


def test_who_asks_for_places_in_the_plural_wants_a_list_first() -> None:
    question = "跟哪些城市比赛?"
    assert in_body(question, "将与大连、武汉、梅州比赛。") == 1
    assert in_body(question, "在长春市比赛。") < 1
    assert in_body(question, "我省又有11个县(市、区)入选。") < 1


def test_a_headline_answers_who_asks_what_was_written() -> None:
    query = asked("记者王茵写了什么新闻?")
    assert holds(sought(query), "东丰县完成接种工作", Part.HEADLINE) == 1
    assert holds(sought(query), "东丰县完成接种工作", Part.BODY) < 1


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("门票多少钱?", "首日有1.5万人入园。", 0.0),
        ("门票多少钱?", "门票每张30元。", 1.0),
        ("书记多大岁数?", "书记姚顺说,今年栽树300棵。", 0.0),
        ("书记多大岁数?", "姚顺,现年52岁。", 1.0),
        ("全县排第几?", "这是东北第一、吉林惟一的展馆。", 0.0),
        ("全县排第几?", "该县位列全省第26位。", 1.0),
        ("门票多少钱一张?", "总投资21亿元。", 0.0),
        ("鸡蛋多少钱一斤?", "鸡蛋每斤4元。", 1.0),
        ("总货值多少?", "出口汽车3000辆。", 0.0),
        ("总货值多少?", "货值5亿元。", 1.0),
        ("活动持续多久?", "1月20日正式启动。", 0.0),
        ("活动持续多久?", "活动共持续30天。", 1.0),
        ("这篇是谁写的?", "记者从县里了解到。", 0.0),
        ("这篇是谁写的?", "城市晚报记者 陆续", 1.0),
        ("他老家哪的?", "1964年3月生,吉林梨树人,1988年参加工作。", 1.0),
        ("他老家哪的?", "2007年任处长。", 0.0),
        ("会是哪天开的?", "回顾三十年建设。", 0.0),
        ("会是哪天开的?", "2020年召开。", 0.5),
        ("会是哪天开的?", "12月1日下午召开。", 1.0),
        ("会是哪年开的?", "12月1日下午召开。", 0.5),
        ("会是几点开的?", "上午9时召开。", 1.0),
        ("管委会主任是哪个?", "高新区独占鳌头。", 0.0),
        ("教练叫啥?", "队员出征。", 0.0),
        ("校长是谁?", "副市长徐晖出席并讲话。", 0.2),
        ("校长是谁?", "校长王丽介绍,全校有30个班。", 1.0),
        ("管委会主任叫什么名字?", "相关负责人介绍,全年出口7000辆。", 0.0),
        ("哪个厂家的疫苗?", "县卫生健康局组织接种。", 0.2),
        ("哪个厂家的疫苗?", "疫苗由长春一家公司生产。", 1.0),
    ],
)
def test_the_kind_asked_for_has_its_mark(question: str, sentence: str, expected: float) -> None:
    query = Query(question, question, ("x",), wants=wants(question))
    assert holds(sought(query), sentence, Part.BODY) == expected
