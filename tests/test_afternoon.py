"""The side by side: its windows, its judge, its fusion, and a run with systems of all kinds."""

from __future__ import annotations

import json
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from benchmarks.afternoon import __main__ as afternoon
from benchmarks.afternoon import simple
from benchmarks.afternoon.judge import Articles, measures, mixes
from benchmarks.afternoon.records import Job, Outcome, Reply, Shown, ranked
from benchmarks.afternoon.report import Asked, report
from benchmarks.afternoon.systems import OURS, SYSTEMS, System
from benchmarks.afternoon.windows import windows
from benchmarks.retrievers.fusion import Scored
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.encoder import open_encoder
from retrieval.measures import Question, measure, read_questions
from retrieval.records import Article, CleanText, Kind, Span, Verdict
from retrieval.settings import EncoderSettings

ROOT = Path(__file__).parents[1]
PAGE = "本报讯 全市冬季植树2677棵。\n树木由居民认养。\n\n清河新大桥昨日合龙,总投资3.2亿元。\n"
TREES = Question(question="种了多少棵树?", file="p1.txt", answers=("2677棵", "居民认养"))
BRIDGE = Question(question="大桥花了多少钱?", type="number", file="p1.txt", answers=("3.2亿元",))
NOTHING = Question(question="月球上有水吗?", type="none", note="off-topic")
NEAR = Question(question="大桥叫什么名字?", type="none", note="near-miss: 名字没有写")


def shown(text: str, file: str = "p1.txt", span: Span = (0, 1)) -> Shown:
    return Shown(file, (span,), text)


@given(st.integers(0, 400), st.integers(1, 60), st.data())
def test_windows_tile_a_page_and_share_what_they_should(
    length: int, size: int, data: st.DataObject
) -> None:
    overlap = data.draw(st.integers(0, size - 1))
    found = windows(length, size, overlap)
    assert {at for start, end in found for at in range(start, end)} == {*range(length)}
    for (_, end), (start, after) in pairwise(found):
        assert end - start == overlap
        assert after > end
    assert all(end - start == size for start, end in found[:-1])
    assert all(0 < end - start <= size for start, end in found[-1:])


def test_windows_are_those_worked_by_hand() -> None:
    assert windows(450, 200, 50) == [(0, 200), (150, 350), (300, 450)]
    assert windows(350, 200, 50) == [(0, 200), (150, 350)]
    assert windows(30, 200, 50) == [(0, 30)]


def test_an_answer_is_judged_as_worked_by_hand() -> None:
    half, whole = shown("植树2677棵"), shown("植树26 77\n棵,由居民认养")
    away = shown("植树2677棵,由居民认养", file="p2.txt")
    none, related = Verdict.NONE, Verdict.RELATED
    cases = {
        (half,): (0.5, 0.5, 0, 0),
        (whole,): (1, 1, 1, 0),
        (away, half): (0, 0.5, 0, 0),
        (away, half, whole): (0, 1, 0, 0),
        (away, away, away, whole): (0, 0, 0, 0),
        (): (0, 0, 0, 1),
    }
    for texts, want in cases.items():
        assert (*measures(TREES, ranked(texts)).values(),) == want
    assert measures(TREES, Reply((whole,), related))["right"] == 0
    assert measures(NOTHING, ranked([])) == {"right": 1}
    kept = {
        q.note: [measures(q, Reply((half,), v))["right"] for v in Verdict] for q in (NOTHING, NEAR)
    }
    assert [*Verdict] == [Verdict.ANSWERED, related, none]
    assert [*kept.values()] == [[0, 0, 1], [0, 1, 1]]


def test_the_judge_is_the_one_of_jiwen_eval(archive: Archive) -> None:
    questions = read_questions(ROOT / "tests" / "questions.jsonl")[::6]
    answers = [archive.ask(one.question) for one in questions]
    assert {one.type for one in questions} > {"none", "paraphrase"}
    for question, answer in zip(questions, answers, strict=True):
        texts = [Shown(q.source.file, q.spans, q.text) for q in answer.quotes]
        want = measure([question], [answer]).groups[question.type]
        own = measures(question, Reply(tuple(texts), answer.verdict))
        assert {name: own[name] for name in own if name in want} == {
            name: want[name] for name in want if name in own
        }
        assert {"right"} <= {*own} & {*want}


