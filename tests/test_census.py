"""Which questions ask for everything that matches, and which only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.census import Census, census
from retrieval.folding import fold
from retrieval.records import TallyKind

MATTER = {
    TallyKind.COUNT: """
        一共有几篇报道提到X？|有多少篇新闻写到X|总共有几条新闻说到X?|有多少报道提到X|辽源日报一共有几篇报道提到“X”？
        2021年1月有几篇文章提到X|关于X的报道一共有几篇|X的报道有几篇|X被报道过几次？|X上过几次报纸|X见过几次报
        报纸上提到过几次X？|报道过X多少次|请问，帮我查一下有多少篇稿子关于X的呢？|提到X的文章有多少篇
    """,
    TallyKind.FIRST: """
        最早什么时候报道X的？|X最早是什么时候见报的|第一次报道X是什么时候|什么时候第一次提到X|哪篇报道最早提到X
        最早报道X的是哪家报纸|关于X最早的报道是哪一天|X第一次被报道是哪年|首次刊登X是在哪天|X最早的报道是哪篇
    """,
    TallyKind.LAST: """
        最近一次提到X是哪天？|最后一次报道X是什么时候?|X最近一次见报是哪天|关于X的最后一篇报道是哪天的
    """,
    TallyKind.REPORTERS: """
        哪些记者写过X|都有哪些记者报道过X|都有谁写过X的报道|X都是哪几位记者写的|哪几个记者采写过X的新闻|有几位记者报道过X
    """,
    TallyKind.PAPERS: "哪些报纸报道过X|X被哪些报纸报道过|有几家报纸登过X",
    TallyKind.DAYS: "哪几天的报纸报道过X|哪些天提到了X",
    TallyKind.LIST: """
        都有哪些报道提到X|哪几篇文章写到X|列出所有提到X的报道|所有关于X的新闻|提到X的文章有哪些|哪些新闻提到了X
    """,
}
BYLINES = {
    "记者于志写过哪些报道": Census(TallyKind.LIST, "", "于志", titled=True),
    "记者于志的报道有哪些": Census(TallyKind.LIST, "", "于志", titled=True),
    "于志写过几篇报道": Census(TallyKind.COUNT, "", "于志"),
    "记者于志一共写了几篇稿子": Census(TallyKind.COUNT, "", "于志", titled=True),
    "记者于志写过几篇关于疫苗的报道": Census(TallyKind.COUNT, "疫苗", "于志", titled=True),
}
# What one page states, what happened outside the paper, and what points at something said before.
FACTUAL = """
    一共栽了多少棵树|辽源市冬季植树一共栽了多少棵树？|一共多少户|记者是谁|这篇报道的记者是谁|这篇报道是谁写的|谁写的这篇报道
    设置了几个接种点|书记第一次提到乡村振兴是什么时候|第一笔业务是哪年开办的|恐龙最早什么时候出现|会上提到几次高质量发展
    作家王某写过哪些书|哪些记者参加了培训会|哪些人写过春联|一共发表了多少篇论文|最早的恐龙化石是哪年发现的|最后一次会议是什么时候开的
    报社一共有多少记者|记者于志从哪里获悉|这件事被报道过几次|他被报道过几次|代表团审议了哪些报告|哪些媒体参加了采访
    长春市第一次提出这个目标是哪年|代表们提到了哪些问题|新闻里提到了几个接种点|报道中说到了哪些企业|全市一共登记了多少名党员
    报纸订阅电话是多少|一共报道了几名确诊病例|一共有几个人提到这件事|有几篇报道提到什么|图书馆有多少份报纸|报名的一共有几个人
    第一次全国人口普查是哪年|最早报名的是谁|哪些学生写过作文|记者节是哪天|记者采访了谁|有多少人写过入党申请书
"""


def forms(text: str) -> list[str]:
    return [form for line in text.split("\n") for form in line.strip().split("|") if form]


@pytest.mark.parametrize(
    ("kind", "form"), [(kind, form) for kind, text in MATTER.items() for form in forms(text)]
)
@pytest.mark.parametrize("matter", ["高新区", "疫苗接种", "延吉和恐龙"])
def test_a_question_to_all_articles_is_known_with_what_it_looks_for(
    kind: TallyKind, form: str, matter: str
) -> None:
    assert census(fold(form.replace("X", matter))) == Census(kind, matter)


@pytest.mark.parametrize("question", BYLINES)
def test_a_reporter_who_is_asked_about_is_known(question: str) -> None:
    assert census(fold(question)) == BYLINES[question]


@pytest.mark.parametrize("question", forms(FACTUAL))
def test_what_a_page_states_is_no_question_to_all_articles(question: str) -> None:
    assert census(fold(question)) is None


@given(st.text(alphabet="查一共有几篇报道提到最早哪些记者写过的都,2021年月"))
def test_any_text_is_read_without_fail(text: str) -> None:
    found = census(text)
    assert found is None or (found.matter in text and (found.byline or "") in text)
