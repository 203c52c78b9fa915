"""The model fitted to an archive: new words, start rows, shares, and what is kept."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import Caller
from hypothesis import given
from hypothesis import strategies as st

from retrieval.cutters import LongestWords
from retrieval.encoder import StaticEncoder
from retrieval.settings import EncoderSettings, Newspaper, Settings
from retrieval.training import newwords
from retrieval.training.adapt import Model, Order, Outcome, Result, adapt
from retrieval.training.compare import gain
from retrieval.training.evaluate import Task
from retrieval.training.export import export
from retrieval.training.growth import grow, moved
from retrieval.training.material import Exam, Item, examine, part, training_texts
from retrieval.training.newwords import find_words
from retrieval.training.record import read_record
from retrieval.wordrows import WordRows

CHARS = "甲乙丙丁戊己庚辛壬癸"
LISTED = [*CHARS, "甲乙", "丙丁", "戊己庚"]


def _rows(n: int, seed: int = 0) -> WordRows:
    return WordRows.quantise(np.random.default_rng(seed).standard_normal((n, 16)).astype("f4"))


# New words


def _brute(cutter: LongestWords, texts: Sequence[str]) -> dict[str, tuple[int, float, float]]:
    """Every sequence of pieces within a run, with its count and measures, counted one by one."""
    runs = [run for text in texts for run in re.findall("(?<![0-9])[一-鿿]+", text)]
    cut = [[run[a:b] for a, b in cutter.words(run)[1]] for run in runs]
    counts: Counter[tuple[str, ...]] = Counter()
    beside: dict[tuple[str, ...], tuple[Counter[object], Counter[object]]] = {}
    edge = 0
    for pieces in cut:
        for a in range(len(pieces)):
            for b in range(a + 1, len(pieces) + 1):
                edge += 2
                found = tuple(pieces[a:b])
                counts[found] += 1
                left, right = beside.setdefault(found, (Counter(), Counter()))
                left[pieces[a - 1] if a else edge] += 1
                right[pieces[b] if b < len(pieces) else edge + 1] += 1
    total = sum(map(len, cut))

    def entropy(counter: Counter[object]) -> float:
        n = sum(counter.values())
        return -sum(c / n * math.log(c / n) for c in counter.values())

    def bits(found: tuple[str, ...]) -> float:
        cuts = [(found[:i], found[i:]) for i in range(1, len(found))]
        return min(math.log2(counts[found] * total / (counts[a] * counts[b])) for a, b in cuts)

    return {
        "".join(found): (n, bits(found), min(map(entropy, beside[found])))
        for found, n in counts.items()
        if n >= 3
        and len(found) > 1
        and len("".join(found)) <= 8
        and any(len(piece) == 1 for piece in found)
    }


@given(
    st.lists(st.text(CHARS + "5,", max_size=30), max_size=12), st.floats(-1, 3), st.floats(0, 1.5)
)
def test_new_words_are_those_that_counting_one_by_one_finds(
    texts: list[str], bits: float, entropy: float
) -> None:
    cutter = LongestWords(LISTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(newwords, "MIN_BITS", bits)
        patch.setattr(newwords, "MIN_ENTROPY", entropy)
        found = find_words(cutter, texts, most=10_000)
    assert len({word.text for word in found}) == len(found)
    expected = _brute(cutter, texts)
    for word in found:
        count, in_bits, free = expected[word.text]
        assert word.count == count
        assert word.bits == pytest.approx(in_bits)
        assert word.entropy == pytest.approx(free, abs=1e-9)
    slack = 1e-9
    sure = {w for w, (_, b, e) in expected.items() if b > bits + slack and e > entropy + slack}
    assert sure <= {word.text for word in found}


def test_a_name_is_found_and_a_phrase_is_not() -> None:
    cutter = LongestWords([*"王小明李在和了的说去来看市民", "市民", "来看"])
    texts = [
        "王小明说市民来看",
        "市民和王小明去了",
        "李说王小明来看",
        "市民看王小明了",
        "王小明,和李的市民",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(newwords, "MIN_BITS", 2.0)
        found = [word.text for word in find_words(cutter, texts, most=9)]
        joined = ["看山的水,山的水去,来山的水", "市民山的水看"]  # together, and free, but no name
        assert find_words(LongestWords([*"看山的水去来市民"]), joined, most=9) == []
    assert found == ["王小明"]
    assert find_words(cutter, [], most=9) == []


# Rows of new words


@given(st.lists(st.sampled_from(["甲丙", "壬癸", "甲乙癸", "戊己庚", "丁", "2", ","]), max_size=12))
def test_words_cut_out_of_whole_pieces_leave_the_vectors_as_they_were(parts: list[str]) -> None:
    rows = _rows(len(LISTED))
    old = StaticEncoder(LongestWords(LISTED), rows, EncoderSettings(), Path())
    cutter, grown = grow(LongestWords(LISTED), rows, ["甲丙", "壬癸", "甲乙癸"])
    new = StaticEncoder(cutter, grown, EncoderSettings(), Path())
    text = ",".join(parts)
    np.testing.assert_allclose(new.encode_query(text), old.encode_query(text), atol=0.02)
    assert len(new.words("甲乙癸")) == 1 < len(old.words("甲乙癸"))


def test_words_that_are_listed_or_no_two_pieces_get_no_row() -> None:
    rows = _rows(len(LISTED))
    cutter, grown = grow(LongestWords(LISTED), rows, ["甲乙", "龘龘", "龘甲", "", "壬癸", "壬癸"])
    assert cutter.listed == (*LISTED, "壬癸")
    assert len(grown) == len(LISTED) + 1
    assert np.array_equal(grown.stored[: len(rows)], rows.stored)
    assert np.array_equal(grown.scale[: len(rows)], rows.scale)


@given(st.integers(0, 999), st.sets(st.integers(0, 12)))
def test_no_way_from_the_start_is_the_old_model_to_the_byte(seed: int, places: set[int]) -> None:
    rows = _rows(13, seed)
    at = np.array(sorted(places), dtype=np.int64)
    target = np.random.default_rng(seed + 1).standard_normal((len(at), 16)).astype(np.float32)
    same = moved(rows, at, target, alpha=0.0)
    assert same.stored.tobytes() == rows.stored.tobytes()
    np.testing.assert_allclose(same.scale, rows.scale, rtol=1e-6)
    whole = moved(rows, at, target, alpha=1.0)
    np.testing.assert_allclose(whole.take(at.tolist()), target, atol=0.05)
    others = sorted(set(range(13)) - places)
    assert np.array_equal(whole.take(others), rows.take(others))


# Shares and questions


def _item(number: int, story: str | None = None) -> Item:
    body = f"第{number}号工程昨日在城东开工建设。总投资{number}万元整,明年完工。"
    return Item(story or f"p/a{number}", f"{number}号工程开工", body, (body,))


@given(st.lists(st.integers(0, 60), max_size=80), st.integers(0, 5))
def test_no_story_is_in_two_shares_and_none_held_out_is_learnt(
    numbers: list[int], seed: int
) -> None:
    items = [_item(i, f"p/a{story}") for i, story in enumerate(numbers)]
    shares = part(items, seed=seed)
    assert sorted(shares.all, key=lambda i: items.index(i)) == items
    stories = [{item.story for item in share} for share in (shares.train, shares.dev, shares.test)]
    assert sum(map(len, stories)) == len(set.union(*stories))
    learnt = "".join(text.title + "".join(text.sentences) for text in training_texts(shares))
    for item in (*shares.dev, *shares.test):
        assert f"第{item.title.split('号')[0]}号" not in re.findall(r"第\d+号", learnt)
    more = part([*items, _item(99, "p/a99")], seed=seed)
    assert set(shares.test) <= set(more.test)


def test_questions_stand_in_no_passage_that_is_looked_through() -> None:
    items = [_item(i) for i in range(300)] + [
        _item(300),
        Item("p/x", "300号工程开工", "短", ("短",)),
    ]
    shares = part(items, seed=1)
    exam = examine(shares, shares.test, seed=1)
    sentences = exam.tasks[1]
    assert len(shares.test) > 30
    everything = examine(shares, shares.all, seed=1).tasks[0].queries
    assert "299号工程开工" in everything
    assert "300号工程开工" not in everything  # two stories bear it
    assert len(sentences.queries) == len(shares.test)
    for query, right in zip(sentences.queries, sentences.relevant, strict=True):
        assert not any(query in text for text in sentences.passages)
        (place,) = right
        assert {"第": "总", "总": "第"}[query[0]] == sentences.passages[place][0]


def test_the_gain_equals_a_bootstrap_drawn_one_by_one() -> None:
    stories = tuple("abcdefgh")
    task = Task("t", stories, ("",), (frozenset([0]),) * 8)
    exam = Exam((task, task), (stories, stories))
    before = (np.array([1, 2, 4, 8, 1, 3, 9, 2]), np.array([2, 2, 2, 2, 5, 5, 5, 5]))
    after = (np.array([1, 1, 2, 8, 2, 1, 3, 2]), np.array([1, 2, 1, 3, 5, 4, 5, 9]))
    found = gain(exam, before, after, seed=0)
    per = sum(1 / a - 1 / b for a, b in zip(after, before, strict=True))
    assert found.mean == pytest.approx(per.sum() / 16)
    rng = np.random.default_rng(5)
    means = [per[rng.integers(0, 8, 8)].sum() / 16 for _ in range(20_000)]
    low, high = np.percentile(means, [2.5, 97.5])
    assert found.low == pytest.approx(low, abs=0.01)
    assert found.high == pytest.approx(high, abs=0.01)
    assert gain(exam, before, before, seed=0).low == 0


# The whole command

PLACES = [
    "清河",
    "松江",
    "白石",
    "青山",
    "龙泉",
    "金沙",
    "柳林",
    "石桥",
    "平川",
    "云岭",
    "长丰",
    "安源",
]
THINGS = [
    "大桥",
    "公路",
    "学校",
    "医院",
    "水库",
    "车站",
    "公园",
    "市场",
    "工厂",
    "剧院",
    "粮仓",
    "码头",
]
DOINGS = ["开工", "通车", "竣工", "招标", "扩建", "检修", "启用", "改造", "验收", "奠基"]
WHOSE = ["市里的", "居民", "负责人", "总", "工程", "设施", "各界"]
SAYS = ["介绍", "将", "还", "总", "由"]


def _archive(folder: Path, n: int) -> Path:
    """Reports of ``n`` works; a thing is called otherwise in the body than in the headline."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    rows = []
    for number in range(n):
        place, thing, doing = (str(rng.choice(words)) for words in (PLACES, THINGS, DOINGS))
        alias = "".join(chr(ord(c) + 1) for c in thing)
        who = f"{WHOSE[number % 7]}黎小淀{SAYS[number // 20 % 5]}" if number % 20 == 0 else "负责人"
        day, much = 1 + number % 28, 100 + number
        text = (
            f"本报讯{day}日,{place}的{alias}工程举行仪式,各界群众到场。{alias}总投资{much}万元,由市里拨款建成。"
            f"{who}介绍,{alias}将方便{place}居民的生活。下一步,{alias}还要完善第{number}号设施。"
        )
        rows.append({"title": f"{place}{thing}{doing}", "text": text})
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "rows.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model of single characters, and some words, in random directions."""
    said = "本报讯日的工程举行仪式各界群众到场总投资万元由市里拨款建成负责人介绍将方便居民的生活下一步还要完善第号设施黎小淀"
    words = [*PLACES, *THINGS, *DOINGS, "工程", "仪式", "总投资"]
    chars = dict.fromkeys("".join(words) + "".join(chr(ord(c) + 1) for c in "".join(THINGS)) + said)
    listed = list(dict.fromkeys([*chars, *words]))
    rows = np.random.default_rng(0).standard_normal((len(listed), 32)).astype(np.float32)
    export(tmp_path / "start", listed, rows)
    return tmp_path / "start"


