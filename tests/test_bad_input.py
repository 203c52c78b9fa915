"""Whatever comes in, one clear line goes out, the right exit code, and nothing is lost."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import SEEDS, Caller, Done, assert_proven

QUESTION = "李文辉是哪个研究院的院长?"


@dataclass(frozen=True)
class Two:
    """Two good pages and their index, and room for a bad one."""

    call: Caller
    seeds: Path
    index: Path

    def jiwen(self, *arguments: object, **more: str) -> Done:
        return self.call(*arguments, "--seeds", self.seeds, "--index", self.index, **more)

    def still_answers(self) -> bool:
        """Whether the good pages are quoted as before."""
        done = self.jiwen("ask", QUESTION, "--json")
        for quote in done.rows[0]["quotes"]:
            assert_proven(quote, self.seeds)
        return "000.txt" in {quote["source"]["file"] for quote in done.rows[0]["quotes"]}


@pytest.fixture
def two(call: Caller, seeds: Path, tmp_path: Path, new_index: Callable[[Path], Path]) -> Two:
    two = Two(call, seeds, new_index(tmp_path))
    assert two.jiwen("index").code == 0
    return two


NOISE = random.Random(1).randbytes(3000)
UNREADABLE = {
    "empty": (b"", "empty"),
    "blank": (b" \t\r\n\xe3\x80\x80\n", "empty"),
    "a byte-order mark": (b"\xef\xbb\xbf", "empty"),
    "UTF-16": ("本报讯 市民植树忙。".encode("utf-16"), "UTF-8"),
    "UTF-16 without ASCII": ("本报讯市民植树忙".encode("utf-16-be"), "UTF-8"),
    "noise": (NOISE.replace(b"\0", b"\1"), "UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL"),
    "NUL in text": ("本报讯\0市民植树忙。".encode(), "NUL"),
    "UTF-8 cut short": ("本报讯市民植树忙。".encode()[:-1], "UTF-8"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_page_that_cannot_be_read_is_named_with_the_reason_and_skipped(
    two: Two, what: str
) -> None:
    data, reason = UNREADABLE[what]
    (two.seeds / "bad page.txt").write_bytes(data)
    (two.seeds / "good.txt").write_text("本报讯 敦化图书馆开放到十点。", encoding="utf-8")
    done = two.jiwen("index")
    assert done.code == 0
    named = [line for line in done.err.splitlines() if "bad page.txt" in line]
    assert len(named) == 1
    assert reason in named[0]
    assert "3 页" in done.err
    again = two.jiwen("index")
    assert "没有改动" in again.err
    assert named[0] in again.err, "it is named as long as it is there"
    listed = two.jiwen("articles", "--json")
    assert listed.code == 0
    assert listed.err.splitlines() == [named[0].removeprefix("跳过 ")]
    assert two.still_answers()


def test_what_only_looks_like_a_page_does_not_stop_the_rest(two: Two) -> None:
    (two.seeds / "folder.txt").mkdir()
    (two.seeds / "dangling.txt").symlink_to(two.seeds / "nowhere")
    (two.seeds / "outside.txt").symlink_to(next(SEEDS.iterdir()))
    (two.seeds / ".hidden.txt").write_text("本报讯 看不见。", encoding="utf-8")
    (two.seeds / "scan.pdf").write_bytes(b"%PDF")
    done = two.jiwen("index", "--full")
    assert done.code == 0
    skipped = [line for line in done.err.splitlines() if line.startswith("跳过 ")]
    assert [line.split(":")[0] for line in skipped] == ["跳过 dangling.txt", "跳过 outside.txt"]
    assert two.still_answers()


def test_a_page_without_permission_is_named_and_skipped(
    two: Two, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    page = two.seeds / "001.txt"
    page.chmod(0)
    with unprivileged():
        done = two.jiwen("index")
        assert two.still_answers()
    page.chmod(0o644)
    assert done.code == 0
    assert "跳过 001.txt: Permission denied" in done.err


def test_broken_lines_of_jsonl_are_named_and_the_others_are_answered(two: Two) -> None:
    lines = [
        '{"text": "敦化市图书馆周末开放到夜里十点半。", "title": "图书馆延时"}',
        "{",
        '"text"',
        "null",
        '{"title": "没有正文"}',
        '{"text": ""}',
        '{"text": 5}',
        '{"text": null, "title": []}',
        "",
        "[" * 100_000,
        '{"text": "\\u672c\\u62a5\\u8baf"}',
        '{"text": "白山客运站增开三班车。", "date": "昨天", "page": {}, "byline": 7}',
    ]
    (two.seeds / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for _ in range(2):
        done = two.jiwen("index")
        assert done.code == 0
        named = [line for line in done.err.splitlines() if "rows.jsonl" in line]
        numbers = [int(line.split("line ")[1].split(":")[0]) for line in named]
        assert numbers == [2, 3, 4, 5, 6, 7, 8, 10, 11]
    given = "敦化市图书馆周末开放到几点?\n白山客运站增开几班车?"
    rows = two.jiwen("ask", "-", given=given).rows
    for row, words in zip(rows, ("十点半", "三班车"), strict=True):
        assert words in row["quotes"][0]["text"]
        assert_proven(row["quotes"][0], two.seeds)
    assert len(two.jiwen("articles", "--page", "rows.jsonl").err.splitlines()) == len(numbers)
    assert two.still_answers()


def test_an_archive_in_which_nothing_is_left_says_so(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "rows.jsonl").write_text("{}\n", encoding="utf-8")
    assert call("index").code == 0
    done = call("ask", "图书馆在哪?", "--json")
    assert done.code == 1
    assert "还没有报纸" in done.rows[0]["reason"]
    assert call("verify").code == 0


ESCAPES = "\x1b[2J\x1b]0;改了标题\x07\x08\x7f\u202e\u200b\x9b31m"


def test_control_characters_of_a_page_never_reach_the_terminal(two: Two) -> None:
    text = f"# 红{ESCAPES}旗镇\n\n本报讯(记者 周{ESCAPES}川)红旗镇{ESCAPES}粮库收储玉米九万吨。\n"
    (two.seeds / "escapes.md").write_text(text, encoding="utf-8")
    assert two.jiwen("index").code == 0
    question = "红旗镇粮库收储玉米多少吨?"
    (row,) = two.jiwen("ask", question, "--json").rows
    assert row["quotes"][0]["source"]["file"] == "escapes.md"
    for quote in row["quotes"]:
        assert_proven(quote, two.seeds)
    outputs = [
        two.jiwen("ask", question),
        two.jiwen("ask", f"{ESCAPES}{question}"),
        two.jiwen("show", "escapes.md"),
        two.jiwen("show", "escapes.md/a1"),
        two.jiwen("articles"),
        two.jiwen("verify", f"粮库{ESCAPES}收储玉米九万吨"),
        two.jiwen("show", ESCAPES),
        two.jiwen("ask", "问", "--newspaper", ESCAPES),
    ]
    for done in outputs:
        assert not set("\x1b\x07\x08\x7f\u202e\x9b") & set(done.out + done.err)
    assert "九万吨" in outputs[0].out


def test_a_megabyte_on_one_line_is_indexed_in_time_and_quoted(two: Two) -> None:
    sentence = "本报讯,第{}号车间今年完成产值{}万元,比去年增长一成,工人们干劲十足。"
    line = "".join(sentence.format(n, n * 7) for n in range(20_000))
    assert len(line.encode()) > 1_000_000
    (two.seeds / "long.txt").write_text(line, encoding="utf-8")
    (two.seeds / "solid.txt").write_text("本报讯" + "植" * 400_000, encoding="utf-8")
    started = time.monotonic()
    assert two.jiwen("index").code == 0
    assert time.monotonic() - started < 60
    (row,) = two.jiwen("ask", "第12345号车间今年完成产值多少万元?", "--json").rows
    assert row["quotes"][0]["source"]["file"] == "long.txt"
    for quote in row["quotes"]:
        assert_proven(quote, two.seeds)
    assert two.still_answers()


ODD = [
    "",
    " ",
    "\u3000",
    "😀",
    "👨‍👩‍👧‍👦🏳️‍🌈",
    "?!。",
    "问" * 10_000,
    "a" * 10_000,
    "' OR 1=1; DROP TABLE pages; --",
    'body:"植树" AND (title:* OR NEAR(a b)) ^2 ~1',
    "植树* OR [a TO z] {x} \\ / + - && || !",
    "%_%",
    "\x1b[31m植树\x00\x07",
    "植\u200b树\u202e多少",
    "\ud7ff\ufffd\ufffe",
    "𠀀𠀁𪚥",
    "Ａ１２３",
    "<b>植树</b>&amp;",
    "[bold]植树[/bold]",
    "-k 3 --json",
    "{}{0}%s%d",
    "植树 " * 100,
    "٣٤٥",
    "nan",
    "2021年13月45日",
    "99999999999999999999年",
]


def test_odd_questions_are_answered_or_refused_with_a_reason(call: Caller, index: Path) -> None:
    given = "\n".join(ODD)
    done = call("ask", "-", "--seeds", SEEDS, "--index", index, given=given)
    assert (done.code, done.err) == (0, "")
    assert len(done.rows) == len(ODD)
    for question, row in zip(ODD, done.rows, strict=True):
        assert row["quotes"] or row["reason"], question
        for quote in row["quotes"]:
            assert_proven(quote, SEEDS)
    assert all(not row["quotes"] for row in done.rows[:8])


@pytest.mark.parametrize("question", ["", "😀", "问" * 10_000, "[/]:smile:", "-"])
def test_an_odd_question_alone_is_exit_code_one_and_a_sentence(
    call: Caller, index: Path, question: str
) -> None:
    done = call("ask", "--seeds", SEEDS, "--index", index, "--", question)
    if question == "-":
        assert (done.code, done.out, done.err) == (0, "", "")
        return
    assert (done.code, done.err) == (1, "")
    assert len(done.out.splitlines()) == 1


def test_a_question_that_begins_with_a_dash_comes_after_two(call: Caller, index: Path) -> None:
    places = ("--seeds", SEEDS, "--index", index)
    assert "No such option" in call("ask", *places, "-延吉恐龙王国占地多少公顷?").complaint
    done = call("ask", *places, "--json", "--", "-延吉恐龙王国占地多少公顷?")
    assert "40公顷" in done.rows[0]["quotes"][0]["text"]


def test_arguments_that_are_no_utf8_are_no_accident(run: Caller, index: Path) -> None:
    places = ("--seeds", SEEDS, "--index", index)
    asked = run("ask", b"\xff\xfe\xe5\xbb\xb6\xe5\x90\x89", "--json", *places)
    assert asked.code in (0, 1)
    assert asked.rows[0]["question"].endswith("延吉")
    assert "no page" in run("show", b"\xd6\xb2\xca\xf7", *places).complaint
    assert run("verify", b"\xd6\xb2\xca\xf7\xff\xff\xff", *places).code == 1
    assert "not a date" in run("ask", "x", "--from", b"\xff", *places).complaint


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["index", "--seeds", "/nowhere"], "/nowhere: no such folder"),
        (["index", "--seeds", "empty"], ".jsonl"),
        (["articles", "--seeds", "/nowhere"], "--seeds"),
        (["articles", "--page", "none.txt"], "none.txt"),
        (["articles", "--page", "../secret.txt"], "leaves the seeds folder"),
        (["articles", "--page", "/etc/passwd"], "leaves the seeds folder"),
        (["ask", "问", "--from", "昨天"], "2021-01-27"),
        (["ask", "问", "--from", "2021-13"], "2021-13"),
        (["ask", "问", "--from", "2022", "--to", "2021"], "swap"),
        (["ask", "问", "--newspaper", "人民公社报"], "newspapers.local.toml"),
        (["show", "nothing"], "'nothing'"),
        (["show", "000.txt/a999"], "000.txt/a999"),
        (["show", "000.txt/a1/p999"], "000.txt/a1/p999"),
        (["show", ""], "no page"),
        (["ask", "问", "--config", "/nowhere"], "JIWEN_CONFIG"),
        (["eval", "nothing.jsonl"], "nothing.jsonl"),
        (["eval", "seeds"], "seeds"),
        (["ask", "问", "--index", "file"], "--index"),
        (["index", "--index", "file"], "--index"),
        (["ask", "问", "--index", "seeds"], "--index"),
        (["index", "--index", "seeds"], "--index"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_the_index_stays(
    two: Two, tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    given = arguments[:1] + ["--seeds", str(two.seeds)] * ("--seeds" not in arguments)
    given += ["--index", str(two.index)] * ("--index" not in arguments) + arguments[1:]
    before = sorted((p, p.stat().st_mtime_ns) for p in two.index.rglob("*") if p.name != "lock")
    assert says in two.call(*given).complaint
    after = sorted((p, p.stat().st_mtime_ns) for p in two.index.rglob("*") if p.name != "lock")
    assert [p for p, _ in after] == [p for p, _ in before]
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(p.name for p in two.seeds.iterdir()) == ["000.txt", "001.txt"]


def test_after_a_build_that_failed_the_index_before_still_answers(two: Two) -> None:
    pages = {page: page.read_bytes() for page in two.seeds.iterdir()}
    for page in pages:
        page.write_bytes(b"\0")
    assert "000.txt" in two.jiwen("index").complaint
    for page, data in pages.items():
        page.write_bytes(data)
    assert two.still_answers()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("jiwen.toml", "[answer]\nhow_many = 3\n", "how_many"),
        ("jiwen.toml", "[answers]\nk = 3\n", "[answers]"),
        ("jiwen.toml", "k = 3\n", "[k]"),
        ("jiwen.toml", '[answer]\nk = "three"\n', "[answer]"),
        ("jiwen.toml", "answer = 3\n", "[answer]"),
        ("jiwen.toml", "[answer\n", "TOML"),
        ("jiwen.local.toml", "[search]\nrrf = 1\n", "jiwen.local.toml"),
        ("newspapers.toml", '[[newspaper]]\nnam = "某报"\n', "nam"),
        ("newspapers.toml", "[[newspaper]]\n", "name"),
        ("newspapers.local.toml", "newspaper = 1\n", "newspapers.local.toml"),
        ("userdict.txt", "植树节 很多 n\n", "植树节 很多 n"),
    ],
)
def test_a_setting_that_is_wrong_is_named_with_its_file(
    call: Caller, index: Path, tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    places = ("--seeds", SEEDS, "--index", index, "--config", tmp_path)
    complaint = call("ask", "问", *places).complaint
    assert says in complaint
    assert name in complaint


def test_settings_that_are_no_text_are_named(call: Caller, tmp_path: Path) -> None:
    for name in ("jiwen.toml", "newspapers.toml", "userdict.txt"):
        (tmp_path / name).write_bytes(b"\xff\xfe")
        assert name in call("articles", "--config", tmp_path).complaint
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"question": 5}', '{"answers": ["x"]}', '{"question": "x", "answers": 1}']
)
def test_a_question_set_that_is_none_is_named(call: Caller, tmp_path: Path, line: str) -> None:
    (tmp_path / "gold.jsonl").write_text(f"{json.dumps({'question': '好'})}\n{line}\n")
    assert "gold.jsonl" in call("eval", "gold.jsonl").complaint


def test_file_names_of_every_kind_are_pages(call: Caller, tmp_path: Path, index: Path) -> None:
    seeds = tmp_path / "seeds"
    names = ["a b.txt", "a3", "'\".txt", "%41?.txt", "第一版.TXT", "x" * 200 + ".txt", "-k.txt"]
    for n, name in enumerate(names):
        page = seeds / name / f"a{n}.txt" if name == "a3" else seeds / name
        page.parent.mkdir(exist_ok=True, parents=True)
        page.write_text(f"本报讯 敦化图书馆第{n}分馆昨日开放到十点。", encoding="utf-8")
    assert call("index").code == 0
    (row,) = call("ask", "敦化图书馆分馆开放到几点?", "--json", "-k", 20).rows
    assert len(row["quotes"]) == len(names)
    for quote in row["quotes"]:
        assert_proven(quote, seeds)
        for identifier in (quote["source"]["file"], quote["article_id"], quote["passage_id"]):
            assert "敦化图书馆" in call("show", "--", identifier).out
