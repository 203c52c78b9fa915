"""Terms: jieba's words in search mode, bigrams of Han, and the archive's own words."""

from __future__ import annotations

import importlib.metadata
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import rjieba
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from retrieval import seals, tokens
from retrieval.errors import SettingsError
from retrieval.folding import fold
from retrieval.pages import decode
from retrieval.settings import Settings
from retrieval.tokens import Segmenter, bigrams, numbers

SEGMENTER = Segmenter.open(["梅河口高新区 300 nt", "惠民实事 300 n", "辽源市 3000 ns"])
PRINTED = st.text(st.sampled_from("辽源市农业发展银行年一二ab19.,%，。 \n㎡“”"), max_size=30)


def han(char: str) -> bool:
    return "㐀" <= char <= "䶿" or "一" <= char <= "鿿"


def test_a_part_of_a_long_name_is_found() -> None:
    assert "农业" in SEGMENTER.terms("中国农业发展银行").words


def test_words_of_the_user_stay_whole() -> None:
    assert ("梅河口高新区", 1, 7) in SEGMENTER.words("在梅河口高新区建厂")


def test_words_of_the_user_are_found_by_their_parts_too() -> None:
    assert {"梅河口高新区", "高新区"} <= set(SEGMENTER.terms("在梅河口高新区建厂").words)


def test_one_archive_does_not_learn_the_words_of_another() -> None:
    other = Segmenter.open([])
    assert "梅河口高新区" not in other.terms("在梅河口高新区建厂").words


@pytest.mark.parametrize("line", ["梅河口高新区\t300\tnt", "梅河口高新区  300", " 梅河口高新区 "])
def test_any_spacing_of_a_dictionary_line_names_the_same_word(line: str) -> None:
    words = [word for word, _, _ in Segmenter.open([line]).words("在梅河口高新区建厂")]
    assert "梅河口高新区" in words


@pytest.mark.parametrize("line", ["", "词 多 n", "词 3.5", "词 -3", "词 ²", "词 3 n2", "词 3 n 4"])
def test_a_line_that_is_no_entry_is_refused_by_its_words(line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Segmenter.open([line])
    assert repr(line) in str(caught.value)
    assert "userdict.txt" in str(caught.value)


@given(PRINTED)
def test_bigrams_are_every_two_neighbouring_han(text: str) -> None:
    assert bigrams(text) == [a + b for a, b in pairwise(text) if han(a) and han(b)]


def test_terms_hold_the_bigrams() -> None:
    assert SEGMENTER.terms("辽源 农业").bigrams == ("辽源", "农业")


def test_repeats_are_kept_since_they_are_counted() -> None:
    assert SEGMENTER.terms("农业农业").words.count("农业") == 2


@given(PRINTED)
def test_a_word_is_a_slice_of_its_text_and_no_two_overlap(text: str) -> None:
    found = SEGMENTER.words(text)
    assert [word for word, _, _ in found] == [text[a:b] for _, a, b in found]
    assert all(left[2] <= right[1] for left, right in pairwise(found))


@given(PRINTED)
def test_no_letter_digit_or_han_is_left_out(text: str) -> None:
    inside = {i for _, a, b in SEGMENTER.words(text) for i in range(a, b)}
    assert {i for i, c in enumerate(text) if han(c) or c in "ab19"} <= inside


def test_punctuation_and_spaces_are_no_words() -> None:
    assert SEGMENTER.words("，。“ ”—\n") == []
    assert SEGMENTER.terms("，。“ ”—\n").words == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("占地2.54平方公里", ["2.54"]),
        ("增长5.2%,达126.06万亿", ["5.2%", "126.06"]),
        ("共12,345户", ["12,345"]),
        ("2021年", []),
    ],
)
def test_a_number_with_a_point_is_one_term(text: str, found: list[str]) -> None:
    assert numbers(text) == found
    assert set(found) <= set(SEGMENTER.terms(text).words)


@pytest.mark.parametrize("word", ["王茵", "辽源市", "梅河口高新区", "灯塔镇", "gdp"])
def test_a_listed_name_or_an_unknown_word_is_a_name(word: str) -> None:
    assert SEGMENTER.is_name(word)


@pytest.mark.parametrize("word", ["农业", "植树", "惠民实事", "多少"])
def test_a_common_word_is_no_name(word: str) -> None:
    assert not SEGMENTER.is_name(word)


def test_rarer_words_tell_more() -> None:
    often, seldom, never = map(SEGMENTER.rarity, ("的", "植树", "某词典没有"))
    assert 0 <= often < seldom < never == 1


def test_the_fingerprint_is_of_the_words() -> None:
    words = ["梅河口高新区 300 nt", "惠民实事 300 n", "辽源市 3000 ns"]
    assert Segmenter.open(words).fingerprint == SEGMENTER.fingerprint
    assert Segmenter.open(words[:2]).fingerprint != SEGMENTER.fingerprint


def test_the_prefix_table_is_kept_where_it_is_told(tmp_path: Path) -> None:
    cache = tmp_path / "index" / "cache"
    first = Segmenter.open([], cache=cache)
    assert {path.name for path in cache.iterdir()} == {"jieba.cache", "jieba.cache.seal"}
    assert Segmenter.open([], cache=cache).terms("东丰县植树") == first.terms("东丰县植树")


