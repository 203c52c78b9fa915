"""Names by their sound: offered where the archive lacks the one asked for, never put in its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import environment

from bot.leaves import front
from bot.render import answer_json
from bot.wording import Lang
from retrieval import homophones
from retrieval.archive import Archive
from retrieval.folding import fold
from retrieval.homophones import absent, suggestions
from retrieval.records import Verdict


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("于智写了什么报道?", ("于志",)),  # a byline
        ("李雯辉是哪个研究院的院长?", ("李文辉",)),
        ("辽原市种了多少棵树?", ("辽源市",)),
        ("记者王音写过哪些报道?", ("王茵",)),
        ("有几篇报道提到东风县?", ("东丰县",)),
        ("高政是谁?", ()),
        ("张云是谁?", ()),
        ("于志写了什么报道?", ()),
        ("李文辉是谁?", ()),
        ("火星上有水吗?", ()),
    ],
)
def test_a_name_that_sounds_alike_is_offered(
    archive: Archive, question: str, offered: tuple[str, ...]
) -> None:
    answer = archive.ask(question)
    assert answer.suggestions == offered
    assert not offered or answer.verdict is not Verdict.ANSWERED


def test_a_name_of_the_archive_is_never_absent(archive: Archive) -> None:
    for name in ("于志", "李文辉", "张凤林", "辽源市", "黎海滨"):
        assert absent(f"{name}是谁", archive.reader.shelf) == []
    assert absent("于智是谁", archive.reader.shelf) == ["于智"]


def test_no_part_of_other_words_is_offered(archive: Archive) -> None:
    for question in ("市农村有多少户?", "只要一个师", "国加高新区", "石农村"):
        assert suggestions(fold(question), archive.reader.shelf, misread=True) == ()


def test_syllables_are_those_of_the_dictionary() -> None:
    table = homophones._table()
    assert {"志", "智", "直"} <= set(table["zhi"])
    assert "长" in table["zhang"]
    assert "长" in table["chang"]
    assert sum(map(len, table.values())) > len(homophones._GB2312) == 6763


def test_the_offer_opens_the_answer_and_stands_in_json(archive: Archive) -> None:
    answer = archive.ask("于智写了什么报道?")
    assert front(answer, Lang.ZH)[0][0].startswith("您是不是要找“于志”？")
    assert answer_json(answer)["suggestions"] == ["于志"]


def test_a_question_without_an_absent_name_loads_no_pinyin(index: Path) -> None:
    script = """
import sys
from bot import cli
try:
    cli.main()
finally:
    print("pypinyin" in sys.modules, file=sys.stderr, end="")
"""
    asked = ["ask", "延吉恐龙王国占地多少公顷?", "--seeds", "seeds", "--index", str(index)]
    done = subprocess.run(
        [sys.executable, "-c", script, *asked],
        env=environment(),
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "False")
