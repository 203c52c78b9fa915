"""Runs and qrels in the form of TREC."""

from __future__ import annotations

from dataclasses import replace

from retrieval.archive import Archive
from retrieval.measures import Question
from retrieval.qrels import judged, qids, qrels_lines, relevant, run_lines, slices
from retrieval.records import Answer, CleanText, Part, Passage, Query, Quote, Source, Verdict


def passage(text: str, nth: int = 1, file: str = "a.txt") -> Passage:
    return Passage(
        f"{file}/a1/p{nth}", f"{file}/a1", Part.BODY, 0, CleanText(text, ((0, len(text)),))
    )


def quote(passage_id: str, score: float) -> Quote:
    source = Source("a.txt", None, None, None, None, (), (1, 1))
    return Quote("字", (), ((0, 1),), source, passage_id, "a.txt/a1", "", score)


def test_a_passage_is_relevant_that_holds_an_evidence_or_all_answers() -> None:
    gold = Question("?", "list", "a.txt", ("甲乙", "丙丁"), evidence=("说了戊己",))
    own = [
        passage("甲 乙和丙丁", 1),
        passage("只有甲乙", 2),
        passage("他说\n了戊己", 3),
        passage("甲乙丙丁", 4, file="b.txt"),
    ]
    assert [p.id for p in relevant(gold, own)] == ["a.txt/a1/p1", "a.txt/a1/p3"]
    assert relevant(Question("?", "none", note="near"), own) == []


def test_qrels_have_four_columns() -> None:
    lines = list(qrels_lines("q1", [passage("甲", file="一 月/a.txt")]))
    assert lines == ["q1 0 一_月/a.txt/a1/p1 1"]


def test_a_run_has_six_columns_each_passage_once_and_falling_scores() -> None:
    quotes = (quote("p1", 0.5), quote("p2", 0.5), quote("p1", 0.4), quote("p3", 0.9))
    answer = Answer(Query("", "", ()), Verdict.ANSWERED, None, 0.5, quotes, "g", 1.0)
    rows = [line.split() for line in run_lines("q1", answer)]
    assert [(row[0], row[1], row[2], row[3], row[5]) for row in rows] == [
        ("q1", "Q0", "p1", "1", "jiwen"),
        ("q1", "Q0", "p2", "2", "jiwen"),
        ("q1", "Q0", "p3", "3", "jiwen"),
    ]
    assert [float(row[4]) for row in rows] == [0.5, 0.4999, 0.4998]
    assert list(run_lines("q1", replace(answer, quotes=()))) == []


def test_an_id_is_one_word() -> None:
    assert qids([Question("?", id="t 1"), Question("?")]) == ["t_1", "q2"]


def test_our_own_questions_have_relevant_passages_and_slices(archive: Archive) -> None:
    gold = [Question("栽了多少?", "fact", "002_4daa403c7feebee2.txt", ("40公顷",))]
    ((one, *_),) = judged(gold, archive.catalogue)
    assert one.id.startswith("002_4daa403c7feebee2.txt/a")
    found = slices(gold, [archive.ask(gold[0].question)], archive.catalogue)
    assert {kind: sum(row["n"] for row in rows.values()) for kind, rows in found.items()} == {
        "page": 1,
        "newspaper": 1,
        "legibility": 1,
    }
