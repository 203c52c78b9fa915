"""The killer of builds: it knows how far a build was, and no difference of two indexes escapes it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import SEEDS

from retrieval import manifest as manifests
from retrieval.archive import Archive
from retrieval.context import encoded_text
from retrieval.lexicon import Lexicon
from retrieval.proof import Prover
from retrieval.settings import Settings
from retrieval.stores import open_stores
from retrieval.tools import Tools, open_tools
from retrieval.vectors import Vectors
from tests.benchmarks import kills
from tests.benchmarks.contents import UnsoundError, contents, differing
from tests.benchmarks.kills import STAGES, Before, LostError, outlived, stage_of, workers_in
from tests.benchmarks.processes import end, in_session

QUESTIONS = ("辽源市冬季植树一共栽了多少棵树?",)


@pytest.fixture(scope="module")
def tools(index: Path, settings: Settings) -> Tools:
    return open_tools(index, settings)


@pytest.mark.parametrize(
    ("there", "stage"),
    [
        ((), "read"),
        (("building/",), "read"),
        (("building/ab.records-7/",), "split"),
        (("building/ab.records-7/", "building/cd.lexicon-8/"), "tokenise"),
        (("building/ab.vectors-7/", "building/cd.lexicon-8/"), "encode"),
        (("building/ab.vectors-7/", "building/generation/"), "write"),
        (("building/generation/", "current.new"), "switch"),
        (("building/", "generations/new/"), "switch"),
        (("building/", "generations/new/", "current=new"), "switch"),
    ],
)
def test_what_lies_in_an_index_says_how_far_a_build_was(
    tmp_path: Path, there: tuple[str, ...], stage: str
) -> None:
    (tmp_path / "generations" / "old").mkdir(parents=True)
    (tmp_path / "current").write_text("old")
    before = Before.of(tmp_path)
    for name in there:
        path, _, text = name.partition("=")
        if name.endswith("/"):
            (tmp_path / path).mkdir(parents=True, exist_ok=True)
        else:
            (tmp_path / path).write_text(text)
    assert stage_of(tmp_path, before) == stage
    assert stage in STAGES
    assert workers_in(tmp_path) == len({n[-2] for n in there if n[-2].isdigit()})


def test_the_same_pages_are_the_same_contents(
    tmp_path: Path, index: Path, settings: Settings, tools: Tools, new_index: Callable[[Path], Path]
) -> None:
    other = new_index(tmp_path)
    Archive.build(SEEDS, other, settings)
    one, two = (contents(SEEDS, i, tools, QUESTIONS) for i in (index, other))
    assert differing(one, two) == []
    assert len(one["counts"]) > 1000
    assert min(one["counts"].values()) > 0
    assert len(one["vectors"]) == len(one["passages"]) * tools.encoder.dimension * 4
    shutil.copytree(SEEDS, tmp_path / "seeds")
    page = next((tmp_path / "seeds").glob("000*"))
    page.write_bytes(page.read_bytes() + "\n# 又栽树\n\n本报讯 全市又栽树五棵。\n".encode())
    Archive.build(tmp_path / "seeds", other, settings)
    changed = contents(tmp_path / "seeds", other, tools, QUESTIONS)
    assert {"generation", "pages", "articles", "passages", "vectors"} <= {*differing(one, changed)}


def test_vectors_are_compared_as_they_are_stored(index: Path, tools: Tools) -> None:
    found = contents(SEEDS, index, tools, ())
    folder = manifests.current(index)
    catalogue = open_stores(folder, manifests.read_manifest(folder))[0]
    texts = [encoded_text(p, catalogue.article(p.article_id)) for p in found["passages"]]
    columns = np.frombuffer(found["vectors"], np.float32).reshape(tools.encoder.dimension, -1)
    stored = tools.encoder.encode_passages(texts).astype(np.float16)
    # How many texts are encoded at once moves the last bit of a number now and then.
    assert (stored == columns.T / 2.0**20).mean() > 0.99
    np.testing.assert_allclose(columns.T / 2.0**20, stored, rtol=2e-3, atol=1e-7)
    catalogue.close()


def test_a_smallest_difference_is_one(
    index: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = contents(SEEDS, index, tools, QUESTIONS)
    scores, count = Vectors.scores, Lexicon.count

    def nudged(self: Vectors, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
        found = scores(self, query, rows)
        found[3] = np.nextafter(found[3], np.float32(9)) if query[7] > 0 else found[3]
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Vectors, "scores", nudged)
        assert "vectors" in differing(one, contents(SEEDS, index, tools, QUESTIONS))
    with monkeypatch.context() as patch:
        patch.setattr(Lexicon, "count", lambda self, word: count(self, word) + (word == "植树"))
        assert "counts" in differing(one, contents(SEEDS, index, tools, QUESTIONS))


def test_what_is_damaged_or_unproven_is_not_compared(
    tmp_path: Path, index: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "index"
    shutil.copytree(index, copy)
    path = next(copy.rglob("columns.npy"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(UnsoundError, match=r"columns\.npy"):
        contents(SEEDS, copy, tools, QUESTIONS)
    monkeypatch.setattr(Prover, "check", lambda *_: ["not there"])
    with pytest.raises(UnsoundError, match="not proven: 000"):
        contents(SEEDS, index, tools, QUESTIONS)


def test_a_process_that_outlives_its_own_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = "import time; print('up', flush=True); time.sleep(60)"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {inner!r}]).wait()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.wait()
    (orphan,) = in_session(process.pid)
    monkeypatch.setattr(kills, "_PATIENCE_S", 0.1)
    with pytest.raises(LostError, match=str(orphan)):
        outlived(process.pid)
    end(process.pid)
    process.stdout.close()
    monkeypatch.undo()
    assert outlived(process.pid) < 5


@pytest.mark.slow
def test_killed_builds_recover() -> None:
    run = CliRunner().invoke(kills.main, ["2", "--seed", "4"], catch_exceptions=False)
    assert run.output.startswith("2 builds killed in ")
    assert "hit: the group" in run.output
