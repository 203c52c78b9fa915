"""Pages: bytes to text exactly, what a page states of itself, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import PageError
from retrieval.imprint import is_furniture
from retrieval.pages import Skipped, decode, line_of, line_starts, page_of, read_page, read_pages
from retrieval.records import Form, Imprint, Page
from retrieval.settings import Newspaper, PageRule, Settings

SETTINGS = Settings(
    newspapers=(Newspaper("松江日报", mastheads=("松江日报", "SONGJIANG RIBAO")),),
    pages=(PageRule("scan/*.txt", newspaper="松江晚报", date="1999-05-04", page="2"),),
)
STORY = "全市春耕备耕工作现场会在河东镇召开，与会人员观摩了育苗大棚。\r\n"


def oracle(data: bytes) -> str:
    """How the scorer reads a file."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (STORY.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + STORY.encode(), "utf-8"),
        (STORY.encode("gb18030"), "gb18030"),
        ("龍江縣農會開會，討論㎡與①②等問題。".encode("gb18030"), "gb18030"),
    ],
)
def test_a_page_is_decoded_as_the_scorer_does(data: bytes, encoding: str) -> None:
    assert decode(data) == (oracle(data), encoding)


@given(st.text(min_size=1).filter(lambda t: t.strip() and "\0" not in t))
def test_utf8_always_reads_back_with_its_line_ends(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    if data.decode().strip("\ufeff \t\r\n\x0b\x0c"):
        assert decode(data)[0] == oracle(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\t", "empty"),
        ("\u3000\n".encode(), "empty"),
        (b"PK\x03\x04\0\0\0", "binary"),
        (STORY.encode("utf-16"), "UTF-16"),
        (STORY.encode("utf-16-be"), "binary"),
        ("\ufeff全市春耕备耕".encode("utf-16-be"), "UTF-16"),
        (f"{STORY}全市".encode()[:-1], "broken in line 2"),
        (("清河大桥合龙" * 3 + "通车").encode() + b"\xe4\xb8", "plausible GB18030"),
        (b"\xff\xfd" + bytes(range(128, 256)), "GB18030"),
        ("Ünïcödé çà et là, déjà vu; où êtes-vous allés ?".encode("latin-1"), "GB18030"),
        ("привет, это обычный русский текст".encode("koi8-r"), "GB18030"),
    ],
)
def test_what_is_no_chinese_page_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        decode(data)


def test_lines_end_at_lf_cr_and_crlf() -> None:
    text = "一\n二\r三\r\n四\n\n六"
    assert [line_of(text, text.index(c)) for c in "一二三四六"] == [1, 2, 3, 4, 6]
    assert line_of(text, text.index("\r\n") + 1) == 3
    assert line_starts(text) == [0, 2, 4, 7, 9, 10]


@given(st.text(alphabet="字 \r\n", max_size=40))
def test_line_numbers_are_those_of_universal_newlines(text: str) -> None:
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(line_starts(text)) == unified.count("\n") + 1
    assert line_of(text, len(text)) == len(line_starts(text))


def page(text: str, page_id: str = "a.txt") -> Page:
    return page_of(page_id, text.encode(), SETTINGS)


MASTHEAD = (
    "松江曰报\nSONGJIANG RIBAO\n2003年6月9日 星期一\n癸未年五月初十\n"
    "总第1234期 今日8版\n国内统一刊号:CN22-0099\n\n"
)


