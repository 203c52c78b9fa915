"""The recipe, on a corpus small enough to check by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
import zstandard
from click.testing import CliRunner

from retrieval.cutters import Cutter, LongestWords
from retrieval.encoder import StaticEncoder, open_encoder
from retrieval.errors import JiwenError
from retrieval.settings import EncoderSettings
from retrieval.training import everyday
from retrieval.training.__main__ import main
from retrieval.training.corpus import PAIRS, TEXTS, Pair, Text, read_pairs, read_texts
from retrieval.training.evaluate import Task, measure, read_questions, read_task
from retrieval.training.evaluate import main as evaluate
from retrieval.training.export import export
from retrieval.training.fit import _alike
from retrieval.training.model import WordTable, contrast, encode
from retrieval.training.samples import Bags, Noise, disturb, epoch, gather
from retrieval.training.start import start_vectors
from retrieval.training.store import Store, build_store
from retrieval.training.topics import TopicOrder
from retrieval.training.vocabulary import choose_words, count_words

NEWS = [
    ("全市植树", "春季植树开始了。干部群众栽下树苗三千棵。城区绿化面积增加。"),
    ("看病报销", "医保报销比例提高。居民住院看病花钱少了。医院窗口直接结算。"),
    ("道路通车", "新修公路建成通车。沿线村民出行方便。工程投资两亿元。"),
    ("冬季供热", "居民家中暖气热了。供热公司开通热线电话。室内温度达标。"),
]


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(zstandard.compress(text.encode()))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The four news items in every file, each five times over so that words are frequent."""
    folder = tmp_path / "corpus"
    for name in TEXTS:
        rows = [{"title": title, "text": text} for title, text in NEWS] * 5
        _write(folder / "text" / f"{name}.jsonl.zst", rows)
    for name in PAIRS:
        _write(
            folder / "pairs" / f"{name}.jsonl.zst",
            [{"query": title, "passage": text} for title, text in NEWS],
        )
    _write(
        folder / "pairs" / "synonyms.jsonl.zst",
        [{"query": "看病", "passage": "医院"}, {"query": "植树", "passage": "绿化"}],
    )
    evaluation = folder / "eval" / "xquad_zh"
    evaluation.mkdir(parents=True)
    with (evaluation / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for i, (_, text) in enumerate(NEWS):
            file.write(json.dumps({"_id": f"d{i}", "title": "", "text": text}) + "\n")
    with (evaluation / "queries.jsonl").open("w", encoding="utf-8") as file:
        for i, (title, _) in enumerate(NEWS):
            file.write(json.dumps({"_id": f"q{i}", "text": title}) + "\n")
    qrels = "".join(f"q{i}\td{i}\t1\n" for i in range(len(NEWS)))
    (evaluation / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + qrels)
    return folder


@pytest.fixture
def cutter(corpus: Path) -> LongestWords:
    texts = ["\n".join((t.title, *t.sentences)) for t in read_texts(corpus)]
    return LongestWords(choose_words(count_words(texts, workers=1), size=400))


@pytest.fixture
def store(corpus: Path, cutter: Cutter) -> Store:
    return build_store(cutter, read_texts(corpus), read_pairs(corpus))


@pytest.fixture
def few_everyday(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two short lists in place of the shipped ones; the lines that begin with 看病 are held out."""
    folder = tmp_path / "everyday"
    folder.mkdir()
    words = "栽树\t植树|绿化\n看病\t住院\n花钱\t投资\n"
    asked = "树种了没\t干部群众栽下树苗三千棵\n看病钱多不\t医保报销比例提高\n"
    (folder / "everyday_words.tsv").write_text(words, encoding="utf-8")
    (folder / "everyday_questions.tsv").write_text(asked, encoding="utf-8")
    monkeypatch.setattr(everyday, "FOLDER", folder)
    monkeypatch.setattr(everyday, "is_held", lambda said: said.startswith("看病"))


def _words(cutter: LongestWords, rows: np.ndarray) -> str:
    return "".join(cutter.listed[int(row)] for row in rows)


def test_vocabulary_keeps_the_frequent_and_few_numbers() -> None:
    counts = Counter({"甲乙": 9, "丙丁": 8, "戊己": 7} | {f"{n}": 100 for n in range(1000, 1700)})
    words = choose_words(counts, size=10_000)
    assert {"甲乙", "丙丁", "戊己"} <= set(words)
    assert sum(word.isdigit() for word in words) == 600
    assert not any(len(word) == 1 and word.isascii() for word in words)
    assert len(set(words)) == len(words)
    small = choose_words(Counter({"甲乙": 9, "丙丁": 8}), size=5)
    assert small == ["甲", "乙", "丙", "丁", "甲乙"]
    assert choose_words(Counter({"甲乙": 4}), size=9) == ["甲乙"]  # its characters are too rare


def test_words_are_counted_as_jieba_cuts_them() -> None:
    counts = count_words(["春季植树开始了。gdp增长5.2%", "春季植树"], workers=1)
    assert counts == {"春季": 2, "植树": 2, "开始": 1, "了": 1, "gdp": 1, "增长": 1, "5": 1, "2": 1}


@pytest.mark.usefixtures("few_everyday")
def test_held_out_lines_are_not_read_for_training() -> None:
    assert list(everyday.read_everyday("everyday", held=True)) == [Pair("everyday", "看病", "住院")]
    read = list(everyday.read_everyday("everyday", held=False))
    assert [(p.query, p.passage) for p in read] == [
        ("栽树", "植树"),
        ("栽树", "绿化"),
        ("花钱", "投资"),
    ]


def test_shipped_everyday_lists_are_sound() -> None:
    for source in everyday.EVERYDAY:
        held, read = (list(everyday.read_everyday(source, held=h)) for h in (True, False))
        assert not {p.query for p in held} & {p.query for p in read}
        assert all(p.query and p.passage and p.query != p.passage for p in (*held, *read))
        assert 0.15 < len({p.query for p in held}) / len({p.query for p in (*held, *read)}) < 0.25


def test_store_holds_each_text_in_its_place(
    corpus: Path, cutter: LongestWords, store: Store
) -> None:
    first = next(read_texts(corpus))
    assert len(store.bodies) == len(TEXTS) * len(NEWS) * 5
    assert len(store.sentences) == 3 * len(store.bodies)
    assert _words(cutter, store.flat[slice(*store.titles[0])]) == first.title
    assert _words(cutter, store.flat[slice(*store.bodies[0])]) == "".join(first.sentences).replace(
        "。", ""
    )
    assert _words(cutter, store.flat[slice(*store.sentences[4])]) == "居民住院看病花钱少了"
    assert store.owner[4] == 1
    assert len(np.unique(store.passages[:, 0])) < len(store.passages)  # equal passages, one slice


def test_store_leaves_unknown_characters_out(cutter: LongestWords) -> None:
    store = build_store(cutter, [Text("official", "", ("植树龘", "绿化"))], [])
    assert _words(cutter, store.flat) == "植树绿化"
    assert store.sentences.tolist() == [[0, 1], [1, 2]]


def test_store_comes_back(store: Store, tmp_path: Path) -> None:
    store.save(tmp_path / "store.npz")
    again = Store.load(tmp_path / "store.npz")
    for name in Store.__slots__:
        np.testing.assert_array_equal(getattr(again, name), getattr(store, name))


def test_question_finds_the_sentences_that_answer(tmp_path: Path) -> None:
    filler = "今天天气很好。" * 40
    paragraph = f"{filler}大桥建成于1963年。{filler}学校也建于1963年。"
    row = {"query": "学校是哪年建的?", "passage": paragraph, "answer": "1963年"}
    for name in PAIRS:
        _write(tmp_path / "pairs" / f"{name}.jsonl.zst", [row])
    pair = next(read_pairs(tmp_path))
    assert pair.passage.endswith("学校也建于1963年。")
    assert "大桥" not in pair.passage
    assert 200 <= len(pair.passage) < 260


def test_missing_corpus_says_which_file(tmp_path: Path) -> None:
    with pytest.raises(JiwenError, match=r"no file .*news_tv\.jsonl\.zst"):
        next(read_texts(tmp_path))


def test_examples_stay_in_their_text(store: Store) -> None:
    batches = epoch(store, np.random.default_rng(3), batch=16)
    bounds = np.concatenate([store.bodies, store.titles, store.queries, store.passages])
    seen = np.concatenate(batches)
    assert all(1 < len(batch) <= 16 for batch in batches)
    assert (seen[:, 0] < seen[:, 1]).all()
    assert (seen[:, 2] < seen[:, 3]).all()
    for start, stop in np.concatenate([seen[:, :2], seen[:, 2:]]):
        assert ((bounds[:, 0] <= start) & (stop <= bounds[:, 1])).any()
    for start, stop, begin, end in seen:  # a query and its passage are of one text or pair
        body = (store.bodies[:, 0] <= begin) & (end <= store.bodies[:, 1])
        if body.any():
            own = np.concatenate([store.titles[body], store.bodies[body]])
            assert ((own[:, 0] <= start) & (stop <= own[:, 1])).any()


def test_epochs_are_seeded(store: Store) -> None:
    def first(seed: int) -> list[list[int]]:
        return [b.tolist() for b in epoch(store, np.random.default_rng(seed), batch=16)]

    assert first(1) == first(1)
    assert first(1) != first(2)


def test_gather_equals_slicing(store: Store) -> None:
    slices = np.array([[3, 7], [0, 1], [5, 5], [2, 4]])
    bags = gather(store, slices)
    assert np.split(bags.flat, bags.starts[1:])[0].tolist() == store.flat[3:7].tolist()
    assert bags.flat.tolist() == [int(x) for a, b in slices for x in store.flat[a:b]]
    assert bags.starts.tolist() == [0, 4, 5, 5]


def test_noise_loses_no_query_and_swaps_only_synonyms() -> None:
    pairs = np.array([[1, 2], [1, 3], [2, 1], [3, 1]])
    first = np.searchsorted(pairs[:, 0], np.arange(11))
    bags = Bags(np.array([1, 4, 5, 2, 6]), np.array([0, 3, 4]))
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        noise = Noise(pairs, first, np.array([9]), drop=0.9, swap=0.5, ask=0.5)
        out = disturb(bags, noise, rng)
        parts = [set(part.tolist()) for part in np.split(out.flat, out.starts[1:])]
        assert len(parts) == 3
        assert parts[0] - {9} <= {1, 2, 3, 4, 5}
        assert parts[1] - {9} <= {1, 2}
        assert parts[2] - {9} == {6}
        seen |= parts[0] | parts[1]
    assert seen == {1, 2, 3, 4, 5, 9}
    quiet = disturb(bags, Noise(pairs, first, np.array([9]), drop=0, swap=0, ask=0), rng)
    assert quiet.flat.tolist() == bags.flat.tolist()
    assert quiet.starts.tolist() == bags.starts.tolist()


def test_start_vectors_know_company(store: Store, cutter: Cutter) -> None:
    rows = start_vectors(store, cutter.n_rows, dimension=16, seed=0)
    assert rows.shape == (cutter.n_rows, 16)
    assert rows.dtype == np.float32
    again = start_vectors(store, cutter.n_rows, dimension=16, seed=0)
    np.testing.assert_array_equal(rows, again)


def test_loss_equals_the_formula() -> None:
    rng = np.random.default_rng(0)
    queries, passages = rng.standard_normal((2, 4, 8)).astype(np.float32) / 4
    same = np.zeros((4, 4), dtype=bool)
    same[0, 1] = True
    scores = np.where(same, -np.inf, queries @ passages.T * 30)
    forth = -np.mean(np.diag(scores) - np.log(np.exp(scores).sum(axis=1)))
    back = -np.mean(np.diag(scores) - np.log(np.exp(scores).sum(axis=0)))
    found = contrast(*(torch.from_numpy(x) for x in (queries, passages, same)))
    assert float(found) == pytest.approx((forth + back) / 2, rel=1e-4)


def test_table_is_gain_times_word_and_characters() -> None:
    start = np.eye(4, dtype=np.float32)
    table = WordTable(start[1:], np.array([0.5, 0.25, 1], dtype=np.float32), ["天", "气", "天气"])
    with torch.no_grad():
        table.chars.copy_(torch.tensor([[0.0, 2, 0, 0], [0, 0, 2, 0]]))
    rows = table().detach().numpy()
    expected = [[0, 1.5, 0, 0], [0, 0, 0.75, 0], [0, 1, 1, 1]]
    np.testing.assert_allclose(rows, expected, atol=1e-6)
    vectors = encode(torch.from_numpy(rows), Bags(np.array([0, 1]), np.array([0, 2])))
    np.testing.assert_allclose(vectors[0], np.array([0, 1.5, 0.75, 0]) / 1.5 / 1.25**0.5, atol=1e-6)
    assert vectors[1].tolist() == [0, 0, 0, 0]


def test_sums_and_slopes_equal_embedding_bag() -> None:
    rng = np.random.default_rng(0)
    bags = Bags(rng.integers(0, 6, 12), np.array([0, 0, 5, 11]))  # the first text is empty
    slopes = []
    for sums in (encode, _by_embedding_bag):
        table = torch.from_numpy(np.random.default_rng(1).standard_normal((7, 3), dtype=np.float32))
        vectors = sums(table.requires_grad_(), bags)
        (vectors * torch.arange(12.0).reshape(4, 3)).sum().backward()
        slopes.append((vectors.detach().numpy(), table.grad.numpy()))
    np.testing.assert_allclose(slopes[0][0], slopes[1][0], atol=1e-6)
    np.testing.assert_allclose(slopes[0][1], slopes[1][1], atol=1e-5)


def _by_embedding_bag(table: torch.Tensor, bags: Bags) -> torch.Tensor:
    ids, starts = torch.from_numpy(bags.flat), torch.from_numpy(bags.starts)
    sums = torch.nn.functional.embedding_bag(ids, table, starts, mode="sum")
    return torch.nn.functional.normalize(sums)


def test_measures_equal_a_worked_example(tmp_path: Path) -> None:
    rows = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0]], dtype=np.float32)
    export(tmp_path / "model", ["植树", "医保", "公路"], rows)
    encoder = open_encoder(EncoderSettings(model=str(tmp_path / "model")))
    passages = ("植树", "医保", "公路", "龘")
    right = (frozenset({0}), frozenset({2}), frozenset({3}))
    task = Task("", ("植树", "医保", "植树"), passages, right)
    # 植树 is first; 公路 is second after 医保; 龘 has no vector: last of four, tied with 医保.
    score = measure(encoder, task)
    assert score.hit_1 == pytest.approx(1 / 3)
    assert score.hit_10 == 1
    assert score.mrr == pytest.approx((1 + 1 / 2 + 1 / 4) / 3)


def test_questions_are_matched_across_the_layout(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "辽源日报\n" + "空" * 500 + "全市共栽\n树 苗三\n千棵。", encoding="utf-8"
    )
    row = {"question": "栽了多少棵?", "evidence": ["全市共栽树苗三千棵"]}
    lost = {"question": "谁说的?", "evidence": ["没有这句话"]}
    lines = "\n".join(json.dumps(r) for r in (row, lost))
    (tmp_path / "q.jsonl").write_text(lines, encoding="utf-8")
    task = read_questions(tmp_path / "q.jsonl", tmp_path, corpus, others=3)
    assert task.queries == ("栽了多少棵?",)
    assert all("全市共栽树苗三千棵" in task.passages[i] for i in task.relevant[0])
    assert len(task.relevant[0]) == 2
    assert len(task.passages) == 6 + 3


@pytest.mark.usefixtures("few_everyday")
def test_one_command_trains_resumes_and_measures(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "model"
    options = ["--corpus", corpus, "--out", out, "--words", 300, "--dimension", 16, "--batch", 8]
    options += ["--threads", 1]
    run = CliRunner().invoke(main, [str(o) for o in [*options, "--epochs", 4]])
    assert run.exit_code == 0, run.output
    encoder = open_encoder(EncoderSettings(model=str(out)))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.dimension == 16
    assert measure(encoder, read_task(corpus / "eval" / "xquad_zh")).hit_1 == 1
    trained = encoder.encode_query("植树")

    again = CliRunner().invoke(main, [str(o) for o in [*options, "--epochs", 4]])
    assert again.exit_code == 0, again.output
    assert "epoch" not in again.stderr  # all four were done
    resumed = open_encoder(EncoderSettings(model=str(out))).encode_query("植树")
    np.testing.assert_array_equal(resumed, trained)

    other = CliRunner().invoke(main, [str(o) for o in [*options, "--epochs", 5]])
    assert other.exit_code == 1
    assert "holds another run" in other.stderr


def test_resumed_run_equals_an_unbroken_one(
    store: Store, cutter: LongestWords, tmp_path: Path
) -> None:
    from retrieval.training.fit import Plan, fit
    from retrieval.training.samples import synonym_noise

    words = cutter.listed
    start = start_vectors(store, len(words), dimension=8, seed=0)
    noise = synonym_noise(store, len(words), np.zeros(0, dtype=np.int64))

    class Stop(Exception):  # noqa: N818 -- a power cut is no error of ours
        pass

    def stop(number: int, loss: float, seconds: float) -> None:
        raise Stop

    def train(folder: Path, *, broken: bool) -> np.ndarray:
        folder.mkdir(exist_ok=True)
        table = WordTable(start, np.ones(len(words), dtype=np.float32), words)
        plan = Plan(epochs=2, batch=16, rate=0.01, seed=0)
        fit(table, store, noise, plan, folder=folder, report=stop if broken else lambda *_: None)
        return np.asarray(table().detach().numpy())

    whole = train(tmp_path / "whole", broken=False)
    with pytest.raises(Stop):
        train(tmp_path / "parts", broken=True)
    np.testing.assert_allclose(train(tmp_path / "parts", broken=False), whole, atol=1e-5)


def test_evaluation_command_prints_model_and_random(
    corpus: Path, tmp_path: Path, cutter: LongestWords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.training.evaluate.SETS", ("xquad_zh",))
    rows = np.random.default_rng(0).standard_normal((cutter.n_rows, 8))
    export(tmp_path / "model", cutter.listed, rows.astype(np.float32))
    run = CliRunner().invoke(evaluate, [str(tmp_path / "model"), "--corpus", str(corpus)])
    assert run.exit_code == 0, run.output
    assert "random" in run.output
    assert run.output.count("xquad_zh") == 2


def test_topics_put_alike_examples_side_by_side(store: Store) -> None:
    rows = np.random.default_rng(0).standard_normal((500, 8)).astype(np.float32)
    bodies = np.repeat(store.bodies[[0, 1, 2, 3]], 64, axis=0)  # four texts, 64 examples of each
    examples = np.concatenate([bodies, bodies], axis=1)
    mixed = examples[np.random.default_rng(1).permutation(len(examples))]
    order = TopicOrder(store, torch.from_numpy(rows))(mixed, np.random.default_rng(2))
    assert sorted(order.tolist()) == list(range(len(mixed)))
    starts = mixed[order][:, 2]
    # k-means may put two of the four texts together, but it takes none apart.
    reach = [np.ptp(np.flatnonzero(starts == start)) for start in np.unique(starts)]
    assert len(reach) == 4
    assert max(reach) < 3 * 64
    assert min(reach) == 63


def test_examples_right_for_each_other_are_no_negatives(store: Store) -> None:
    first, second = store.bodies[0], store.bodies[1]
    batch = np.array(
        [
            [*store.titles[0], *first],
            [*store.titles[0], first[0] + 3, first[1]],  # the same query, the same text
            [*store.titles[1], *second],
            [*store.queries[0], *store.passages[0]],
            [*store.queries[1], *store.passages[1]],
        ]
    )
    same = _alike(batch, store)
    expected = np.zeros((5, 5), dtype=bool)
    expected[0, 1] = expected[1, 0] = True
    assert same.tolist() == expected.tolist()
