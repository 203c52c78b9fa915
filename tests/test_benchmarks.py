"""The comparison of retrievers: its measures, its intervals, its fast forms, and a run of each."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import zstandard
from benchmarks.encoding.__main__ import main as encoding
from benchmarks.encoding.__main__ import openings, spread, table
from benchmarks.retrievers.__main__ import main as retrievers
from benchmarks.retrievers.late import LateInteraction
from benchmarks.retrievers.scores import MEASURES, estimates, values
from benchmarks.retrievers.sets import Sources, news, passages_of, read_set
from benchmarks.retrievers.systems import SYSTEMS, Signals, _top, fuse, texts_of
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.alignment import Aligner, Asked, met, shares
from retrieval.encoder import StaticEncoder, open_encoder
from retrieval.records import Query
from retrieval.settings import EncoderSettings
from retrieval.tokens import Segmenter
from retrieval.training.corpus import TEXTS
from retrieval.vectors import Scored
from retrieval.weights import shipped

TEXT = (
    "本报讯 1月25日,县卫生健康局介绍,全县设置了14个疫苗接种点。医疗队入驻各接种点,做好应急救治准备。",
    "清河新大桥昨日合龙。大桥全长1200米,总投资3.2亿元,预计年底通车。",
    "柳镇为老人免费体检。活动持续一周,三百多位老人参加。",
    "全市冬季植树2677棵。树木由居民认养,明年春天验收。",
)
SHARING = (*TEXT, TEXT[3] + TEXT[0], TEXT[2] + TEXT[1])  # words that stand in several passages
ASKED = ("接种点设在哪里?", "大桥花了多少钱?", "老年人体检持续多久?", "种了多少棵树?", "柳镇在哪?")


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    found = open_encoder(EncoderSettings())
    assert isinstance(found, StaticEncoder)
    return found


@pytest.fixture(scope="module")
def aligner(encoder: StaticEncoder) -> Aligner:
    return Aligner(encoder, Segmenter.open([]))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder with one labelled set, and news of which every third is too short."""
    folder = tmp_path_factory.mktemp("corpus")
    rows(
        folder / "eval" / "xquad_zh" / "corpus.jsonl",
        [{"_id": f"p{i}", "text": t} for i, t in enumerate(TEXT)],
    )
    rows(
        folder / "eval" / "xquad_zh" / "queries.jsonl",
        [{"_id": f"q{i}", "text": t} for i, t in enumerate(ASKED)],
    )
    (folder / "eval" / "xquad_zh" / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq0\tp0\t1\nq1\tp1\t1\nq2\tp2\t1\nq3\tp3\t1\nq4\tp2\t1\n"
    )
    (folder / "text").mkdir()
    for source in TEXTS:
        lines = [
            {"text": f"{source}第{i}条。" + (TEXT[1] * 8 if i % 3 else "短讯。")} for i in range(30)
        ]
        data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (folder / "text" / f"{source}.jsonl.zst").write_bytes(zstandard.compress(data.encode()))
    return folder


def rows(path: Path, found: Sequence[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in found), "utf-8")


def test_measures_are_those_worked_by_hand() -> None:
    relevant = [frozenset({7}), frozenset({1, 2}), frozenset({5}), frozenset({9})]
    runs = [[7, 3], [4, 1, 3, 2], [], [*range(100, 110), 9]]
    second = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    # nDCG@10, R@1, R@10, R@100, RR@10, Success@10
    want = [
        [1, 1, 1, 1, 1, 1],
        [second, 0, 1, 1, 1 / 2, 1],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0],
    ]
    assert [str(m) for m in MEASURES] == ["nDCG@10", "R@1", "R@10", "R@100", "RR@10", "Success@10"]
    np.testing.assert_allclose(values(runs, relevant), want, atol=1e-6)


def test_an_interval_is_as_wide_as_theory_says() -> None:
    coins = np.tile([0.0, 1.0], 200)[:, np.newaxis]
    (found,) = estimates(coins)
    width = 2 * 1.96 * math.sqrt(0.25 / 400)
    assert found.mean == 0.5
    assert found.low < 0.5 < found.high
    assert found.high - found.low == pytest.approx(width, rel=0.1)


@given(arrays(float, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.floats(0, 1)))
def test_an_interval_lies_within_the_values_and_moves_with_them(found: np.ndarray) -> None:
    for column, one, moved in zip(found.T, estimates(found), estimates(found + 2), strict=True):
        assert column.min() - 1e-9 <= one.low <= one.high <= column.max() + 1e-9
        assert (moved.low, moved.high) == pytest.approx((one.low + 2, one.high + 2))
        assert one.mean == pytest.approx(column.mean())


def slow(aligner: Aligner, asked: Asked) -> list[float]:
    """Late interaction a passage at a time, as the product reads one."""
    meetings = [aligner.align(asked, [text]).meet([(0, len(text))]) for text in SHARING]
    weights = shipped()
    return [float(met(one, weights)[0] @ shares(asked, weights)) for one in meetings]


