"""What an index is fed of many texts at once is what each text's terms are, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SEEDS
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.context import headline_text, lines_of
from retrieval.dead import Dead
from retrieval.entries import entries
from retrieval.errors import PageError
from retrieval.folding import bare_text, fold
from retrieval.inverted import Entry
from retrieval.ledger import Ledger
from retrieval.pages import decode
from retrieval.spelling import Spelt, spell_bigrams, spell_pairs, spell_words
from retrieval.tokens import Segmenter, bigrams, numbers, pairs

SEGMENTER = Segmenter.open(["梅河口高新区 300 nt", "惠民实事 300 n"])
QUICK = SEGMENTER.hurried()
# Blanks of every kind (some of them ends of lines to Python alone), a broken character, and what the
# texts are parted by.
PRINTED = st.lists(
    st.text(
        st.sampled_from(
            "农业发展银行梅河口高新区㐀䶿鿿ab19.,%+-，。 \n\r\x1c\x1e\x1f\u3000㎡“𠮷\ud800"
        ),
        max_size=25,
    ),
    max_size=6,
)


@pytest.mark.parametrize("segmenter", [SEGMENTER, QUICK], ids=["jieba", "rjieba"])
@given(texts=PRINTED)
@example(texts=[])
@example(texts=["", "农业", ""])
@example(texts=["农业\x1e银行", "\x1e", "2.5%农"])
@example(texts=["a\r", "\nb", "农", "业"])
def test_the_words_are_those_of_each_text(segmenter: Segmenter, texts: list[str]) -> None:
    if segmenter is QUICK:  # what came from a file is Unicode
        texts = [text.replace("\ud800", "") for text in texts]
    spelt = spell_words(texts, segmenter)
    found = [[word for word in one.text.split(" ") if word] for one in spelt]
    assert found == [words_of(text) for text in texts]
    assert [one.count for one in spelt] == [len(words_of(text)) for text in texts]


def words_of(text: str) -> list[str]:
    return list(SEGMENTER.terms(text).words)


@given(PRINTED)
def test_the_bigrams_are_those_of_each_text(texts: list[str]) -> None:
    spelt = spell_bigrams(texts)
    assert [one.text.split(" ")[:-1] for one in spelt] == [bigrams(text) for text in texts]
    assert [one.count for one in spelt] == [len(bigrams(text)) for text in texts]


@given(st.lists(PRINTED, max_size=4))
def test_the_pairs_are_those_of_each_group(groups: list[list[str]]) -> None:
    bare = [["".join(line.split()) for line in group] for group in groups]
    spelt = spell_pairs(bare)
    assert [one.text.split(" ")[:-1] for one in spelt] == [sorted(pairs(g)) for g in bare]
    assert [one.count for one in spelt] == [len(pairs(group)) for group in bare]


def plain(ledger: Ledger) -> list[Entry]:
    """What the lexicon stores, passage by passage."""
    found, last = [], ""
    for row, passage, article in ledger.records(range(len(ledger))):
        terms = SEGMENTER.terms(fold(passage.clean.text))
        headline = SEGMENTER.terms(fold(headline_text(article)))
        imprint = article.imprint
        one = Entry.of(row, terms, headline=headline, day=imprint.date, newspaper=imprint.newspaper)
        first = article.id != last
        last = article.id
        held = sorted(pairs([bare_text(line) for line in lines_of(article)])) if first else []
        found.append((one, passage.legibility, first, held))
    return found


def test_the_entries_of_the_pages_are_those_of_each_passage(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger.open(next((index / "shards").glob("*.records")))
    wanted = plain(ledger)
    for batch in (1024, 7):  # articles that go on in the next batch, too
        monkeypatch.setattr("retrieval.entries._BATCH", batch)
        got = list(entries(ledger, QUICK))
        for entry, (one, legibility, first, held) in zip(got, wanted, strict=True):
            stated = (entry.row, entry.day, entry.newspaper, entry.legibility, entry.first)
            assert stated == (one.row, one.day, one.newspaper, legibility, first)
            assert entry.pairs.split() == held
            for field, spelt in one.fields().items():
                own = entry.fields()[field]
                assert (own.text.split(), own.count) == (spelt.text.split(), spelt.count)
    rows = [range(3, 9), range(20, 31)]
    some = list(entries(ledger, QUICK, rows))
    assert [entry.row for entry in some] == [row for one in rows for row in one]
    counts = Dead.of(some)
    assert (
        counts.counts.tolist() == Dead.of(wanted[r][0] for one in rows for r in one).counts.tolist()
    )


def test_numbers_are_terms_of_the_pages_too() -> None:
    texts = []
    for path in sorted(SEEDS.iterdir()):
        try:
            texts.append(fold(decode(path.read_bytes())[0]))
        except PageError:
            continue
    assert any(map(numbers, texts))
    for text, one in zip(texts, spell_words(texts, QUICK), strict=True):
        assert one.text.split() == list(SEGMENTER.terms(text).words)
    assert Spelt.of(["a", "b"]).plus(Spelt("c", 1)) == Spelt("a b c", 3)
