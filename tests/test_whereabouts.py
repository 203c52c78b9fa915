"""Where a quote from elsewhere stands: word for word, nearly, stitched together, or nowhere."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.folding import fold
from retrieval.records import Article, CleanText, Kind
from retrieval.whereabouts import Near, Place, Standing, Whereabouts, locate

# As the files hold them: the clean text leaves out the line breaks.
RAW = {
    "a.txt/a1": "植树忙\n今年全市共栽植树木二千六百七十七棵，\n全部在十一月底前完成任务。",
    "b.txt/a1": "法治 进校园\n检察干警走进第十四中学，\n为二百余名师生上了一堂法治课。",
}


def article(name: str) -> Article:
    raw = RAW[name]
    first, second = raw.index("\n"), raw.rindex("\n")
    spans = ((first + 1, second), (second + 1, len(raw)))
    body = CleanText("".join(raw[a:b] for a, b in spans), spans)
    headline = CleanText(raw[:first], ((0, first),))
    page = name.partition("/")[0]
    return Article(name, page, Kind.NEWS, headline, body, ((0, len(raw)),), (1, 3))


ARTICLES = [article(name) for name in RAW]
TREES, SCHOOL = ARTICLES


def near(text: str, k: int) -> list[Article]:
    return ARTICLES[:k]


def nobody(text: str, k: int) -> list[Article]:
    return []


def stands(place: Place) -> bool:
    """Whether the words shown are those of the file."""
    raw = RAW[place.article.id]
    return "".join(raw[a:b] for a, b in place.clean.spans) == place.clean.text


def found(quote: str, by: Near = near) -> Whereabouts:
    whereabouts = locate(quote, by)
    assert all(map(stands, whereabouts.places))
    return whereabouts


@given(st.sampled_from(ARTICLES), st.data())
def test_any_stretch_of_an_article_stands_word_for_word(of: Article, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([of.body, of.headline])).text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    stretch = text[start:end].strip()
    assume(stretch)
    whereabouts = found(text[start:end])
    assert whereabouts.standing is Standing.EXACT
    assert [place.clean.text for place in whereabouts.places] == [stretch]


@pytest.mark.parametrize(
    "copy",
    [
        "检察干警 走进\n第十四中学",
        "檢察幹警走進第十四中學",
        "检察干警走进第十四中学,",
        "\u3000检察干警走进第十四中学 ",
    ],
)
def test_spaces_width_and_script_are_passed_over(copy: str) -> None:
    whereabouts = found(copy)
    assert whereabouts.standing is Standing.EXACT
    (place,) = whereabouts.places
    assert place.article.id == "b.txt/a1"
    assert fold(place.clean.text).startswith("检察干警走进第十四中学")
    assert place.ratio == 1


def test_a_space_that_the_page_prints_is_shown() -> None:
    (place,) = found("治进校").places
    assert place.clean.text == "治 进校"


def test_one_wrong_character_is_nearly_and_the_archive_s_own_words_are_shown() -> None:
    whereabouts = found("今年全市共栽植树木二千六百七十八棵")
    assert whereabouts.standing is Standing.NEARLY
    (place,) = whereabouts.places
    assert place.clean.text == "今年全市共栽植树木二千六百七十七棵"
    assert 0.85 <= place.ratio < 1


def test_a_headline_and_a_body_are_no_one_sentence() -> None:
    assert found("植树忙今年全市").standing is not Standing.EXACT


def test_clauses_of_two_articles_are_stitched() -> None:
    whereabouts = found("今年全市共栽植树木二千六百七十七棵，为二百余名师生上了一堂法治课。")
    assert whereabouts.standing is Standing.STITCHED
    assert [place.article for place in whereabouts.places] == [TREES, SCHOOL]
    assert whereabouts.missing == ()


def test_an_invented_clause_is_named() -> None:
    whereabouts = found("今年全市共栽植树木二千六百七十七棵，恐龙王国门票降价一半并且对外试营业。")
    assert whereabouts.standing is Standing.STITCHED
    assert whereabouts.missing == ("恐龙王国门票降价一半并且对外试营业",)


@pytest.mark.parametrize("quote", ["恐龙王国门票降价一半。", "啊", "", "  \n", "，。"])
def test_what_stands_nowhere_is_said_to(quote: str) -> None:
    assert found(quote) == Whereabouts(Standing.NOWHERE, (), (quote,))


def test_an_archive_without_articles_holds_nothing() -> None:
    assert found("今年全市共栽植树木", nobody).standing is Standing.NOWHERE


@given(st.text(st.sampled_from("今年全市共栽植树木，。 恐龙a１\n")))
def test_what_is_shown_is_always_of_the_archive(quote: str) -> None:
    whereabouts = found(quote)
    assert bool(whereabouts.places) == (whereabouts.standing is not Standing.NOWHERE)


def test_an_article_without_text_is_passed_over() -> None:
    empty = CleanText("", ())
    silent = Article("c/a1", "c", Kind.PHOTO, empty, empty, (), (1, 1))
    assert locate("今年全市", lambda text, k: [silent]).standing is Standing.NOWHERE
