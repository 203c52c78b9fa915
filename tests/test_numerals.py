"""Numbers in Arabic and Chinese figures are one value, rough ones a range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import numerals as numerals_module
from retrieval.folding import fold
from retrieval.numerals import chinese_value, meets, numerals, written

_FIGURES = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """The oracle: a number below 10**8 spelled digit by digit with its places, zeros and all."""
    places = ["", "十", "百", "千", "万", "十", "百", "千"]
    digits = [int(d) for d in str(number)]
    return "".join(
        f"{_FIGURES[d]}{places[len(digits) - n - 1]}" if d or len(digits) - n == 5 else "零"
        for n, d in enumerate(digits)
    )


@given(st.integers(1, 10**12 - 1) | st.sampled_from([10**n + m for n in range(12) for m in (0, 1)]))
def test_what_is_written_is_read_back(number: int) -> None:
    assert chinese_value(written(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (10, "十"),
        (15, "十五"),
        (107, "一百零七"),
        (110, "一百一十"),
        (2677, "二千六百七十七"),
        (10_005, "一万零五"),
        (100_000, "十万"),
        (120_000_000, "一亿二千万"),
        (100_000_001, "一亿零一"),
        (101_000_000, "一亿零一百万"),
    ],
)
def test_a_number_is_written_as_papers_write_it(number: int, text: str) -> None:
    assert written(number) == text


@given(st.integers(1, 9999))
def test_places_and_figures_agree_with_spelling(number: int) -> None:
    assert chinese_value(written(number)) == number
    assert set(written(number)) <= set(spelled(number)) | {"零"}


@given(st.integers(11, 10**12 - 1))
def test_chinese_and_arabic_figures_meet(number: int) -> None:
    (arabic,), (chinese,) = numerals(f"有{number}人"), numerals(f"有{written(number)}人")
    assert meets(arabic, chinese)
    assert not meets(arabic, numerals(f"有{number + 1}人")[0])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("两千六百多棵", 2600, 2700),
        ("2600余棵", 2600, 2700),
        ("1.2亿", 120_000_000, 120_000_000),
        ("１２０００万", 120_000_000, 120_000_000),
        ("一亿两千万", 120_000_000, 120_000_000),
        ("一点二亿", 120_000_000, 120_000_000),
        ("2,677", 2677, 2677),
        ("三千五", 3500, 3500),
        ("三万五", 35_000, 35_000),
        ("二十余万", 200_000, 300_000),
        ("20多万", 200_000, 300_000),
        ("1.5万余", 15_000, 16_000),
        ("十多个", 10, 20),
        ("近3000人", 2700, 3000),
        ("约两百人", 180, 220),
        ("两百左右", 180, 220),
        ("几百人", 100, 1000),
        ("百分之三十", 0.3, 0.3),
        ("30%", 0.3, 0.3),
        ("百分之三点五", 0.035, 0.035),
        ("二〇二一", 2021, 2021),
    ],
)
def test_a_number_has_the_values_that_it_may_have(text: str, low: float, high: float) -> None:
    (found,) = numerals(fold(text))
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    ["三农", "一个", "万一", "千万别", "十分", "五一", "三三两两", "0437-3229788", "a05", "x2"],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert numerals(text) == ()


def test_a_ratio_meets_only_ratios() -> None:
    (ratio,), (number,) = numerals("30%"), numerals("0.3")
    assert not meets(ratio, number)
    assert meets(ratio, numerals("百分之三十")[0])


@given(st.text("一二两三十百千万亿点零〇0123.,%多余近约百分之几", max_size=12))
def test_any_figures_are_read_or_passed_over(text: str) -> None:
    for number in numerals(text):
        assert text[number.start : number.end] == number.text
        assert number.low <= number.high


@given(
    st.text(
        st.sampled_from("百分之不到接近将约几数十百千万亿零〇一三12,.点%-多余左右上下来年a大"),
        max_size=30,
    )
)
def test_numbers_are_found_around_figures_as_everywhere(text: str) -> None:
    spans = [match.span() for match in numerals_module._NUMERAL.finditer(text)]
    assert [match.span() for match in numerals_module._matches(text)] == spans


@given(st.lists(st.text(st.sampled_from("约百分之三十2,千万.-%近a"), max_size=8), max_size=4))
def test_numbers_of_lines_are_those_of_each(lines: list[str]) -> None:
    found = [(n.text, n.low, n.high, n.ratio) for n in numerals("\n".join(lines))]
    each = [(n.text, n.low, n.high, n.ratio) for line in lines for n in numerals(line)]
    assert found == each
