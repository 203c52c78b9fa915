"""References in the form of GB/T 7714-2015, worked by hand from its examples and our pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citation import citation
from retrieval.records import Source


def source(
    newspaper: str | None,
    date: str | None,
    page: str | None,
    title: str | None,
    *byline: str,
) -> Source:
    return Source("001/003.txt", newspaper, date, page, title, byline, (1, 2))


@pytest.mark.parametrize(
    ("stands", "cited"),
    [
        # the standard's own examples of newspaper articles (8.7, A.5)
        (
            source("中国青年报", "2000-11-20", "15", "数字革命与竞争国际化", "丁文祥"),
            "丁文祥. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15).",
        ),
        (
            source("人民日报", "1998-12-27", "第4版", "经济全球化的重要性", "谢希德"),
            "谢希德. 经济全球化的重要性[N]. 人民日报, 1998-12-27(4).",
        ),
        # several reporters: up to three are named
        (
            source("辽源日报", "2021-01-27", "A02", "植树", "于志", "王茵", "张莹莹"),
            "于志, 王茵, 张莹莹. 植树[N]. 辽源日报, 2021-01-27(A02).",
        ),
        (
            source("辽源日报", "2021-01-27", "1", "植树", "于志", "王茵", "张莹莹", "赵强"),
            "于志, 王茵, 张莹莹, 等. 植树[N]. 辽源日报, 2021-01-27(1).",
        ),
        # what is not stated is left out
        (source("辽源日报", "2021-01-27", "1", "植树"), "植树[N]. 辽源日报, 2021-01-27(1)."),
        (source("辽源日报", "2021-01-27", None, "植树"), "植树[N]. 辽源日报, 2021-01-27."),
        (source("辽源日报", None, "1", "植树"), "植树[N]. 辽源日报(1)."),
        (source("辽源日报", None, None, "植树"), "植树[N]. 辽源日报."),
        (source(None, "2021-01-27", "1", "植树"), "植树[N]. 001/003.txt, 2021-01-27(1)."),
        (source("辽源日报", "2021-01-27", "1", None), "辽源日报[N], 2021-01-27(1)."),
        (source(None, None, None, None), "001/003.txt[N]."),
        # a headline over two lines
        (source("辽源日报", None, None, "植树\n造林", "于 志"), "于 志. 植树 造林[N]. 辽源日报."),
    ],
)
def test_a_reference_is_written_as_the_standard_says(stands: Source, cited: str) -> None:
    assert citation(stands) == cited


@given(
    st.builds(
        Source,
        st.just("f.txt"),
        st.none() | st.text(min_size=1),
        st.none() | st.just("2021-01-27"),
        st.none() | st.text(),
        st.none() | st.text(),
        st.lists(st.text(), max_size=6).map(tuple),
        st.just((1, 1)),
    )
)
def test_a_reference_is_one_line_with_its_kind(stands: Source) -> None:
    cited = citation(stands)
    assert "[N]" in cited
    assert cited.endswith(".")
    assert (stands.date or "") in cited