def _config(tmp_path: Path, model: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "jiwen.toml").write_text(f"[encoder]\nmodel = {json.dumps(str(model))}\n")
    return folder


def test_the_command_keeps_a_better_model_and_says_how_to_use_it(
    call: Caller, tmp_path: Path, model: Path
) -> None:
    seeds, index = _archive(tmp_path / "seeds", 400), tmp_path / "index"
    named = ("--seeds", seeds, "--index", index)
    config = _config(tmp_path, model)
    before = (config / "jiwen.toml").read_bytes()
    done = call("adapt", *named, "--config", config, "--minutes", 2)
    assert done.code == 0, done.err
    assert "更好, 已保留" in done.out
    assert (config / "jiwen.toml").read_bytes() == before
    lines = done.out[done.out.index("[encoder]") :]
    (config / "jiwen.toml").write_text(lines, encoding="utf-8")
    kept = index / "model"
    assert "黎小淀" in (kept / "0_WordEmbedding" / "vocabulary.txt").read_text(encoding="utf-8")
    assert "400 articles" in (kept / "README.md").read_text(encoding="utf-8")
    assert read_record(kept) is not None
    assert call("index", *named, "--config", config).code == 0
    seen = call("doctor", *named, "--config", config)
    assert "按 400 篇文章调整过" in seen.out
    again = call("adapt", *named, "--config", config, "--json")  # over the model in use
    (row,) = again.rows
    assert again.code == (0 if row["kept"] else 1)
    assert not list(index.glob("*.new"))