def test_a_prefix_table_with_a_flipped_bit_is_never_believed(tmp_path: Path) -> None:
    words = list(Segmenter.open([], cache=tmp_path).terms("东丰县植树").words)
    table, seal = tmp_path / "jieba.cache", tmp_path / "jieba.cache.seal"
    for path in (table, seal):
        whole = path.read_bytes()
        at = whole.find("东丰县".encode()) if path is table else len(whole) - 9
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert seals.spoilt(tmp_path) == ["jieba.cache"]
        assert list(Segmenter.open([], cache=tmp_path).terms("东丰县植树").words) == words
        assert seals.spoilt(tmp_path) == []
        assert seals.intact(table, msgspec.json.decode(seal.read_bytes(), type=seals.FileSeal))


def test_a_damaged_table_that_cannot_be_taken_away_is_not_read(
    tmp_path: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    cache = tmp_path / "cache"
    Segmenter.open([], cache=cache)
    spoiled = (cache / "jieba.cache").read_bytes().replace("农业银行".encode(), "农业银杏".encode())
    (cache / "jieba.cache").write_bytes(spoiled)
    cache.chmod(0o555)
    with unprivileged():
        assert "农业银行" in Segmenter.open([], cache=cache).terms("农业银行").words
    assert (cache / "jieba.cache").read_bytes() == spoiled


def test_nothing_is_read_from_or_left_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(b"not jieba's")
    assert "农业" in Segmenter.open([]).terms(fold("農業")).words
    assert (tmp_path / "jieba.cache").read_bytes() == b"not jieba's"
    assert len(list(tmp_path.iterdir())) == 1


@given(
    st.text(
        st.sampled_from("中国农业银行市委书记辽源市北京唐山同学们风正劲一二三 ,。\n12.%abAB-_+#"),
        max_size=60,
    )
)
def test_who_hurries_cuts_alike(hurried: tuple[Segmenter, Segmenter], text: str) -> None:
    plain, quick = hurried
    assert quick.terms(fold(text)) == plain.terms(fold(text))


def test_who_hurries_cuts_the_pages_alike(hurried: tuple[Segmenter, Segmenter]) -> None:
    plain, quick = hurried
    for page in sorted(SEEDS.iterdir()):
        for line in decode(page.read_bytes())[0].split("\n"):
            assert quick.terms(fold(line)) == plain.terms(fold(line))
    # Of equal routes a count more or less decides: the words of the user dictionary count, too.
    for text in ("被同学们喷上了", "地区华灯步道今起改造", "潮涌边城风正劲"):
        assert quick.terms(text) == plain.terms(text)


def test_the_dictionaries_are_the_same_word_for_word(hurried: tuple[Segmenter, Segmenter]) -> None:
    """Else ``_SAME_DICTIONARY`` is wrong: of the release installed, or of one word's count."""
    assert importlib.metadata.version("rjieba") in tokens._SAME_DICTIONARY
    plain, quick = hurried[0], hurried[1]._quick
    filled = rjieba.Jieba.empty()
    known = {word: count for word, count in plain._tokenizer.FREQ.items() if count}
    for word, count in known.items():
        filled.add_word(word, count, None)
    filled.add_word("\0\0", plain._tokenizer.total - sum(known.values()), None)
    # What it takes to keep a word whole tells the counts of the word, of its parts, and the sum.
    other = [w for w in known if quick.suggest_freq(w + "丨") != filled.suggest_freq(w + "丨")]
    assert other == [w for w in known if quick.suggest_freq(w) != filled.suggest_freq(w)] == []
    assert not [w for w in plain._tokenizer.FREQ if quick.has_word(w) != (w in known)]


@pytest.mark.parametrize("line", ["农业银行 0", "龘靐 0", "农业", "的 9999999 x", "好的了 7"])
def test_who_hurries_counts_the_words_of_the_user_as_jieba_does(line: str) -> None:
    plain = Segmenter.open([line, "了不起 3"])
    quick = plain.hurried()
    for text in ("中国农业银行的农业", "好的了不起的一天", "这是好的了", "看龘靐吧"):
        assert quick.terms(text) == plain.terms(text)


def test_what_jieba_makes_of_the_users_words_is_kept_and_never_anothers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, text = ["梅河口高新区", "好的了 300000 n"], "在梅河口高新区好的了"
    first = Segmenter.of(words, cache=tmp_path).hurried().terms(text)
    kept = next(tmp_path.glob("own-words*.json"))
    whole = kept.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(tokens, "_tokenizer", None)  # jieba must not be opened
        assert Segmenter.of(words, cache=tmp_path).hurried().terms(text) == first
    for broken in (b"", b"{}", whole.replace(b":", b";"), whole.replace(b"300000", b"1")):
        kept.write_bytes(broken)
        assert Segmenter.of(words, cache=tmp_path).hurried().terms(text) == first
        assert kept.read_bytes() == whole
    other = Segmenter.of(words[:1], cache=tmp_path)
    assert other.hurried().terms(text) == other.terms(text) != first


@pytest.fixture(scope="module")
def hurried(settings: Settings, index: Path) -> tuple[Segmenter, Segmenter]:
    plain = Segmenter.open([fold(line) for line in settings.words], cache=index / "cache")
    return plain, plain.hurried()
