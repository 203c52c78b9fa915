"""Settings: complete defaults, overridden key by key, and every mistake named."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import msgspec
import pytest

import bot.settings
from bot.settings import SHIPPED, BotConfig, read_config
from retrieval.errors import SettingsError
from retrieval.settings import AnswerSettings, Settings


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped folder that a test may write into."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in ("jiwen.toml", "newspapers.toml", "takedown.toml", "userdict.txt"):
        shutil.copy(SHIPPED / name, folder)
    monkeypatch.setattr(bot.settings, "SHIPPED", folder)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's own folder."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_lists_every_key_with_its_default() -> None:
    listed = tomllib.loads((SHIPPED / "jiwen.toml").read_text(encoding="utf-8"))
    defaults = msgspec.to_builtins(Settings())
    for elsewhere in ("newspapers", "pages", "takedown", "words"):
        del defaults[elsewhere]
    defaults["bot"] = {**msgspec.to_builtins(BotConfig()), "allowed_users": [], "admins": []}
    assert listed == defaults


def test_the_shipped_settings_are_the_defaults_and_two_tables(shipped: Path) -> None:
    config = read_config()
    assert config.bot == BotConfig()
    assert config.archive.answer == AnswerSettings()
    assert "辽源日报" in [paper.name for paper in config.archive.newspapers]
    assert "辽源市 3000 ns" in config.archive.words


def test_comments_and_empty_lines_are_no_words(shipped: Path) -> None:
    words = read_config().archive.words
    assert words
    assert not [word for word in words if not word or word.startswith("#")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[answer]\nquotes = 3", "quotes"),
        ("[answer]\nk = 'three'", "k"),
        ("[answer]\nk = 2.5", "k"),
        ("[search]\ncandidates = true", "candidates"),
        ("[answers]\nk = 3", "answers"),
        ("k = 3", "k"),
        ("answer = 3", "answer"),
        ("[newspapers]\nname = 'x'", "newspapers"),
        ("[bot]\ntoken = '1'", "token"),
        ("[bot]\nallowed_users = ['me']", "allowed_users"),
        ("[encoder]\nmodel = 7", "model"),
    ],
)
def test_a_key_or_value_that_is_wrong_is_named_with_its_file(
    own: Path, text: str, told: str
) -> None:
    path = write(own / "jiwen.toml", text)
    with pytest.raises(SettingsError) as caught:
        read_config(own)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[newspaper]]\nnames = 'x'", "names"),
        ("[[newspaper]]\naliases = ['x']", "name"),
        ("[[newspaper]]\nname = 'x'\naliases = 'y'", "aliases"),
        ("[[page]]\nfile = 'x'", "file"),
        ("[[page]]\nfiles = 'x'\ndate = '27.1.2021'", "date"),
        ("[[pages]]\nfiles = 'x'", "pages"),
    ],
)
def test_a_wrong_row_of_the_newspapers_is_named_with_its_file(
    own: Path, text: str, told: str
) -> None:
    path = write(own / "newspapers.toml", text)
    with pytest.raises(SettingsError) as caught:
        read_config(own)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("name", ["jiwen.toml", "newspapers.toml", "jiwen.local.toml"])
@pytest.mark.parametrize("data", [b"[answer", b"k = ", "k = '报'".encode("gb18030")])
def test_what_is_no_toml_is_named(own: Path, name: str, data: bytes) -> None:
    (own / name).write_bytes(data)
    with pytest.raises(SettingsError, match="TOML") as caught:
        read_config(own)
    assert str(own / name) in str(caught.value)


def test_a_user_dictionary_that_is_no_utf_8_is_named(own: Path) -> None:
    (own / "userdict.txt").write_bytes("辽源市".encode("gb18030"))
    with pytest.raises(SettingsError, match=r"userdict\.txt"):
        read_config(own)


@pytest.mark.parametrize("name", ["gone", "file"])
def test_a_folder_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path / "file", "")
    with pytest.raises(SettingsError, match=name):
        read_config(tmp_path / name)


def test_an_empty_folder_changes_nothing(own: Path) -> None:
    assert read_config(own) == read_config()


def test_the_user_overrides_key_by_key(shipped: Path, own: Path) -> None:
    write(shipped / "jiwen.local.toml", "[answer]\nk = 5\nquote_chars = 90")
    write(own / "jiwen.toml", "[answer]\nk = 6\nper_article = 1")
    write(own / "jiwen.local.toml", "[answer]\nk = 7\n[bot]\nallowed_users = [12]")
    config = read_config(own)
    assert config.archive.answer == AnswerSettings(k=7, quote_chars=90, per_article=1)
    assert config.bot == BotConfig(allowed_users=(12,))


def test_a_local_file_needs_no_folder_of_one_s_own(shipped: Path) -> None:
    write(shipped / "jiwen.local.toml", "[search]\ncandidates = 10")
    assert read_config().archive.search.candidates == 10
    assert read_config().archive.answer == AnswerSettings()


def test_the_shipped_folder_is_not_read_twice(shipped: Path) -> None:
    assert read_config(shipped) == read_config()


def test_a_newspaper_is_replaced_by_name_and_a_new_one_added(own: Path) -> None:
    before = [paper.name for paper in read_config().archive.newspapers]
    write(
        own / "newspapers.toml",
        "[[newspaper]]\nname = '辽源日报'\naliases = ['小报']\n[[newspaper]]\nname = '新报'",
    )
    papers = read_config(own).archive.newspapers
    assert [paper.name for paper in papers] == [*before, "新报"]
    (replaced,) = [paper for paper in papers if paper.name == "辽源日报"]
    assert (replaced.aliases, replaced.mastheads) == (("小报",), ())


def test_the_user_s_rules_for_pages_come_first(shipped: Path, own: Path) -> None:
    write(shipped / "newspapers.local.toml", "[[page]]\nfiles = '*'\npage = '1'")
    write(own / "newspapers.toml", "[[page]]\nfiles = 'a*'\n[[page]]\nfiles = 'b*'")
    assert [rule.files for rule in read_config(own).archive.pages] == ["a*", "b*", "*"]


def test_words_are_appended(shipped: Path, own: Path) -> None:
    before = read_config().archive.words
    write(shipped / "userdict.local.txt", "# 注释\n\n安恕镇 300 ns\n")
    write(own / "userdict.txt", "  黎海滨 \r\n")
    assert read_config(own).archive.words == (*before, "安恕镇 300 ns", "黎海滨")


def test_a_byte_order_mark_is_no_part_of_a_word(own: Path) -> None:
    (own / "userdict.txt").write_bytes(b"\xef\xbb\xbf" + "安恕镇".encode())
    assert read_config(own).archive.words[-1] == "安恕镇"


@pytest.mark.parametrize("text", ["[passages]\nmax_chars = 0", "[search]\ncandidates = -1"])
def test_a_number_that_cannot_be_meant_is_refused(own: Path, text: str) -> None:
    write(own / "jiwen.toml", text)
    with pytest.raises(SettingsError):
        read_config(own)