@pytest.mark.parametrize("question", ASKED)
def test_late_interaction_with_all_is_that_with_each(
    question: str, aligner: Aligner, encoder: StaticEncoder
) -> None:
    terms = tuple(w for w, _, _ in Segmenter.open([]).words(question))
    alike = ((terms[0], "大桥"), (terms[-1], "无此词"))
    asked = aligner.asked(Query(question, question, terms, focus=terms[:1], alike=alike))
    found = LateInteraction(SHARING, encoder).scores(asked)
    np.testing.assert_allclose(found, slow(aligner, asked), atol=2e-3)  # kept in half precision
    assert found.max() > 0


SIGNALS = Signals(
    lexical=[(2, 12.0), (0, 6.0)],
    whole=[(2, 15.0), (1, 3.0)],
    dense=np.array([0.5, 0.25, 0.0, 0.75], dtype=np.float32),
    late=np.array([0.25, 0.5, 0.25, 0.0], dtype=np.float32),
)


@pytest.mark.parametrize(
    ("system", "want"),
    [
        ("bm25", [(2, 12.0), (0, 6.0)]),
        ("bm25-whole", [(2, 15.0), (1, 3.0)]),
        ("dense", [(3, 0.75), (0, 0.5), (1, 0.25), (2, 0.0)]),
        ("late", [(1, 0.5), (0, 0.25), (2, 0.25), (3, 0.0)]),
        # dense ranks 3, 0, 1, 2; lexical ranks 2, 0
        ("fused", [(0, 2 / 62), (2, 1 / 61 + 1 / 64), (3, 1 / 61), (1, 1 / 63)]),
        # 2 late + dense + whole / 30
        ("hybrid", [(1, 1.35), (0, 1.0), (2, 1.0), (3, 0.75)]),
    ],
)
def test_systems_rank_a_toy_as_worked_by_hand(system: str, want: list[tuple[int, float]]) -> None:
    found = SYSTEMS[system](SIGNALS)
    assert [row for row, _ in found] == [row for row, _ in want]
    assert [score for _, score in found] == pytest.approx([score for _, score in want])


@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=40), st.integers(1, 50)
)
def test_the_best_rows_are_those_of_a_whole_sort(scores: list[float], k: int) -> None:
    want = sorted(enumerate(scores), key=lambda pair: (-pair[1], pair[0]))[:k]
    assert _top(np.array(scores, dtype=np.float32), k) == want


def test_a_text_counts_by_its_best_passage() -> None:
    run = [(4, 9.0), (0, 8.0), (3, 7.0), (1, 6.0)]
    assert texts_of(run, np.array([0, 0, 1, 1, 2]), 2) == [2, 0]
    assert texts_of(run, np.array([0, 0, 1, 1, 2]), 9) == [2, 0, 1]


def test_passages_of_a_text_are_all_of_it() -> None:
    texts = [TEXT[0].replace(" ", "") * 5, "短。", TEXT[1] * 9]
    found = list(passages_of(texts))
    assert ["".join(p for i, p in found if i == n) for n in range(3)] == texts
    assert max(len(passage) for _, passage in found) <= 300
    assert [i for i, _ in found] == sorted(i for i, _ in found)
    assert len(found) > len(texts)


def test_questions_stand_among_the_pages_and_news(corpus: Path, tmp_path: Path) -> None:
    page = TEXT[0] * 3
    (tmp_path / "p.txt").write_text(page, encoding="utf-8")
    asked = [
        {"question": "一", "type": "fact", "evidence": [TEXT[0][:30]]},
        {"question": "二", "type": "paraphrase", "evidence": [TEXT[0][20:50]]},
        {"question": "三", "type": "none"},
    ]
    rows(tmp_path / "q.jsonl", asked)
    sources = Sources(corpus, tmp_path / "q.jsonl", tmp_path, 10)
    alone, among = (read_set(name, sources) for name in ("questions-alone", "questions"))
    assert alone.parts == {"questions-alone": (0, 1), "paraphrases-alone": (1,)}
    assert among.parts == {"questions": (0, 1), "paraphrases": (1,)}
    assert among.relevant == alone.relevant
    assert among.passages == (*alone.passages, *news(corpus, 10))
    assert len(among.passages) == len(alone.passages) + 10
    assert all(text.startswith("news_") for text in news(corpus, 24))
    assert len(list(news(corpus, 1000))) == 24  # four tenths of the news, and nothing else