def test_two_rankings_are_fused_as_worked_by_hand(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    rankings: dict[str, Scored] = {
        "dense": [(3, 9.0), (0, 8.0), (1, 7.0)],
        "words": [(2, 2.0), (0, 1.0)],
    }
    texts = [shown(str(row)) for row in range(4)]
    monkeypatch.setattr(simple, "cut", lambda _: texts)
    monkeypatch.setattr(simple, "_dense", lambda *_: lambda *_: rankings["dense"])
    monkeypatch.setattr(simple, "_bm25", lambda *_: lambda *_: rankings["words"])
    # 0: 1/62 + 1/62; 2 and 3: 1/61 each; 1: 1/63
    assert [one.text for one in simple.both(job)("?").shown] == ["0", "2", "3"]


def test_vectors_rank_as_the_encoder_does(job: Job) -> None:
    ask = simple.vectors(job)
    encoder = open_encoder(EncoderSettings())
    texts = [PAGE[start:end] for start, end in windows(len(PAGE), 20, 5)]
    cosines = encoder.encode_passages(texts) @ encoder.encode_query(BRIDGE.question)
    found = ask(BRIDGE.question).shown
    assert [one.text for one in found] == [texts[row] for row in np.argsort(-cosines)[:3]]
    assert [PAGE[slice(*one.spans[0])] for one in found] == [one.text for one in found]


def test_a_text_mixes_articles_where_it_holds_enough_of_two() -> None:
    articles: Articles = {"p1.txt": [article(0, 100), article(100, 200, 210, 300)]}
    assert not mixes(shown("", span=(0, 109)), articles)
    assert mixes(shown("", span=(0, 110)), articles)
    assert mixes(shown("", span=(90, 110)), articles)
    assert not mixes(shown("", span=(91, 210)), articles)
    assert not mixes(shown("", span=(150, 280)), articles)
    assert not mixes(shown("", file="p2.txt", span=(0, 300)), articles)


def article(*edges: int) -> Article:
    spans = tuple(zip(edges[::2], edges[1::2], strict=True))
    empty = CleanText("", ())
    return Article("p1.txt/a1", "p1.txt", Kind.NEWS, empty, empty, spans, (1, 1))


def test_a_report_says_what_was_worked_by_hand() -> None:
    right, wrong = ranked([shown("由居民认养,2677棵")]), ranked([shown("无"), shown("3.2亿元")])
    silent = Reply((), Verdict.NONE)
    outcomes = {
        OURS: Outcome((right, silent, silent), (0.01, 0.03, 0.02), 1.25, 80.4),
        "simple": Outcome((right, wrong, wrong), (0.001, 0.002, 0.003), 0.5, 60.0),
    }
    asked = Asked({"one": [TREES, BRIDGE], "two": [NOTHING]}, outcomes)
    lines = [line.split(" | ") for line in report(asked, {"p1.txt": []}).splitlines()]
    of = {(line[0].removeprefix("| "), line[2]): line for line in lines if len(line) > 5}
    mean = {key: [cell.partition(" (")[0] for cell in row] for key, row in of.items()}
    assert mean["all", OURS][1:] == [
        "2 + 1",
        OURS,
        ".500",
        ".500",
        "",
        "",
        ".500",
        ".500",
        "1.000",
    ]
    want = [".500", "1.000", "+0.000", "+0.500", ".500", ".000", ".000"]
    assert mean["all", "simple"][3:] == want
    assert mean["number", "simple"][3:6] == [".000", "1.000", "+0.000"]
    assert ["| jiwen", "1.2", "20.0", "80", "11", "0 of 1 |"] in lines
    assert ["| simple", "0.5", "2.0", "60", "4", "0 of 3 |"] in lines


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_has_its_door(name: str) -> None:
    module, _, function = SYSTEMS[name].door.removeprefix("tests.").partition(":")
    assert callable(getattr(import_module(module), function))


FAKE = """
from tests.benchmarks.afternoon.records import ranked
from tests.benchmarks.afternoon.windows import cut

def build(job):
    texts = cut(job)
    return lambda question: ranked(texts[:1])
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Windows of 20 characters of one page."""
    (tmp_path / "pages.jsonl").write_text(json.dumps({"file": "p1.txt", "text": PAGE}), "utf-8")
    model = str(ROOT / "retrieval" / "builtin")
    return Job(str(tmp_path), str(tmp_path / "pages.jsonl"), "", (), model, 20, 5)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page, questions, distractors and a fake system; one system is not installed."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "p1.txt").write_text(PAGE, "utf-8")
    asked = [
        {
            "question": q.question,
            "type": q.type,
            "file": q.file,
            "answers": q.answers,
            "note": q.note,
        }
        for q in (TREES, BRIDGE, NOTHING)
    ]
    write_rows(tmp_path / "asked.jsonl", asked)
    others = [
        {"title": "柳镇体检", "text": "柳镇为老人免费体检\u2028活动持续一周。"},
        {"text": "短讯。"},
    ]
    write_rows(tmp_path / "others.jsonl", others)
    (tmp_path / "fake_system.py").write_text(FAKE, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setitem(SYSTEMS, "fake", System("fake_system:build", {}))
    monkeypatch.setitem(SYSTEMS, "absent", System("x:y", {"no_such_module": "no-such-package"}))
    return tmp_path


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")


def test_a_row_of_distractors_is_a_page(place: Path) -> None:
    (place / "seeds" / "p1.articles.toml").write_text('date = "2021-01-27"', "utf-8")
    assert afternoon.written(place / "seeds", place / "others.jsonl", place / "job") == 3
    rows = map(json.loads, (place / "job" / "pages.jsonl").read_text("utf-8").split("\n")[:-1])
    assert {row["file"]: row["text"] for row in rows} == {
        "others.jsonl#1": "柳镇体检\n柳镇为老人免费体检\u2028活动持续一周。",
        "others.jsonl#2": "短讯。",
        "p1.txt": PAGE,
    }


def test_all_systems_are_asked_alone_and_among_distractors(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*SYSTEMS]:
        if name not in (OURS, "fake", "absent"):
            monkeypatch.delitem(SYSTEMS, name)
    done = CliRunner().invoke(
        afternoon.main,
        [str(place / "asked.jsonl"), "--seeds", str(place / "seeds"), "--chars", "20", "--overlap", "5",
         "--distractors", str(place / "others.jsonl"), "--markdown", str(place / "table.md")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    table = (place / "table.md").read_text("utf-8")
    assert table in done.output
    assert "1 pages, windows of 20 characters, 5 shared" in table
    assert "3 pages, windows of 20 characters, 5 shared" in table
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| asked")]
    assert [row[2] for row in rows] == [OURS, "fake"] * 2
    # The first window of the first page: half of the first answer, nothing of the second; alone.
    ours, alone, among = rows[0], rows[1], rows[3]
    assert float(ours[3].partition(" ")[0]) >= 0.5  # what the bridge cost stands on the page
    assert ours[-1].startswith("1.000")  # and nothing of the moon
    assert alone[-1].startswith(".000")
    assert [row[3].partition(" ")[0] for row in (alone, among)] == [".250", ".000"]
    assert table.endswith("absent was left out: pip install no-such-package")
