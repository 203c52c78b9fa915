"""Dockerfile, compose file and systemd unit name only what there is: files, commands, variables."""

from __future__ import annotations

import configparser
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

from bot import access, health, places
from bot.cli import cli

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
IGNORE = (ROOT / ".dockerignore").read_text(encoding="utf-8")
UNIT = ROOT / "config" / "systemd" / "jiwen-bot.service"
# Variables that the program reads; those of Python and of libraries are known as such.
VARIABLES = {variable for _, variable, _ in places._OPTIONS} | {
    access.TOKEN_VARIABLE,
    access.BASE_URL_VARIABLE,
    health.STATE_VARIABLE,
}
OTHERS = {"PATH", "LC_ALL", "OMP_NUM_THREADS", "HF_HOME", "PYTHONUNBUFFERED"}
OTHERS |= {"PYTHONDONTWRITEBYTECODE", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR"}
OTHERS |= {"PIP_NO_COMPILE"}


def steps(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile with what they are told, comments and line breaks aside."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in whole.splitlines() if line]


STEPS = steps(DOCKERFILE)


def copied() -> list[str]:
    """What the image takes from the folder that it is built in."""
    told = [words.split() for step, words in STEPS if step == "COPY" and "--from" not in words]
    return [source.rstrip("/") for words in told for source in words[:-1]]


def unit() -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser documents it
    parsed.read(UNIT, encoding="utf-8")
    return parsed


def names_set(text: str) -> set[str]:
    """The variables that a text sets."""
    return set(re.findall(r"\b([A-Z][A-Z0-9_]*[A-Z0-9])=", text))


def test_the_image_is_made_of_files_that_there_are() -> None:
    assert copied()
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_the_image_holds_all_that_the_wheel_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {*wheel["packages"], *wheel["force-include"], "pyproject.toml"}
    wanted |= {project["project"]["readme"], *project["project"]["license-files"]}
    assert wanted <= set(copied())


def test_what_is_copied_is_not_ignored_and_secrets_are() -> None:
    rules = [line for line in IGNORE.splitlines() if line and not line.startswith("#")]
    kept = {rule[1:] for rule in rules if rule.startswith("!")}
    assert rules[0] == "*"
    assert set(copied()) == kept
    for secret in (".env", "config/jiwen.local.toml"):
        assert any(fnmatch(secret, rule) for rule in rules[1:] if not rule.startswith("!"))


def test_the_image_runs_as_nobody_in_particular_and_is_asked_how_it_is() -> None:
    last = [step for step, _ in STEPS][::-1].index("FROM")
    final = STEPS[-last:]
    user = next(words for step, words in final if step == "USER")
    made = next(words for step, words in final if "useradd" in words)
    assert user == "10001:10001"
    assert "--uid 10001" in made
    assert next(words for step, words in final if step == "HEALTHCHECK").endswith(
        'CMD ["jiwen", "health"]'
    )
    assert dict(final)["ENTRYPOINT"] == '["jiwen"]'


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE, UNIT.read_text(encoding="utf-8")])
def test_every_variable_that_is_set_is_read(text: str) -> None:
    given = {name for name in names_set(text) if name.startswith(("JIWEN_", "TELEGRAM_"))}
    assert given <= VARIABLES
    assert given & VARIABLES


def test_variables_that_are_not_ours_are_known() -> None:
    env = " ".join(words for step, words in STEPS if step == "ENV")
    told = " ".join(line for line in UNIT.read_text("utf-8").splitlines() if "Environment=" in line)
    told = told.replace("Environment=", " ")
    assert names_set(env + " " + told) - VARIABLES <= OTHERS


def test_every_command_that_is_run_is_one() -> None:
    run = unit()["Service"]
    started = [run[key].split() for key in ("ExecStartPre", "ExecStart")]
    named = [words[1] for words in started]
    named += re.findall(r"^    command: \[(\w+)\]", COMPOSE, re.MULTILINE)
    named += re.findall(r"\[CMD, jiwen, (\w+)\]", COMPOSE)
    named += re.findall(r'CMD \["(?:jiwen", ")?(\w+)"\]', DOCKERFILE)
    assert set(named) == {"bot", "index", "health"}
    assert set(named) <= set(cli.commands)


def test_what_compose_mounts_is_where_the_image_looks() -> None:
    env = next(words for step, words in STEPS if step == "ENV" and "JIWEN_" in words)
    wanted = dict(re.findall(r"JIWEN_(\w+)=(\S+)", env))
    mounts = dict(re.findall(r"^    - (\S+?):(/\w+)(?::ro)?$", COMPOSE, re.MULTILINE))
    assert (mounts["./seeds"], mounts["./config.local"]) == (wanted["SEEDS"], wanted["CONFIG"])
    for written in (wanted["INDEX"], wanted["STATE"]):
        assert PurePosixPath(mounts["data"]) in PurePosixPath(written).parents
    assert "config.local/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "TELEGRAM_BOT_TOKEN=" in COMPOSE.partition("x-jiwen")[0]


def test_the_unit_writes_only_in_its_own_folder_and_holds_no_token() -> None:
    service = unit()["Service"]
    text = UNIT.read_text(encoding="utf-8")
    hard = {"DynamicUser": "yes", "NoNewPrivileges": "yes", "ProtectSystem": "strict"}
    assert {key: service[key] for key in hard} == hard
    assert service["StateDirectory"] == "jiwen"
    for variable in ("JIWEN_INDEX", "JIWEN_STATE"):
        assert f"{variable}=/var/lib/{service['StateDirectory']}/" in text
    assert service["EnvironmentFile"] == "/etc/jiwen/bot.env"
    assert not re.search(r"Environment=.*TOKEN", text)