def test_retrievers_are_compared_from_end_to_end(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "table.md"
    arguments = ["--corpus", corpus, "--sets", "xquad", "--systems", "dense,hybrid"]
    run = CliRunner().invoke(retrievers, [*map(str, arguments), "--markdown", str(file)])
    assert run.exit_code == 0, run.output
    head, _, *body = file.read_text(encoding="utf-8").splitlines()
    assert head.startswith("| set | queries | texts | system | nDCG@10 | R@1 |")
    cells = [line.strip("| ").split(" | ") for line in body]
    assert [row[:4] for row in cells] == [
        ["xquad", "5", "4", "dense (builtin)"],
        ["xquad", "5", "4", "hybrid (builtin)"],
    ]
    assert all(row[6] == "1.000 (1.000–1.000)" for row in cells)  # R@10 among four texts
    assert "hybrid" in run.output
    assert head.endswith(" | nDCG@10 less that of bm25 |")


def test_a_gain_is_a_difference_of_two_rows(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "table.md"
    arguments = ["--sets", "xquad", "--systems", "bm25,bm25-whole,late", "--baseline", "bm25-whole"]
    run = CliRunner().invoke(
        retrievers, ["--corpus", str(corpus), *arguments, "--markdown", str(file)]
    )
    assert run.exit_code == 0, run.output
    head, _, *body = file.read_text(encoding="utf-8").splitlines()
    assert head.endswith(" | nDCG@10 less that of bm25-whole |")
    found = {cells[3]: cells for line in body if (cells := line.strip("|").split(" | "))}
    means = {name: float(cells[4].partition(" ")[0]) for name, cells in found.items()}
    gains = {name: cells[-1].partition(" (")[0].strip() for name, cells in found.items()}
    assert gains["bm25-whole"] == ""
    for name in ("bm25", "late (builtin)"):
        assert float(gains[name]) == pytest.approx(means[name] - means["bm25-whole"], abs=1e-3)
    assert float(gains["late (builtin)"]) != 0 or float(gains["bm25"]) != 0


def test_an_unknown_set_is_named(corpus: Path) -> None:
    run = CliRunner().invoke(retrievers, ["--corpus", str(corpus), "--sets", "xquad,nowhere"])
    assert run.exit_code == 2
    assert "nowhere" in run.output


def test_openings_are_long_enough_and_on_one_line(corpus: Path) -> None:
    found = list(openings(corpus, 50))
    assert {len(text) for text in found} == {50}
    assert len(found) == 40  # two thirds of two files


def test_costs_stand_beside_the_last() -> None:
    keys = ("load_s", "loaded_mb", "resident_mb", "peak_mb")
    costs = {
        "fast": [{"rate": rate, **dict.fromkeys(keys, 1.0)} for rate in (900.0, 1200.0, 1000.0)],
        "slow": [{"rate": 2.0, **dict.fromkeys(keys, 3.0)}],
    }
    lines = table(costs).splitlines()
    assert lines[2].startswith("| fast | 1,000 (900–1,200) | 1 (1–1) |")
    assert [line.split(" | ")[-1] for line in lines[2:]] == ["500 |", "1 |"]
    assert spread([0.5, 0.12345, 0.25]) == "0.25 (0.123–0.5)"


@pytest.mark.slow
def test_encoding_is_measured_from_end_to_end(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "costs.md"
    arguments = ["--corpus", str(corpus), "--passages", "16", "--few", "2", "--runs", "1"]
    run = CliRunner().invoke(encoding, [*arguments, "--markdown", str(file)])
    assert run.exit_code == 0, run.output
    *_, builtin, transformer = file.read_text(encoding="utf-8").splitlines()
    assert builtin.startswith("| builtin | ")
    assert transformer.endswith(" | 1 |")
    assert int(builtin.split(" | ")[-1].rstrip(" |").replace(",", "")) > 1


RUN = st.lists(st.integers(0, 30), unique=True).map(lambda rows: [(row, 1.0) for row in rows])


def test_fusion_equals_the_table_worked_by_hand() -> None:
    dense = [(7, 0.9), (3, 0.8), (5, 0.1)]
    lexical = [(3, 12.0), (9, 11.0), (7, 2.0)]
    assert fuse([dense, lexical]) == [
        (3, pytest.approx(1 / 62 + 1 / 61)),  # 0.032522
        (7, pytest.approx(1 / 61 + 1 / 63)),  # 0.032266
        (9, pytest.approx(1 / 62)),  # 0.016129
        (5, pytest.approx(1 / 63)),  # 0.015873
    ]


def test_ties_are_by_row() -> None:
    assert [row for row, _ in fuse([[(9, 1.0)], [(2, 5.0)], [(4, 3.0)]])] == [2, 4, 9]


def test_only_ranks_count() -> None:
    assert fuse([[(1, 100.0), (2, 99.0)]]) == fuse([[(1, 0.2), (2, 0.1)]])


@pytest.mark.parametrize("runs", [[], [[]], [[], []]])
def test_nothing_fused_is_nothing(runs: list[Scored]) -> None:
    assert fuse(runs) == []


@given(RUN)
def test_one_run_keeps_its_order(run: Scored) -> None:
    assert [row for row, _ in fuse([run, []])] == [row for row, _ in run]


@given(st.lists(RUN, max_size=4))
def test_every_row_that_a_run_proposes_is_there_once(runs: list[Scored]) -> None:
    rows = [row for row, _ in fuse(runs)]
    assert sorted(rows) == sorted({row for run in runs for row, _ in run})
