"""Every command that the README shows exists, and those that answer do answer."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(?:sh)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Commands that wait for a reader, and one that wants more articles than five pages hold.
_WAITING = ("jiwen chat", "jiwen bot", "jiwen adapt")
_PICTURE = re.compile(r'<img src="(.*?)" width="\d+" alt="(.*?)">')
_PICTURE_BYTES = 200_000  # a page with three of them opens on a phone without a wait


def shown(program: str) -> list[str]:
    """The command lines of ``program`` in the README's code, without comments and prompts."""
    lines = (line for block in _FENCE.findall(README) for line in block.splitlines())
    return [command for line in lines for command in _commands(line) if command.startswith(program)]


def _commands(line: str) -> Iterator[str]:
    for part in line.removeprefix("$ ").split(" && "):
        yield re.sub(r"\s+#.*$", "", part).strip()


def test_the_first_code_stands_within_the_first_screen() -> None:
    assert README[: README.index("```")].count("\n") < 20


@pytest.mark.parametrize(("path", "told"), _PICTURE.findall(README))
def test_every_picture_is_small_and_told_in_both_languages(path: str, told: str) -> None:
    assert (ROOT / path).read_bytes().startswith(b"\x89PNG")
    assert (ROOT / path).stat().st_size <= _PICTURE_BYTES
    assert re.search(r"[\u4e00-\u9fff]{2}", told)
    assert re.search(r"[a-z]{2} [a-z]{2}", told)


def test_no_picture_is_missed() -> None:
    assert len(_PICTURE.findall(README)) == README.count("<img")
    drawn = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.png")}
    assert {path for path, _ in _PICTURE.findall(README)} == drawn


@pytest.mark.parametrize("command", shown("make "))
def test_every_make_target_exists(command: str) -> None:
    target = shlex.split(command)[1]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("command", shown("jiwen "))
def test_every_command_parses(command: str) -> None:
    words = shlex.split(command.partition(" < ")[0])[1:]
    name = words[0]
    assert name in cli.commands
    run = CliRunner().invoke(cli, [*words[: words.index(name) + 1], "--help"])
    assert run.exit_code == 0
    options = [word for word in words if word.startswith("--")]
    assert all(option in run.output for option in options)


@pytest.mark.parametrize("command", [c for c in shown("jiwen ") if not c.startswith(_WAITING)])
def test_every_command_runs(command: str, tmp_path: Path, index: Path) -> None:
    words = shlex.split(command.partition(" < ")[0])[1:]
    run = subprocess.run(
        [sys.executable, "-m", "bot.cli", *words],
        env={**os.environ, "JIWEN_INDEX": str(index), "JIWEN_SEEDS": str(ROOT / "seeds")},
        input="订阅辽源日报打什么电话?\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout or "index" in words


def test_the_first_answer_is_printed_as_it_stands(index: Path) -> None:
    prompt, _, answer = _FENCE.findall(README)[0].partition("\n")
    run = subprocess.run(
        [sys.executable, "-m", "bot.cli", *shlex.split(prompt.removeprefix("$ "))[1:]],
        env={**os.environ, "JIWEN_INDEX": str(index), "JIWEN_SEEDS": str(ROOT / "seeds")},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stdout.strip() == answer.strip()
