"""Every form that a page may come in is the same page: encodings, line ends, endings of names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from conftest import Caller
from test_articles import BRIDGE, CLINIC, check

from retrieval.articles import skipped_lines, split_page
from retrieval.cleaning import restore
from retrieval.pages import Skipped, page_of, read_page, read_pages
from retrieval.records import Article, Page
from retrieval.settings import Settings

SETTINGS = Settings()
TEXT = (
    "松江日报\n2003年6月9日 星期一\n总第1234期 今日8版\n\n"
    f"# 清河新大桥合龙\n\n本报讯(记者 张敏){BRIDGE}\n\n# 柳镇老人免费体检\n\n本报讯(记者 李强){CLINIC}\n"
)
ROWS = (
    f'{{"title": "清河新大桥合龙", "text": "{BRIDGE[:40]}", "byline": ["张敏"]}}\n'
    f'\n{{"text": "{CLINIC[:40]}", "date": "2003-06-09"}}\n'
)
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk")
ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r", "NEL": "\x85", "VT": "\x0b", "FF": "\x0c",
        "LS": "\u2028", "PS": "\u2029"}  # fmt: skip


def told(articles: tuple[Article, ...]) -> list[object]:
    """What a reader sees of articles, however the lines of their page end."""
    return [
        (a.id[-2:], a.kind, a.title, a.byline, a.imprint, " ".join(a.body.text.split()))
        for a in articles
    ]


def mixed(text: str) -> str:
    """The text with its lines ended in turns by LF, CR and CR LF."""
    ends = ("\n", "\r", "\r\n")  # a CR before an LF would be one end, not two
    lines = text.split("\n")
    return "".join(line + ends[n % 3] for n, line in enumerate(lines[:-1])) + lines[-1]


NOT_IN_GBK = ("NEL", "LS", "PS")
FORMS = [
    (encoding, end)
    for encoding in ENCODINGS
    for end in (*ENDS, "mixed")
    if encoding != "gbk" or end not in NOT_IN_GBK
]


@pytest.mark.parametrize("name", ["p.txt", "p.TXT", "p.md", "p.Md"])
@pytest.mark.parametrize(("encoding", "end"), FORMS)
def test_a_page_is_the_same_in_every_form(name: str, encoding: str, end: str) -> None:
    text = mixed(TEXT) if end == "mixed" else TEXT.replace("\n", ENDS[end])
    read = page_of(name, text.encode(encoding), SETTINGS)
    found = split_page(read, SETTINGS)
    check(read, found)
    assert told(found) == told(split_page(page_of(name, TEXT.encode(), SETTINGS), SETTINGS))
    if end in ("LF", "CRLF", "CR", "mixed"):
        assert [a.lines for a in found] == [(1, 3), (5, 9), (11, 15)]


@pytest.mark.parametrize("name", ["r.jsonl", "r.JSONL"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["LF", "CRLF", "CR"])
def test_rows_are_the_same_in_every_form(name: str, encoding: str, end: str) -> None:
    read = page_of(name, ROWS.replace("\n", ENDS[end]).encode(encoding), SETTINGS)
    found = split_page(read, SETTINGS)
    assert told(found) == told(split_page(page_of(name, ROWS.encode(), SETTINGS), SETTINGS))
    assert [(a.id, a.lines) for a in found] == [(f"{name}/a1", (1, 1)), (f"{name}/a3", (3, 3))]
    for article in found:
        assert restore(read.text, article.body.spans) == article.body.text


def test_a_line_separator_within_a_row_ends_no_row() -> None:
    read = page_of("r.jsonl", '{"text": "清河新大\u2028桥合龙。"}\n{}'.encode(), SETTINGS)
    assert [a.lines for a in split_page(read, SETTINGS)] == [(1, 1)]
    assert [s.reason.split(":")[0] for s in skipped_lines(read)] == ["line 2"]


def test_a_form_feed_between_pages_of_a_pdf_parts_two_stories() -> None:
    text = f"清河新大桥合龙\n本报讯 {BRIDGE}\n\x0c柳镇老人免费体检\n本报讯 {CLINIC}\n\x0c"
    found = split_page(page_of("p.txt", text.encode(), SETTINGS), SETTINGS)
    assert [(a.title, a.lines) for a in found] == [
        ("清河新大桥合龙", (1, 4)),
        ("柳镇老人免费体检", (5, 8)),
    ]


def test_a_folder_that_cannot_be_entered_is_named_and_the_rest_is_read(
    tmp_path: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    seeds = tmp_path / "seeds"
    for folder in ("2020", "2021", ".git"):
        (seeds / folder).mkdir(parents=True)
        (seeds / folder / "p.txt").write_text(TEXT, encoding="utf-8")
    for folder in ("2021", ".git"):
        (seeds / folder).chmod(0)
    with unprivileged():
        found = list(read_pages(seeds, SETTINGS))
    assert [p.id for p in found if isinstance(p, Page)] == ["2020/p.txt"]
    assert [p for p in found if isinstance(p, Skipped)] == [
        Skipped("2021", "Permission denied: nothing in this folder is read")
    ]


def test_links_are_read_within_the_seeds_and_folders_behind_links_are_not(tmp_path: Path) -> None:
    seeds, other = tmp_path / "seeds", tmp_path / "other"
    for folder in (seeds / "2020", other):
        folder.mkdir(parents=True)
        (folder / "p.txt").write_text(TEXT, encoding="utf-8")
    (seeds / "again.txt").symlink_to(seeds / "2020" / "p.txt")
    (seeds / "loop").symlink_to(seeds)
    (seeds / "other").symlink_to(other)
    (seeds / "folder.txt").symlink_to(other)
    assert [getattr(p, "id", p) for p in read_pages(seeds, SETTINGS)] == ["2020/p.txt", "again.txt"]
    assert read_page(seeds, "again.txt", SETTINGS).text == TEXT


def test_articles_goes_on_after_what_it_names_and_ends_well(call: Caller, tmp_path: Path) -> None:
    for name, data in {
        "a.txt": TEXT.encode("utf-16"),
        "b.md": TEXT.encode(),
        "c.jsonl": b'{"title": 1}\n{"text": "\xe5\xa5\xbd\xe3\x80\x82"}\n',
        "d.txt": b"\xef\xbb\xbf",
        "e.txt": TEXT.encode("gb18030"),
        "e.articles.toml": b"[[article]]\nlines = 99\n",
    }.items():
        (tmp_path / name).write_bytes(data)
    done = call("articles", "--json", "--seeds", tmp_path)
    assert (done.code, [r["id"] for r in done.rows]) == (
        0, ["b.md/a1", "b.md/a2", "c.jsonl/a2", "e.txt/a1", "e.txt/a2"],
    )  # fmt: skip
    assert done.err.splitlines() == [
        "a.txt: UTF-16 or UTF-32 text: save the page as UTF-8",
        'c.jsonl: line 1: no "text"; write one {"title", "text", …} a line',
        "d.txt: empty",
        "e.articles.toml: [[article]] 1: lines '99': the page has lines 1-16",
    ]
    assert "UTF-16" in call("articles", "--page", "a.txt", "--seeds", tmp_path).complaint
