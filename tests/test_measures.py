"""Measures against values worked by hand, and against the scoring script in a few lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import JiwenError
from retrieval.measures import (
    Question,
    below,
    found,
    groups_of,
    marked,
    measure,
    read_floors,
    read_questions,
    shows,
    sliced,
)
from retrieval.records import Answer, Query, Quote, Source, Span, Verdict


def quote(text: str, *highlights: Span, file: str = "a.txt", at: int = 5) -> Quote:
    return Quote(
        text=text,
        highlights=highlights,
        spans=((at, at + len(text)),),
        source=Source(file, None, None, None, None, (), (1, 1)),
        passage_id=f"{file}/a1/p1",
        article_id=f"{file}/a1",
        cite="",
        score=1.0,
    )


def answer(verdict: Verdict, *quotes: Quote) -> Answer:
    return Answer(Query("", "", ()), verdict, None, 0.5, quotes, "g", 1.0)


TREES = Question("栽了多少?", "fact", "a.txt", ("2677棵", "23个品种"))
SCHOOL = Question("哪所?", "fact", "a.txt", ("十四中学",))
NEAR = Question("延吉栽了多少?", "none", None, (), "near-miss: other town")
FAR = Question("怎么做饭?", "none", None, (), "off-topic")


@pytest.mark.parametrize(
    ("quotes", "share"),
    [
        ([quote("栽树2677棵")], 0.5),
        ([quote("23个品种总计2677棵")], 1.0),
        ([quote("栽树2677棵"), quote("共23个品种")], 1.0),
        ([quote("栽树26 77\n棵")], 0.5),
        ([quote("栽树267棵")], 0.0),
        ([quote("23个品种总计2677棵", file="b.txt")], 0.0),
        ([quote("23个品种总计2677棵", file="年/a.txt")], 1.0),
        ([quote("23个品种总计2677棵", file="a.txt/b.txt")], 0.0),
        ([], 0.0),
    ],
)
def test_found_is_the_share_of_the_gold_strings_shown(quotes: list[Quote], share: float) -> None:
    assert found(TREES, quotes) == share


@pytest.mark.parametrize(
    ("highlights", "inside"),
    [([(2, 7)], True), ([(0, 7)], True), ([(0, 2), (2, 7)], True), ([(3, 7)], False), ([], False)],
)
def test_marked_is_a_gold_string_inside_one_highlight(highlights: list[Span], inside: bool) -> None:
    assert marked(TREES, quote("栽树2677棵树苗", *highlights)) is inside


def test_the_measures_equal_the_table_worked_by_hand() -> None:
    whole = quote("23个品种总计2677棵", (0, 13))
    table = measure(
        [TREES, TREES, SCHOOL, NEAR, FAR],
        [
            answer(Verdict.ANSWERED, whole),  # found, marked, right
            answer(Verdict.ANSWERED, quote("2677棵"), quote("23个品种")),  # half, then whole
            answer(Verdict.RELATED, quote("走进十四中学", (0, 2))),  # found, but not said so
            answer(Verdict.RELATED, quote("四平栽树")),  # a near miss: enough not to answer
            answer(Verdict.RELATED, quote("做饭")),  # off topic: wrong to show anything
        ],
    )
    assert table.groups == {
        "fact": {
            "n": 3.0,
            "found@1": pytest.approx((1 + 0.5 + 1) / 3),
            "found@3": 1.0,
            "right": pytest.approx(1 / 3),
            "marked": 0.5,
        },
        "answerable": table.groups["fact"],
        "none": {"n": 2.0, "right": 0.5},
        "none/near-miss": {"n": 1.0, "right": 1.0},
        "none/off-topic": {"n": 1.0, "right": 0.0},
    }
    assert table.verdicts["answerable"] == {"answered": 2, "related": 1, "none": 0}
    assert table.verdicts["none/near-miss"] == {"answered": 0, "related": 1, "none": 0}
    assert table.proven == 1
    # Of five answers, all of confidence .5, two state the whole answer in their first quote.
    assert [(b.n, b.confidence, b.right) for b in table.reliability.bins] == [(5, 0.5, 0.4)]
    assert table.reliability.ece == pytest.approx(0.1)
    assert table.reliability.brier == pytest.approx(0.25)
    assert (table.latency.p50_ms, table.latency.p95_ms) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("note", "groups"),
    [
        ("near-miss: other town", ("none", "none/near-miss")),
        ("off-topic：别的", ("none", "none/off-topic")),
        (None, ("none",)),
    ],
)
def test_a_question_without_an_answer_is_grouped_by_its_note(
    note: str | None, groups: tuple[str, ...]
) -> None:
    assert groups_of(Question("?", "none", note=note)) == groups


def test_slices_are_measured_apart_and_hold_what_can_be_answered() -> None:
    run = [answer(Verdict.ANSWERED, quote("十四中学")), answer(Verdict.NONE), answer(Verdict.NONE)]
    assert sliced([SCHOOL, SCHOOL, FAR], run, ["b", "a", "a"]) == {
        "a": {"n": 1.0, "found@1": 0.0, "found@3": 0.0, "right": 0.0},
        "b": {"n": 1.0, "found@1": 1.0, "found@3": 1.0, "right": 1.0, "marked": 0.0},
    }
    assert sliced([SCHOOL], run[:1], [None]) == {}


def test_a_gold_string_is_shown_in_any_of_its_forms() -> None:
    two = Question("?", "fact", "a.txt", ("十四中学", "甲"), variants=(("十西中学",), ()))
    assert shows(two, "走进十西 中学", "a.txt") == [True, False]
    assert marked(two, quote("走进十西中学", (2, 6)))


def test_floors_are_read_by_group(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text('[fact]\n"found@1" = 0.5\n[all]\nproven = 1\n', encoding="utf-8")
    assert read_floors(path) == {"fact": {"found@1": 0.5}, "all": {"proven": 1.0}}
    path.write_text("fact = 0.5", encoding="utf-8")
    with pytest.raises(JiwenError, match=r"floors\.toml"):
        read_floors(path)
    with pytest.raises(JiwenError, match=r"none\.toml"):
        read_floors(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("verdict", "near", "far"),
    [(Verdict.ANSWERED, 0, 0), (Verdict.RELATED, 1, 0), (Verdict.NONE, 1, 1)],
)
def test_what_cannot_be_answered_is_right_to_refuse(verdict: Verdict, near: int, far: int) -> None:
    for question, right in ((NEAR, near), (FAR, far)):
        assert measure([question], [answer(verdict)]).groups["none"]["right"] == right


def test_only_the_first_three_quotes_count() -> None:
    others = [quote("无") for _ in range(3)]
    table = measure([SCHOOL], [answer(Verdict.ANSWERED, *others, quote("十四中学"))])
    assert table.groups["fact"]["found@3"] == 0


@pytest.mark.parametrize(
    ("text", "spans", "sound"),
    [
        ("一二", ((0, 2),), 1),
        ("一二", ((0, 1), (5, 6)), 1),
        ("一二", ((0, 3),), 0),
        ("一二", (), 0),
        ("字" * 300, ((0, 300),), 1),
        ("字" * 301, ((0, 301),), 0),
    ],
)
def test_proven_is_the_share_of_quotes_whose_ranges_add_up(
    text: str, spans: tuple[Span, ...], sound: float
) -> None:
    source = quote("").source
    one = Quote(text, (), spans, source, "", "", "", 1.0)
    assert measure([FAR], [answer(Verdict.NONE, one)]).proven == sound


def test_every_question_has_one_answer() -> None:
    with pytest.raises(ValueError, match="zip"):
        measure([FAR, NEAR], [answer(Verdict.NONE)])


# --- the scoring script of the question sets, in a few lines


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def script_found(gold: Question, quotes: tuple[Quote, ...]) -> float:
    shown = [bare(q.text) for q in quotes if q.source.file.endswith(str(gold.file))]
    hits = [any(bare(a) in text for text in shown) for a in gold.answers]
    return sum(hits) / len(hits)


def script_marked(gold: Question, shown: Quote) -> bool:
    parts = [bare(shown.text[a:b]) for a, b in shown.highlights]
    return any(bare(a) in part for a in gold.answers for part in parts)


def script(golds: list[Question], run: list[Answer]) -> dict[str, float | None]:
    pairs = list(zip(golds, run, strict=True))
    asked = [(g, r) for g, r in pairs if g.type != "none"]
    refused = [
        float(r.verdict != "answered" if "near" in (g.note or "").lower() else r.verdict == "none")
        for g, r in pairs
        if g.type == "none"
    ]
    first = [(g, r, script_found(g, r.quotes[:1])) for g, r in asked]
    return {
        "found@1": mean([f for _, _, f in first]),
        "found@3": mean([script_found(g, r.quotes[:3]) for g, r in asked]),
        "right": mean([float(r.verdict == "answered" and f == 1) for _, r, f in first]),
        "marked": mean([float(script_marked(g, r.quotes[0])) for g, r, f in first if f == 1]),
        "refused": mean(refused),
    }


FILES = st.sampled_from(["a.txt", "b.txt"])
PRINTED = st.text(st.sampled_from("一二三 \n"), max_size=6)
GOLD = st.builds(
    Question,
    st.just("?"),
    st.sampled_from(["fact", "list"]),
    FILES,
    st.lists(st.sampled_from(["一", "一二", "二 三", "三一"]), min_size=1, max_size=3).map(tuple),
) | st.sampled_from([NEAR, FAR])
QUOTES = st.builds(
    lambda text, file, ends: quote(text, (min(ends), max(ends)), file=file),
    PRINTED,
    FILES,
    st.tuples(st.integers(0, 6), st.integers(0, 6)),
)
ANSWERS = st.builds(
    lambda verdict, quotes: answer(verdict, *quotes),
    st.sampled_from(Verdict),
    st.lists(QUOTES, max_size=4),
)


@settings(deadline=None)  # the first call of numpy may be slow
@given(st.lists(st.tuples(GOLD, ANSWERS)))
def test_the_measures_agree_with_the_scoring_script(pairs: list[tuple[Question, Answer]]) -> None:
    golds, run = [g for g, _ in pairs], [r for _, r in pairs]
    groups = measure(golds, run).groups
    ours = {**groups.get("answerable", {}), "refused": groups.get("none", {}).get("right")}
    for name, value in script(golds, run).items():
        assert ours.get(name) == pytest.approx(value), name


# --- floors and files


def test_what_falls_below_its_floor_is_named() -> None:
    table = measure([SCHOOL], [answer(Verdict.ANSWERED, quote("十三中学"))])
    short = ["fact found@1 0.000 is below its floor 0.5"]
    assert below(table, {"fact": {"found@1": 0.5}, "all": {"proven": 1.0}}) == short
    assert below(table, {"fact": {"found@1": 0.0, "marked": 0.9}, "why": {"right": 1.0}}) == []


def test_questions_are_read_in_order_and_empty_lines_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    rows = [{"question": "一?", "id": "x"}, {"question": "二?", "type": "none", "note": "near"}]
    path.write_text("\n\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    assert read_questions(path) == [
        Question("一?", id="x"),
        Question("二?", "none", note="near"),
    ]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"file": "a.txt"}', b"\xff\xfe", None])
def test_a_file_that_is_no_question_set_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(JiwenError, match=r"questions\.jsonl"):
        read_questions(path)
