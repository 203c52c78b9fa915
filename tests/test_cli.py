"""The command as scripts and readers meet it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, Caller, assert_proven, command, environment

from bot.cli import cli
from retrieval.archive import Archive

QUESTION = "延吉恐龙王国占地多少公顷?"
OFF_TOPIC = "比特币价格是多少?"
COMMANDS = sorted(cli.commands)
EXAMPLES = {"adapt", "day", "timeline", "eval", "articles", "ask", "show", "verify"}
VERBATIM = "将23个品种总计2677棵树木在11月30日前按规划设计植入城区指定地点"

DAY = re.compile(r"\d{4}-\d\d-\d\d")
TEXT, NUMBER = str, (int, float)


def places(index: Path) -> tuple[str, Path, str, Path]:
    return "--seeds", SEEDS, "--index", index


def assert_is(value: Any, form: Any, where: str = "") -> None:  # noqa: ANN401 -- any JSON
    """Hold JSON against a form: a type, None or a type, [form of each], {key: form}, a test."""
    if isinstance(form, dict):
        assert isinstance(value, dict), where
        assert set(value) == set(form), where
        for key, inner in form.items():
            assert_is(value[key], inner, f"{where}.{key}")
    elif isinstance(form, list):
        assert isinstance(value, list), where
        for n, item in enumerate(value):
            assert_is(item, form[0], f"{where}[{n}]")
    elif isinstance(form, type | tuple):
        assert isinstance(value, form), f"{where}: {value!r}"
        assert not isinstance(value, bool), where
    else:
        assert form(value), f"{where}: {value!r}"


def maybe(kind: type) -> Any:  # noqa: ANN401 -- a form
    return lambda value: value is None or type(value) is kind


def day(value: object) -> bool:
    return value is None or (isinstance(value, str) and DAY.fullmatch(value) is not None)


def pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value)


SOURCE = {
    "file": TEXT,
    "newspaper": maybe(str),
    "date": day,
    "page": maybe(str),
    "title": maybe(str),
    "byline": [TEXT],
    "lines": pair,
}
QUOTE = {
    "text": TEXT,
    "highlights": [pair],
    "spans": [pair],
    "source": SOURCE,
    "passage_id": TEXT,
    "article_id": TEXT,
    "cite": TEXT,
    "score": NUMBER,
    "also": [{**SOURCE, "article_id": TEXT, "cite": TEXT}],
}
QUERY = {"from": day, "to": day, "newspaper": maybe(str), "terms": [TEXT]}
ANSWER = {
    "question": TEXT,
    "query": lambda query: set(QUERY) <= set(query),  # it may say more
    "verdict": lambda verdict: verdict in ("answered", "related", "none"),
    "reason": maybe(str),
    "confidence": lambda c: isinstance(c, int | float) and 0 <= c <= 1,
    "quotes": [QUOTE],
    "tally": lambda tally: tally is None or isinstance(tally, dict),
    "suggestions": [TEXT],
    "generation": TEXT,
    "took_ms": NUMBER,
}
ARTICLE = {
    "id": TEXT,
    "file": TEXT,
    "spans": [pair],
    "lines": pair,
    "title": maybe(str),
    "kicker": maybe(str),
    "subtitle": maybe(str),
    "byline": [TEXT],
    "section": maybe(str),
    "kind": lambda kind: kind in ("news", "photo", "notice"),
    "newspaper": maybe(str),
    "date": day,
    "page": maybe(str),
    "text": TEXT,
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(call: Caller, name: str) -> None:
    done = call(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"jiwen {name}" in done.out
    for option in ("--seeds", "--index", "--config"):
        assert option in done.out
    assert "\b" not in done.out
    assert ("例: jiwen" in done.out) == (name in EXAMPLES)


def test_the_help_lists_every_command_with_an_example(run: Caller) -> None:
    done = run("--help")
    assert (done.code, done.err) == (0, "")
    listed = re.findall(r"^  ([a-z]+)  ", done.out, re.MULTILINE)
    assert listed == COMMANDS
    assert set(COMMANDS) == {
        *("adapt", "index", "ask", "chat", "articles", "show", "verify", "eval", "bot", "doctor"),
        *("health", "takedown"),
        *("papers", "day", "random", "timeline"),
    }
    assert "例: jiwen index" in done.out


def test_jiwen_alone_shows_the_help(call: Caller) -> None:
    done = call()
    assert (done.code, done.out) == (2, "")
    assert "Usage: jiwen" in done.err


def test_the_version_is_told(call: Caller) -> None:
    assert re.fullmatch(r"jiwen \d+\.\d+\.\d+\n", call("--version").out)


def test_an_answer_as_json_is_as_the_contract_has_it(run: Caller, index: Path) -> None:
    done = run("ask", QUESTION, "--json", *places(index))
    assert (done.code, done.err) == (0, "")
    (answer,) = done.rows
    assert_is(answer, ANSWER)
    assert_is({key: answer["query"][key] for key in QUERY}, QUERY)
    assert (answer["question"], answer["verdict"]) == (QUESTION, "answered")
    assert answer["quotes"]
    for quote in answer["quotes"]:
        assert_proven(quote, SEEDS)
        assert quote["passage_id"].startswith(f"{quote['article_id']}/p")
        assert quote["article_id"].startswith(f"{quote['source']['file']}/a")


def test_a_scope_in_json_is_what_was_asked_for(call: Caller, index: Path) -> None:
    limits = ("--from", "2021-01", "--to", "2021年", "--newspaper", "辽源报")
    done = call("ask", "疫苗接种情况如何?", "--json", *limits, *places(index))
    (answer,) = done.rows
    assert_is(answer, ANSWER)
    query = answer["query"]
    assert_is({key: query[key] for key in QUERY}, QUERY)
    assert (query["from"], query["to"]) == ("2021-01-01", "2021-12-31")
    assert query["newspaper"] == "辽源日报"


def test_nothing_found_is_exit_code_one_with_the_reason_on_stdout(
    call: Caller, index: Path
) -> None:
    done = call("ask", OFF_TOPIC, *places(index))
    assert (done.code, done.err) == (1, "")
    as_json = call("ask", OFF_TOPIC, "--json", *places(index))
    assert as_json.code == 1
    assert_is(as_json.rows[0], ANSWER)
    assert done.out.strip() == as_json.rows[0]["reason"]


def test_an_answer_for_a_reader_holds_the_quotes_unbroken(call: Caller, index: Path) -> None:
    quotes = call("ask", QUESTION, "--json", *places(index)).rows[0]["quotes"]
    done = call("ask", QUESTION, *places(index))
    assert (done.code, done.err) == (0, "")
    for quote in quotes:
        assert quote["text"] in done.out
        assert quote["cite"] in done.out
        assert (quote["source"]["title"] or "") in done.out


def test_k_limits_the_quotes(call: Caller, index: Path) -> None:
    def quoted(k: int) -> list[str]:
        answer = call("ask", "疫苗接种情况怎么样?", "-k", k, "--json", *places(index)).rows[0]
        return [quote["cite"] for quote in answer["quotes"]]

    every = quoted(50)
    assert len(every) >= 2
    assert [quoted(k) for k in (1, 2)] == [every[:1], every[:2]]


def test_questions_on_standard_input_are_answered_line_by_line(
    call: Caller, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    real = Archive.open

    def counted(*arguments: Any) -> Archive:  # noqa: ANN401 -- as they come
        opened.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(Archive, "open", counted)
    asked = [QUESTION, "", OFF_TOPIC, "  ", "问\t题", QUESTION, "😀", "--help", "最后一行"]
    done = call("ask", "--json", "-", *places(index), given="\n".join(asked))
    assert (done.code, done.err) == (0, "")
    assert [row["question"] for row in done.rows] == asked
    for row in done.rows:
        assert_is(row, ANSWER)
    assert done.rows[0]["quotes"] == done.rows[5]["quotes"] != []
    assert len(opened) == 1


def test_a_file_from_windows_is_read_without_its_marks(call: Caller, index: Path) -> None:
    given = f"\ufeff{QUESTION}\r\n{OFF_TOPIC}\r\n"
    done = call("ask", "-", *places(index), given=given)
    assert [row["question"] for row in done.rows] == [QUESTION, OFF_TOPIC]


def test_an_answer_comes_before_the_next_question_is_asked(index: Path) -> None:
    with subprocess.Popen(
        command("ask", "--json", "-", *places(index)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        for question in (QUESTION, OFF_TOPIC):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert b"Traceback" not in process.stderr.read()


def test_a_conversation_in_json_says_how_each_question_was_understood(
    call: Caller, index: Path
) -> None:
    asked = ["延吉恐龙王国占地多少公顷?", "那总投资呢?", "", "那总投资呢?"]
    done = call("chat", "--json", *places(index), given="\n".join(asked) + "\n")
    assert (done.code, done.err) == (0, "")
    first, second, third = done.rows
    for row in done.rows:
        assert_is(row, ANSWER | {"standalone": TEXT})
    assert [row["question"] for row in done.rows] == [asked[0], asked[1], asked[3]]
    assert first["standalone"] == asked[0]
    assert "恐龙王国" in second["standalone"]
    assert third["standalone"] == asked[3]


def test_articles_as_json_are_as_the_contract_has_them_and_need_no_index(run: Caller) -> None:
    done = run("articles", "--json", "--seeds", SEEDS)
    assert (done.code, done.err) == (0, "")
    for article in done.rows:
        assert_is(article, ARTICLE)
        raw = (SEEDS / article["file"]).read_bytes().decode()
        assert all(0 <= a < b <= len(raw) for a, b in article["spans"])
        covered = "".join(raw[a:b] for a, b in article["spans"])
        assert set(article["text"]) <= set(covered) | {"\n"}
        first, last = article["lines"]
        assert 1 <= first <= last <= raw.count("\n") + 1
    ids = [article["id"] for article in done.rows]
    assert len(set(ids)) == len(ids) > 10
    assert {article["file"] for article in done.rows} == {p.name for p in SEEDS.iterdir()}
    assert {"news", "photo"} <= {article["kind"] for article in done.rows}


def test_articles_of_one_page_can_be_asked_for(call: Caller) -> None:
    page = sorted(SEEDS.iterdir())[0].name
    done = call("articles", "--page", page, "--json", "--seeds", SEEDS)
    assert {article["file"] for article in done.rows} == {page}
    listed = call("articles", "--page", page, "--seeds", SEEDS)
    assert listed.code == 0
    assert all(f"{article['id']}  第" in listed.out for article in done.rows)


def test_what_a_page_states_is_shown_with_its_origin_its_doubts_and_the_dates_of_its_stories(
    call: Caller, tmp_path: Path
) -> None:
    seeds, index = tmp_path / "s", tmp_path / "i"
    seeds.mkdir()
    story = "本报讯(记者 张敏)清河大桥昨日合龙,预计年底通车,定于2月3日举行仪式,大桥长两公里。\n"
    masthead = "松江日报\n2021年1月27日 星期四\n庚子年十二月十五\n总第1234期 今日8版\n\n"
    (seeds / "松江日报_2021-01-27_02.txt").write_text(masthead + story, encoding="utf-8")
    built = call("index", "--seeds", seeds, "--index", index)
    shown = call("show", "松江日报_2021-01-27_02.txt", "--seeds", seeds, "--index", index)
    stated = "日期 2021-01-27(来源: 报头) · 版次 1(来源: 报头) · 期号 1234(来源: 报头)"
    assert shown.out.startswith(f"报纸 松江日报(来源: 报头) · {stated}\n存疑 ")
    (doubt,) = (line for line in shown.out.splitlines() if line.startswith("存疑"))
    assert "日期 2021-01-27, 所印星期不合: 2021年1月27日 星期四 庚子年十二月十五" in doubt
    assert "版次 1, 文件名: 2" in doubt
    assert doubt in built.err
    assert doubt in call("index", "--seeds", seeds, "--index", index).err
    assert doubt in call("articles", "--seeds", seeds).out
    assert "存疑" not in call("articles", "--json", "--seeds", seeds).out
    story_id = "松江日报_2021-01-27_02.txt/a1"
    article = call("show", story_id, "--seeds", seeds, "--index", index)
    assert "\n文中日期: 昨日 → 2021-01-26; 2月3日 → 2021-02-03\n" in article.out
    assert "\n署名: 本报记者 张敏\n" in article.out


def test_a_page_an_article_a_passage_and_a_quote_can_be_shown(call: Caller, index: Path) -> None:
    quote = call("ask", QUESTION, "--json", *places(index)).rows[0]["quotes"][0]
    file, article, passage = quote["source"]["file"], quote["article_id"], quote["passage_id"]
    page = call("show", file, *places(index))
    assert f"\n{article}  第" in f"\n{page.out}"
    whole = call("show", article, *places(index))
    assert f"\n{passage}  第" in whole.out
    assert quote["text"] in whole.out
    one = call("show", passage, *places(index))
    assert quote["text"] in one.out
    for code in (quote["cite"], f"/c_{quote['cite']}"):
        cited = call("show", code, *places(index))
        assert cited.out.startswith(quote["text"] + "\n")
        first, last = quote["source"]["lines"]
        assert f"第{first}行" in cited.out or f"第{first}–{last}行" in cited.out
    assert {done.code for done in (page, whole, one, cited)} == {0}
    assert {done.err for done in (page, whole, one, cited)} == {""}


def test_verification_proves_every_passage_of_every_page(call: Caller, index: Path) -> None:
    done = call("verify", *places(index))
    assert (done.code, done.err) == (0, "")
    assert done.out.count("✓") == len(list(SEEDS.iterdir()))
    said = re.search(r"5 页, (\d+) 个段落, (\d+) 个得到证明, 0 个不符", done.out)
    assert said
    assert said[1] == said[2] != "0"


def test_verification_fails_where_a_page_was_changed(
    call: Caller, index: Path, tmp_path: Path
) -> None:
    seeds = tmp_path / "changed"
    shutil.copytree(SEEDS, seeds)
    page = sorted(seeds.iterdir())[0]
    page.write_bytes("多".encode() + page.read_bytes())
    done = call("verify", "--seeds", seeds, "--index", index)
    assert done.code == 1
    assert f"✗ {page.name}/a" in done.out


@pytest.mark.parametrize(
    ("quote", "says", "code"),
    [
        (VERBATIM, "一字不差", 0),
        ("将 23 个品种總計2677棵樹木", "一字不差", 0),
        (VERBATIM.replace("指定", "特定"), "近似", 0),
        ("副市长徐晖主持培训会并讲话,总计2677棵树木在11月30日前", "不是一句原话", 0),
        ("火星基地昨日迎来首批土豆种植专家组", "没有这句话", 1),
    ],
)
def test_a_quote_from_elsewhere_is_placed(
    call: Caller, index: Path, quote: str, says: str, code: int
) -> None:
    done = call("verify", quote, *places(index))
    assert (done.code, done.err) == (code, "")
    assert done.out.splitlines()[0].startswith(says) or says in done.out.splitlines()[0]
    assert ("000_504c82fdf5ae6035.txt" in done.out) == (code == 0)


def test_evaluation_measures_and_fails_below_its_floors(
    call: Caller, index: Path, tmp_path: Path
) -> None:
    good = {"question": QUESTION, "file": "002_4daa403c7feebee2.txt", "answers": ["40公顷"]}
    for answer, code in ((["40公顷"], 0), (["41公顷"], 1)):
        row = good | {"answers": answer}
        (tmp_path / "gold.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
        done = call("eval", "gold.jsonl", "--json", *places(index))
        assert done.code == code
        (table,) = done.rows
        assert table["groups"]["answerable"]["found@1"] == 1 - code
        assert table["proven"] == 1
        assert ("below its floor" in done.err) == bool(code)
    assert "found@1" in call("eval", "gold.jsonl", *places(index)).out


def test_evaluation_writes_runs_and_qrels(call: Caller, index: Path, tmp_path: Path) -> None:
    row = {"question": QUESTION, "file": "002_4daa403c7feebee2.txt", "answers": ["40公顷"]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row | {"id": "t7"}) + "\n", encoding="utf-8")
    done = call("eval", "gold.jsonl", "--json", "--trec", "out", *places(index))
    assert (done.code, done.err) == (0, "")
    run = [line.split() for line in (tmp_path / "out/run.trec").read_text().splitlines()]
    qrels = [line.split() for line in (tmp_path / "out/qrels.trec").read_text().splitlines()]
    assert [len(line) for line in (run[0], qrels[0])] == [6, 4]
    assert {line[0] for line in run + qrels} == {"t7"}
    assert run[0][2] in {line[2] for line in qrels}
    assert done.rows[0]["slices"]["page"]["002_4daa403c7feebee2.txt"]["found@1"] == 1
    assert (
        "cannot be written"
        in call("eval", "gold.jsonl", "--trec", "gold.jsonl", *places(index)).complaint
    )


def test_evaluation_goes_by_the_floors_that_it_is_given(
    call: Caller, index: Path, tmp_path: Path
) -> None:
    row = {"question": QUESTION, "file": "002_4daa403c7feebee2.txt", "answers": ["41公顷"]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    for floor, code in ((0.0, 0), (0.1, 1)):
        (tmp_path / "floors.toml").write_text(f'[fact]\n"found@3" = {floor}\n')
        done = call("eval", "gold.jsonl", "--floors", "floors.toml", *places(index))
        assert done.code == code
        assert ("fact found@3 0.000 is below its floor 0.1" in done.err) == bool(code)
    (tmp_path / "floors.toml").write_text("x")
    assert "floors.toml" in call("eval", "gold.jsonl", "--floors", "floors.toml").complaint


def test_evaluation_on_worse_pages_leaves_seeds_and_index_alone(
    call: Caller, index: Path, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    page = next(SEEDS.glob("002_*"))
    (seeds / page.name).write_bytes(page.read_bytes())
    (seeds / "p.articles.toml").write_text("")
    row = {"question": QUESTION, "file": page.name, "answers": ["40公顷"]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    other = {"title": "别的", "text": "某地昨日下了一场大雨。" * 20}
    (tmp_path / "other.jsonl").write_text(
        json.dumps(other, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    there = ("--seeds", seeds, "--index", tmp_path / "none")
    done = call("eval", "gold.jsonl", "--json", "--noise", "0,0.9", *there)
    assert done.code == 0
    plain, noised = done.rows
    assert (plain["noise"], noised["noise"]) == (0, 0.9)
    assert plain["groups"]["answerable"]["found@1"] == 1
    assert noised["groups"]["answerable"]["right"] == 0
    assert plain["proven"] == noised["proven"] == 1
    done = call("eval", "gold.jsonl", "--json", "--distractors", "other.jsonl", *there)
    alone, beside = done.rows
    assert beside["n_passages"] > alone["n_passages"]
    assert beside["distractors"] == ["other.jsonl"]
    assert not (tmp_path / "none").exists()
    assert (seeds / page.name).read_bytes() == page.read_bytes()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--noise", "viel"], "--noise viel"),
        (["--noise", "0,1.5"], "--noise 0,1.5"),
        (["--distractors", "gold.txt"], "gold.txt"),
    ],
)
def test_a_trial_that_cannot_be_made_is_named(
    call: Caller, tmp_path: Path, index: Path, options: list[str], says: str
) -> None:
    (tmp_path / "gold.jsonl").write_text(json.dumps({"question": "好"}) + "\n")
    (tmp_path / "gold.txt").touch()
    assert says in call("eval", "gold.jsonl", *options, *places(index)).complaint


def test_folders_may_be_named_before_or_after_the_command_or_in_the_environment(
    call: Caller, index: Path, tmp_path: Path
) -> None:
    config = tmp_path / "mine"
    config.mkdir()
    (config / "jiwen.toml").write_text("[answer]\nk = 1\n")
    named = ("--seeds", SEEDS, "--index", index, "--config", config)
    variables = {"JIWEN_SEEDS": str(SEEDS), "JIWEN_INDEX": str(index), "JIWEN_CONFIG": str(config)}
    wrong = dict.fromkeys(variables, "/nowhere")
    ways = (
        call(*named, "ask", QUESTION, "--json"),
        call("ask", *named, QUESTION, "--json"),
        call("ask", QUESTION, "--json", env=variables),
        call("ask", QUESTION, "--json", *named, env=wrong),
        call(*named, "ask", QUESTION, "--json", env=wrong),
        call("--index", "/nowhere", "ask", QUESTION, "--json", *named),
    )
    assert [len(done.rows[0]["quotes"]) for done in ways] == [1] * len(ways)


def test_the_folders_are_seeds_and_jiwen_where_none_is_named(
    run: Caller, seeds: Path, tmp_path: Path
) -> None:
    built = run("index", cwd=tmp_path)
    assert (built.code, built.out) == (0, "")
    assert "2/2" in built.err
    assert "已建好: 2 页" in built.err
    assert sorted(p.name for p in tmp_path.iterdir()) == [".jiwen", "seeds"]
    assert (tmp_path / ".jiwen" / "cache").is_dir()
    done = run("ask", "李文辉是哪个研究院的院长?", "--json", cwd=tmp_path)
    assert done.code == 0
    assert_proven(done.rows[0]["quotes"][0], seeds)


def test_a_second_build_says_that_nothing_changed(call: Caller, index: Path) -> None:
    done = call("index", *places(index))
    assert (done.code, done.out) == (0, "")
    assert "没有改动" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "问", "多余"],
        ["ask", "-k", "0", "问"],
        ["ask", "-k", "三", "问"],
        ["ask", "--unknown", "问"],
        ["unknown"],
        ["--unknown"],
        ["show"],
        ["eval"],
    ],
)
def test_wrong_usage_is_one_line_that_names_the_help(call: Caller, arguments: list[str]) -> None:
    assert re.search(r"See `jiwen( [a-z]+)? --help`", call(*arguments).complaint)


@pytest.mark.parametrize("name", ["ask", "show", "verify", "chat", "eval"])
def test_without_an_index_the_command_that_makes_one_is_named(
    call: Caller, name: str, tmp_path: Path
) -> None:
    (tmp_path / "gold.jsonl").write_text("")
    more = {"ask": ["问"], "show": ["x"], "eval": ["gold.jsonl"]}.get(name, [])
    done = call(name, *more, "--index", tmp_path / "none")
    assert "run `jiwen index`" in done.complaint
    assert not (tmp_path / "none").exists()


def test_the_bot_without_a_token_says_what_to_set(call: Caller) -> None:
    assert "TELEGRAM_BOT_TOKEN" in call("bot").complaint


@pytest.mark.parametrize("arguments", [["articles", "--json"], ["ask", "-"], ["verify"]])
def test_a_reader_who_goes_away_hears_no_complaint(arguments: list[str], index: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command(*arguments, *places(index)),
        input=f"{QUESTION}\n".encode() * 3,
        stdout=writing,
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("variables", "encoding"),
    [
        ({"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"}, "utf-8"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "utf-8"),
        ({"PYTHONIOENCODING": "gb18030"}, "gb18030"),
    ],
)
def test_no_locale_breaks_the_output(
    run: Caller, index: Path, variables: dict[str, str], encoding: str
) -> None:
    done = run("ask", QUESTION, *places(index), env=variables, encoding=encoding)
    assert (done.code, done.err) == (0, "")
    assert "40公顷" in done.out


def test_json_is_utf8_in_every_locale(run: Caller, index: Path) -> None:
    given = f"{QUESTION}\n"
    env = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = run("ask", "-", *places(index), given=given, env=env)
    assert done.rows[0]["question"] == QUESTION


def test_a_question_asked_once_loads_no_torch_and_no_telegram(index: Path) -> None:
    script = """
