"""A datum walks forward: each module imports only from its left, each engine through one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from retrieval import manifest

ROOT = Path(__file__).parent.parent
# The reading order. A new module takes its place here, right of all that it imports.
ORDER = """
    records errors settings layout seals folding phrases smalltalk numerals lookalikes sequences legibility cleaning
    almanac filenames folios imprint corrections files pages lines marks names bylines shapes blocks joints recurrence surroundings
    signs clues readings division headlines pinned rows articles review
    continuations periods events festivals reckoning eras dates passages
    tokens spelling matter mentions cutters modelfiles wordrows encoder wordembedding abreast codes rowfile scan vectors inverted dead lexicon ledger stories register roll catalogue
    holdings issues manifest stores recall tools proof
    leads excerpts context entries counters asking asides query entities holding evidence leanings weights sightings alignment search findings answer whereabouts
    census tally timeline reprints takedown homophones reader quoter generations survey plan past making crew build archive
    reliability measures qrels noise
""".split()  # noqa: SIM905 -- reads better
RETRIEVAL = sorted((ROOT / "retrieval").glob("*.py"))
TRAINING = sorted((ROOT / "retrieval" / "training").rglob("*.py"))
BOT = sorted((ROOT / "bot").rglob("*.py"))
EVERYWHERE = [*RETRIEVAL, *TRAINING, *BOT]

# Each engine, and where alone it may be imported.
DOORS = {
    "faiss": ["retrieval/codes.py", "retrieval/scan.py", "retrieval/training/"],
    "tantivy": ["retrieval/inverted.py"],
    "jieba": ["retrieval/tokens.py", "retrieval/training/"],
    "rjieba": ["retrieval/tokens.py", "retrieval/training/"],
    "sentence_transformers": [
        "retrieval/encoder.py",
        "retrieval/wordembedding.py",
        "retrieval/training/",
    ],
    "daachorse": ["retrieval/cutters.py"],
    "sqlite3": [
        "retrieval/ledger.py",
        "retrieval/register.py",
        "retrieval/roll.py",
        "bot/state.py",
    ],
    "opencc": ["retrieval/folding.py"],
    "pypinyin": ["retrieval/homophones.py"],
    "cnlunar": ["retrieval/almanac.py"],
    "telegram": ["bot/telegram/", "bot/telegram.py"],
    "prometheus_client": ["bot/probe.py"],
    "click": ["bot/", "retrieval/training/"],
    "rich": ["bot/", "retrieval/training/"],
    "PIL": ["bot/chart.py"],
}
RUNS_WHAT_IT_READS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
# What may change without making an index stale: errors are words for people, and the values of
# settings are digested themselves; a seal says whether a file is whole, and nothing of what is in it.
NO_RULES = {"abreast", "errors", "seals", "settings"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, those inside its functions too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path)}: write the whole name of what is imported"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in modules(path)}


def neighbours(path: Path) -> set[str]:
    """The modules of ``retrieval`` that a file imports."""
    parts = [name.split(".") for name in modules(path)]
    known = {p.stem for p in RETRIEVAL} | {"training"}
    return {p[1] for p in parts if p[0] == "retrieval" and len(p) > 1 and p[1] in known}


def calls(path: Path) -> set[str]:
    """The plain names that a file calls."""
    found = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return {func.id for func in found if isinstance(func, ast.Name)}


@pytest.mark.parametrize("path", [p for p in RETRIEVAL if p.stem != "__init__"], ids=place)
def test_a_module_imports_only_from_its_left(path: Path) -> None:
    assert path.stem in ORDER, "a new module: give it its place in the reading order"
    left = ORDER[: ORDER.index(path.stem)]
    assert neighbours(path) <= set(left)


def test_every_place_of_the_order_is_taken() -> None:
    assert sorted(ORDER) == sorted(p.stem for p in RETRIEVAL if p.stem != "__init__")


@pytest.mark.parametrize("path", RETRIEVAL, ids=place)
def test_retrieval_knows_no_bot_and_no_terminal(path: Path) -> None:
    assert not packages(path) & {"bot", "telegram", "click", "rich", "argparse"}
    assert "print" not in calls(path)
    assert "input" not in calls(path)


@pytest.mark.parametrize("path", TRAINING, ids=place)
def test_training_knows_no_bot(path: Path) -> None:
    assert not packages(path) & {"bot", "telegram"}


@pytest.mark.parametrize("package", DOORS)
def test_an_engine_has_one_door(package: str) -> None:
    inside = [place(path) for path in EVERYWHERE if package in packages(path)]
    allowed = tuple(DOORS[package])
    assert [name for name in inside if not name.startswith(allowed)] == []


@pytest.mark.parametrize("package", ["faiss", "tantivy", "jieba", "sqlite3", "opencc", "telegram"])
def test_an_engine_is_still_behind_its_door(package: str) -> None:
    assert [path for path in EVERYWHERE if package in packages(path)]


@pytest.mark.parametrize("path", EVERYWHERE, ids=place)
def test_nothing_runs_what_it_reads(path: Path) -> None:
    assert not packages(path) & RUNS_WHAT_IT_READS
    assert not calls(path) & {"eval", "exec", "compile", "__import__"}
    switched = {
        keyword.arg
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if isinstance(keyword.value, ast.Constant) and keyword.value.value is True
    }
    assert not switched & {"allow_pickle", "trust_remote_code", "shell"}


def reached(stems: list[str]) -> set[str]:
    """These modules and all that they import, however far."""
    seen: set[str] = set()
    while stems:
        stem = stems.pop()
        if stem not in seen:
            seen.add(stem)
            stems += neighbours(ROOT / "retrieval" / f"{stem}.py")
    return seen


def test_what_decides_what_is_stored_makes_an_index_stale() -> None:
    storing = reached(["articles", "passages", "tokens", "lexicon", "catalogue", "context"])
    assert storing - NO_RULES - set(manifest._RULES) == set()


def test_every_rule_is_a_module() -> None:
    assert [r for r in manifest._RULES if not (ROOT / "retrieval" / f"{r}.py").is_file()] == []