def test_json_states_the_figures_and_what_was_written(
    call: Caller, tmp_path: Path, model: Path
) -> None:
    seeds, out = _archive(tmp_path / "seeds", 300), tmp_path / "mine"
    config = _config(tmp_path, model)
    done = call("adapt", "--seeds", seeds, "--config", config, "--out", out, "--json")
    (row,) = done.rows
    assert (done.code, row["kept"], row["result"]) == (0, True, "kept")
    assert row["model"] == str(out)
    assert row["articles"]["read"] == 300
    assert sum(row["articles"].values()) == 600
    assert row["gain"]["low"] > 0
    for task in ("headlines", "sentences"):
        assert set(row["before"][task]) == set(row["after"][task]) == {"hit_1", "hit_10", "mrr"}
    assert row["after"]["headlines"]["mrr"] > row["before"]["headlines"]["mrr"]
    assert not (tmp_path / ".jiwen").exists()


def test_what_is_no_better_is_not_kept(call: Caller, tmp_path: Path, model: Path) -> None:
    seeds, out = _archive(tmp_path / "seeds", 250), tmp_path / "mine"
    config = _config(tmp_path, model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrieval.training.adapt._RESERVE", 1e9)  # no time to train at all
        done = call("adapt", "--seeds", seeds, "--config", config, "--out", out)
    assert (done.code, out.exists()) == (1, False)
    assert "不保留, 仍用原来的模型" in done.out
    assert "[encoder]" not in done.out


def test_rows_that_unteach_how_people_ask_are_not_taken(tmp_path: Path, model: Path) -> None:
    seeds, settings = _archive(tmp_path / "seeds", 250), Settings(EncoderSettings(str(model)))
    order = Order(tmp_path / "mine", 2.0, 0, "2021-01-27")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrieval.training.adapt._EVERYDAY_LOSS", -1.0)  # nothing is good enough
        outcome = adapt(seeds, settings, order, progress=lambda *_: None)
    assert (outcome.result, outcome.alpha) == (Result.NO_BETTER, 0.0)
    assert not order.out.exists()


def test_few_articles_are_too_little_to_learn_from(
    call: Caller, tmp_path: Path, model: Path
) -> None:
    seeds, out = _archive(tmp_path / "seeds", 199), tmp_path / "mine"
    options = ("--seeds", seeds, "--config", _config(tmp_path, model), "--out", out)
    done = call("adapt", *options)
    assert (done.code, out.exists()) == (1, False)
    assert "199 篇" in done.out
    assert "太少" in done.out
    assert call("adapt", *options, "--json").rows[0]["result"] == "too-little"


def test_other_models_are_refused(call: Caller, tmp_path: Path) -> None:
    other = tmp_path / "transformer"
    other.mkdir()
    kind = "sentence_transformers.models.Transformer"
    modules = [{"idx": 0, "name": "0", "path": "", "type": kind}]
    (other / "modules.json").write_text(json.dumps(modules))
    config = _config(tmp_path, other)
    seeds = _archive(tmp_path / "seeds", 3)
    done = call("adapt", "--seeds", seeds, "--config", config, "--out", tmp_path / "mine")
    assert "only a static model" in done.complaint
    assert str(other) in done.complaint


def test_a_folder_that_holds_something_else_is_left_alone(
    call: Caller, tmp_path: Path, model: Path
) -> None:
    config = _config(tmp_path, model)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letters.txt").write_text("kept")
    done = call("adapt", "--seeds", tmp_path, "--config", config, "--out", mine)
    assert "give another --out" in done.complaint
    assert (mine / "letters.txt").read_text() == "kept"


def test_names_of_the_settings_get_rows_and_the_same_seed_the_same_model(
    tmp_path: Path, model: Path
) -> None:
    seeds = _archive(tmp_path / "seeds", 250)
    papers = (Newspaper("清河日报", places=("清河市",)),)
    settings = Settings(
        encoder=EncoderSettings(model=str(model)), newspapers=papers, words=("黎海滨 9 nr", "河工")
    )

    def fit(name: str) -> tuple[Outcome, bytes]:
        order = Order(tmp_path / name, 2.0, 0, "2021-01-27")
        outcome = adapt(seeds, settings, order, progress=lambda *_: None)
        weights = tmp_path / name / "0_WordEmbedding" / "model.safetensors"
        return outcome, weights.read_bytes()

    (one, first), (two, second) = fit("one"), fit("two")
    assert one.result is Result.KEPT
    assert (one, first) == (two, second)
    # 报 is listed, 滨 and 海 are not: a name that is not spelt in two pieces has nothing to start from.
    assert {"清河日报", "清河市"} <= set(one.words)
    old = Model.open(settings.encoder)
    new = Model.open(EncoderSettings(model=str(tmp_path / "one")))
    assert new.cutter.listed[: len(old.cutter.listed)] == old.cutter.listed