import sys
from bot import cli
try:
    cli.main()
finally:
    heavy = {"torch", "sentence_transformers", "transformers", "telegram", "sklearn", "scipy"}
    print(*sorted(heavy & set(sys.modules)), file=sys.stderr, end="")
"""
    arguments = [sys.executable, "-c", script, "ask", QUESTION, *map(str, places(index))]
    done = subprocess.run(arguments, env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert "40公顷" in done.stdout.decode()


def test_a_page_is_shown_as_a_person_checks_it(call: Caller) -> None:
    page = "003_1ed890315a895296.txt"
    done = call("articles", "--page", page, "--seeds", SEEDS)
    assert (done.code, done.err) == (0, "")
    assert (
        f"\n━━ 3 ━━ {page}/a3  第58–64行  报道  东丰县完成首批重点人群新冠疫苗接种工作" in done.out
    )
    assert "\n      58 ▌标题 东丰县完成首批重点人群新冠疫苗接种工作\n" in done.out
    assert done.out.count("为什么在这里分: ") == 6
    assert f"jiwen articles --page {page} --draft > " in done.out.splitlines()[-1]
    full = call("articles", "--page", page, "--full", "--seeds", SEEDS)
    assert len(full.out) > len(done.out)
    assert "…\n" not in full.out
    assert call("articles", "--full", "--seeds", SEEDS).code == 2


def test_the_list_of_articles_flags_pages_in_doubt_and_json_does_not(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = call("articles", "--seeds", SEEDS)
    rows = call("articles", "--json", "--seeds", SEEDS)
    monkeypatch.setattr("retrieval.review.UNSURE_OPENING", 1000)
    flagged = call("articles", "--seeds", SEEDS)
    assert flagged.out.count("存疑 ") == len(list(SEEDS.iterdir()))
    assert flagged.out.count("? 分界存疑") == len(rows.rows) > listed.out.count("? 分界存疑")
    assert call("articles", "--json", "--seeds", SEEDS).out == rows.out
