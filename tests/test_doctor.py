"""`jiwen doctor`: one line for each thing that must work, and what to do where it does not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SEEDS, Caller, Done

Examined = Callable[..., tuple[Done, dict[str, str]]]


@pytest.fixture
def examined(call: Caller, index: Path) -> Examined:
    """The findings by what they are about; the last one where there are several."""

    def examined(*arguments: object, **more: dict[str, str]) -> tuple[Done, dict[str, str]]:
        done = call("doctor", "--seeds", SEEDS, "--index", index, *arguments, **more)
        found = (line.partition(": ") for line in done.out.splitlines())
        return done, {what.split()[-1]: f"{what[0]} {text}" for what, _, text in found}

    return examined


def test_where_all_is_well_every_finding_is_ticked(examined: Examined, index: Path) -> None:
    done, found = examined(env={"TELEGRAM_BOT_TOKEN": "1:secret"})
    assert (done.code, done.err) == (0, "")
    assert list(found) == ["安装", "设置", "模型", "页面", "索引", "机器人"]
    assert {text[0] for text in found.values()} == {"✓"}
    assert "5 页" in found["索引"]
    assert (index / "current").read_text() in found["索引"]
    assert "secret" not in done.out


def test_a_missing_token_is_a_remark_and_no_fault(examined: Examined) -> None:
    done, found = examined()
    assert done.code == 0
    assert found["机器人"].startswith("! 没有设置 TELEGRAM_BOT_TOKEN")


def test_a_missing_index_names_the_command_that_makes_one(
    examined: Examined, tmp_path: Path
) -> None:
    done, found = examined("--index", tmp_path / "none")
    assert done.code == 2
    assert found["索引"].startswith("✗")
    assert "`jiwen index`" in found["索引"]
    assert not (tmp_path / "none").exists()


def test_a_folder_of_somebody_elses_is_left_as_it_is(examined: Examined, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "cache").mkdir(parents=True)
    (theirs / "thesis.txt").touch()
    done, found = examined("--index", theirs)
    assert done.code == 2
    assert "--index" in found["索引"]
    assert sorted(p.name for p in theirs.rglob("*")) == ["cache", "thesis.txt"]


def test_changed_added_and_deleted_pages_are_named(examined: Examined, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS, seeds)
    (seeds / "new.txt").write_text("本报讯 新的一页。", encoding="utf-8")
    gone, changed, *_ = sorted(p for p in seeds.iterdir() if p.name != "new.txt")
    gone.unlink()
    changed.write_bytes(changed.read_bytes() + "。".encode())
    done, found = examined("--seeds", seeds)
    assert done.code == 2
    for name in (gone.name, changed.name, "new.txt", "`jiwen index`"):
        assert name in found["索引"]


def test_files_and_lines_that_are_left_out_are_named(examined: Examined, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (seeds / "rows.jsonl").write_text('{"text": "一句话。"}\n{broken\n', encoding="utf-8")
    done, found = examined("--seeds", seeds)
    assert "! 页面: 跳过 picture.txt: binary data" in done.out
    assert "! 页面: 跳过 rows.jsonl: line 2: not JSON" in done.out
    assert found["页面"].startswith("✓")
    assert "1 页可读" in found["页面"]


@pytest.mark.parametrize("names", [[], ["page.pdf"]])
def test_seeds_without_a_page_say_what_to_put_there(
    examined: Examined, tmp_path: Path, names: list[str]
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in names:
        (seeds / name).touch()
    done, found = examined("--seeds", seeds)
    assert done.code == 2
    assert found["页面"].startswith("✗")
    assert ".jsonl" in found["页面"]


def test_settings_that_cannot_be_read_end_the_examination(
    examined: Examined, tmp_path: Path
) -> None:
    (tmp_path / "jiwen.toml").write_text("[answer]\nkk = 3\n")
    done, found = examined("--config", tmp_path)
    assert done.code == 2
    assert list(found) == ["安装", "设置"]
    assert "kk" in found["设置"]


def test_a_model_that_is_not_there_is_a_finding(examined: Examined, tmp_path: Path) -> None:
    model = json.dumps(str(tmp_path / "model"))
    (tmp_path / "jiwen.toml").write_text(f"[encoder]\nmodel = {model}\n")
    done, found = examined("--config", tmp_path)
    assert done.code == 2
    assert found["模型"].startswith("✗")
    assert "encoder.model" in found["模型"]