def test_a_masthead_states_paper_day_issue_and_that_it_stands_on_page_one() -> None:
    stated = page(MASTHEAD + STORY).imprint
    assert stated == Imprint("松江日报", "2003-06-09", "1", "1234")


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2003年6月9日 星期一 第3版 要闻\n" + STORY, Imprint(None, "2003-06-09", "3", None)),
        ("二〇〇三年六月十二日 星期四\n" + STORY, Imprint(None, "2003-06-12", None, None)),
        ("浑江日报\n" + STORY, Imprint("浑江日报", None, None, None)),
        ("中共浑江市委主管主办 浑江日报社出版\n" + STORY, Imprint("浑江日报", None, None, None)),
        ("2003年2月30日 星期一\n" + STORY, Imprint()),
        (STORY + "《松江日报》影响每一天。\n订购热线:0437-3220000\n", Imprint()),
        (STORY + "松江日报记者 张敏\n", Imprint()),
        (STORY + "市自来水公司\n2003年6月8日\n", Imprint()),
        ("2003年6月9日，松江日报社举行座谈会，各界代表参加。\n", Imprint()),
    ],
)
def test_only_furniture_states_and_nothing_is_guessed(text: str, stated: Imprint) -> None:
    assert page(text).imprint == stated


def test_the_users_rules_fill_what_the_page_leaves_open_and_no_more() -> None:
    assert page(STORY, "scan/1.txt").imprint == Imprint("松江晚报", "1999-05-04", "2", None)
    assert page(MASTHEAD + STORY, "scan/1.txt").imprint.newspaper == "松江日报"
    assert page(STORY, "other/1.txt").imprint == Imprint()


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑:张敏 版式:李强",
        "设计制图: 王晓",
        "新闻热线:0437-3220000",
        "第2版 要闻",
        "A03",
        "邮发代号:11-40",
    ],
)
def test_furniture_is_known_by_its_form(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "设计 引领未来生活",
        "联系电话:0437-3220000",
        "辛丑年春节联欢晚会在河东镇举行",
        "及时向公安机关报案。",
        "2003年6月8日",
        "全年共3期培训班结业",
        "编辑部的故事",
    ],
)
def test_a_line_of_a_story_or_a_notice_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_pages_come_in_order_of_path_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.md").write_bytes(STORY.encode("gb18030"))
    (tmp_path / "a.txt").write_bytes(STORY.encode())
    (tmp_path / "c.TXT").write_bytes(b"")
    (tmp_path / "d.jsonl").write_text('{"text": "好。"}', encoding="utf-8")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / ".hidden.txt").write_text("不读")
    found = list(read_pages(tmp_path, SETTINGS))
    assert [p.id if isinstance(p, Page) else p for p in found] == [
        "a.txt",
        "b/2.md",
        Skipped("c.TXT", "empty"),
        "d.jsonl",
    ]
    assert [p.form for p in found if isinstance(p, Page)] == [Form.TEXT, Form.TEXT, Form.JSONL]
    assert read_page(tmp_path, "b/2.md", SETTINGS) == found[1]


@pytest.mark.parametrize(
    "page_id", ["../out.txt", "/etc/passwd", "b/../../out.txt", "a.pdf", "a\0.txt", "no.txt"]
)
def test_an_id_that_leaves_the_seeds_or_names_no_page_is_refused(
    tmp_path: Path, page_id: str
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (tmp_path / "out.txt").write_text(STORY, encoding="utf-8")
    with pytest.raises(PageError):
        read_page(seeds, page_id, SETTINGS)


def test_a_link_out_of_the_seeds_is_not_followed(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (tmp_path / "out.txt").write_text(STORY, encoding="utf-8")
    (seeds / "in.txt").symlink_to(tmp_path / "out.txt")
    (found,) = read_pages(seeds, SETTINGS)
    assert isinstance(found, Skipped)
    assert "leaves" in found.reason


def test_a_missing_seeds_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="--seeds"):
        list(read_pages(tmp_path / "none", SETTINGS))


def test_a_pipe_is_no_page_and_a_name_that_cannot_be_printed_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("本报讯 今天种树。", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.txt")  # would be waited for, for ever
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd6\xd0.txt")).write_text("文", encoding="utf-8")
    pages = list(read_pages(tmp_path, Settings()))
    assert [p.id for p in pages if isinstance(p, Page)] == ["good.txt"]
    (skipped,) = [p for p in pages if isinstance(p, Skipped)]
    assert skipped.file.isprintable()
    assert "rename" in skipped.reason
