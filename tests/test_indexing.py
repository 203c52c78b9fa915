"""`jiwen index`: what it reports, that it follows a folder, and that a full disk harms nothing."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Caller, command, environment

from bot import indexing
from bot.places import Places
from retrieval import manifest as manifests
from retrieval.archive import Archive
from retrieval.settings import Settings

QUESTION = "梅河口高新区在全省开发区综合实力考评中排第几?"


def test_a_report_as_json_says_what_was_done(
    seeds: Path, tmp_path: Path, new_index: Callable[[Path], Path], call: Caller
) -> None:
    places = ("--seeds", seeds, "--index", new_index(tmp_path))
    (seeds / "broken.txt").write_bytes(b"\0")
    (first,) = call("index", "--json", *places).rows
    assert (first["rebuilt"], first["pages"], first["split"]) == (True, 2, 2)
    assert first["skipped"] == [{"file": "broken.txt", "reason": first["skipped"][0]["reason"]}]
    (second,) = call("index", "--json", *places).rows
    assert (second["rebuilt"], second["split"]) == (False, 0)
    assert second["skipped"] == first["skipped"]
    assert second["generation"] == first["generation"]
    page = seeds / "000.txt"
    page.write_text("# 头条\n\n" + page.read_text(encoding="utf-8"), encoding="utf-8")
    (third,) = call("index", "--json", *places).rows
    assert (third["rebuilt"], third["pages"]) == (True, 2)
    assert third["generation"] != first["generation"]


class _EndedError(Exception):
    pass


def test_watching_builds_when_the_folder_changes_and_only_then(
    seeds: Path,
    tmp_path: Path,
    new_index: Callable[[Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = Places(seeds, new_index(tmp_path), None)
    built: list[int] = []
    monkeypatch.setattr(
        indexing, "indexed", lambda places, **_: built.append(len(list(seeds.iterdir())))
    )
    moves: list[Callable[[], object]] = [
        lambda: None,
        lambda: (seeds / "002.txt").write_text("新的一页。", encoding="utf-8"),
        lambda: None,
        lambda: (seeds / "002.txt").write_text("新的一页, 改过了。", encoding="utf-8"),
        lambda: (seeds / "000.txt").unlink(),
        lambda: (seeds / "notes.pdf").touch(),
    ]

    def pause(_: float) -> None:
        if not moves:
            raise _EndedError
        moves.pop(0)()

    with pytest.raises(_EndedError):
        indexing.watched(places, pause=pause)
    assert built == [2, 3, 3, 2]


def test_watching_goes_on_where_a_build_cannot(
    seeds: Path,
    tmp_path: Path,
    new_index: Callable[[Path], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = Places(seeds, new_index(tmp_path), None)
    data = {page: page.read_bytes() for page in seeds.iterdir()}
    for page in data:
        page.unlink()
    moves = [lambda: [page.write_bytes(held) for page, held in data.items()]]

    def pause(_: float) -> None:
        if not moves:
            raise _EndedError
        moves.pop(0)()

    with pytest.raises(_EndedError):
        indexing.watched(places, pause=pause)
    said = capsys.readouterr().err
    assert "no page that can be read" in said
    assert "已建好: 2 页" in said


@pytest.mark.parametrize("kilobytes", [8, 32, 64])
def test_a_disk_that_is_full_leaves_the_index_as_it_was(
    seeds: Path,
    tmp_path: Path,
    new_index: Callable[[Path], Path],
    settings: Settings,
    kilobytes: int,
) -> None:
    index = new_index(tmp_path)
    good = Archive.build(seeds, index, settings).generation
    page = seeds / "000.txt"
    page.write_bytes(page.read_bytes() + "。".encode())

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    done = subprocess.run(
        command("index", "--full", "--seeds", seeds, "--index", index),
        env=environment(PYTHONDONTWRITEBYTECODE="1"),  # half a module would be kept
        capture_output=True,
        check=False,
        preexec_fn=limit,
    )
    said = done.stderr.decode().splitlines()
    assert done.returncode == 2, said
    assert "cannot be written" in said[-1]
    archive = Archive.open(seeds, index, settings)
    assert archive.manifest.generation == good
    assert archive.ask(QUESTION).quotes
    assert manifests.damaged(manifests.current(index), archive.manifest) == []
    assert Archive.build(seeds, index, settings).rebuilt


def test_progress_is_quiet_where_there_is_no_terminal(
    seeds: Path, tmp_path: Path, new_index: Callable[[Path], Path]
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bot.cli",
            "index",
            "--json",
            "--seeds",
            seeds,
            "--index",
            new_index(tmp_path),
        ],
        env=environment(),
        capture_output=True,
        check=True,
    )
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") <= 5
