"""Building: only what changed, never half, one at a time, and nothing that is not ours."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import SEEDS, Caller, command, environment

from bot.reports import build_json, build_report
from retrieval import manifest as manifests
from retrieval.archive import Archive
from retrieval.build import Report
from retrieval.errors import IndexBroken, IndexFolderError, IndexMissing, IndexStale, PageError
from retrieval.settings import PassageSettings, Settings

QUESTION = "梅河口高新区在全省开发区综合实力考评中排第几?"
STORES = {"manifest.json", "register.sqlite", "layout.npy", "records.sqlite", "columns.npy"}
STORES |= {"vectors.faiss", "meta.json", "seal.json"}


@dataclass(frozen=True)
class Built:
    """Two pages and their index, for a test to change."""

    seeds: Path
    index: Path
    settings: Settings
    first: Report

    def build(self, settings: Settings | None = None, *, full: bool = False) -> Report:
        return Archive.build(self.seeds, self.index, settings or self.settings, full=full)

    def open(self, settings: Settings | None = None) -> Archive:
        return Archive.open(self.seeds, self.index, settings or self.settings)

    @property
    def generation(self) -> Path:
        return manifests.current(self.index)

    def files(self) -> dict[str, tuple[int, int]]:
        """Every file of the index but the lock, with its time and size."""
        files = (p for p in self.index.rglob("*") if p.is_file() and p.name != "lock")
        stats = {p.relative_to(self.index).as_posix(): p.stat() for p in files}
        return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in stats.items()}


@pytest.fixture
def built(
    seeds: Path, tmp_path: Path, new_index: Callable[[Path], Path], settings: Settings
) -> Built:
    index = new_index(tmp_path)
    return Built(seeds, index, settings, Archive.build(seeds, index, settings))


def test_where_nothing_changed_nothing_is_written(built: Built) -> None:
    before = built.files()
    report = built.build()
    assert (report.rebuilt, report.generation) == (False, built.first.generation)
    assert report.counts == built.first.counts
    assert built.files() == before


def test_a_new_time_on_an_unchanged_page_changes_nothing(built: Built) -> None:
    os.utime(built.seeds / "000.txt", (1, 1))
    assert not built.build().rebuilt


def test_each_change_makes_a_generation_and_the_one_before_is_kept_once(built: Built) -> None:
    def changed() -> None:
        page = built.seeds / "000.txt"
        page.write_text("# 头条\n\n" + page.read_text(encoding="utf-8"), encoding="utf-8")

    def added() -> None:
        shutil.copy(next(SEEDS.glob("004_*")), built.seeds / "004.txt")

    def deleted() -> None:
        (built.seeds / "001.txt").unlink()

    names = [built.first.generation]
    for change, pages in ((changed, 2), (added, 3), (deleted, 2)):
        change()
        report = built.build()
        assert report.rebuilt
        assert report.counts["pages"] == pages
        names.append(report.generation)
        assert {path.name for path in (built.index / "generations").iterdir()} == set(names[-2:])
        assert built.open().manifest.generation == names[-1]
    assert len(set(names)) == 4


def test_a_renamed_page_is_another_page(built: Built) -> None:
    (built.seeds / "000.txt").rename(built.seeds / "000b.txt")
    report = built.build()
    assert report.generation != built.first.generation
    assert [page for page, _ in built.open().catalogue.pages()] == ["000b.txt", "001.txt"]


def test_what_was_undone_is_the_old_generation_again(built: Built) -> None:
    page = built.seeds / "000.txt"
    old = page.read_bytes()
    page.write_bytes(old + "。".encode())
    built.build()
    page.write_bytes(old)
    assert built.build().generation == built.first.generation


def test_a_full_rebuild_is_the_same_generation_and_never_moves_the_one_in_use(built: Built) -> None:
    folder, archive = built.generation, built.open()
    answer = archive.ask(QUESTION)
    for _ in range(2):
        report = built.build(full=True)
        assert (report.rebuilt, report.generation) == (True, built.first.generation)
        assert built.generation != folder
        assert folder.is_dir(), "who reads the generation before must not lose it"
        folder = built.generation
        assert built.open().ask(QUESTION).quotes == answer.quotes
    assert len(list((built.index / "generations").iterdir())) == 2


def test_another_length_of_passages_makes_the_index_stale_until_it_is_rebuilt(built: Built) -> None:
    other = msgspec.structs.replace(built.settings, passages=PassageSettings(target_chars=120))
    with pytest.raises(IndexStale, match=r"settings.*`jiwen index`"):
        built.open(other)
    report = built.build(other)
    assert report.rebuilt
    assert report.counts["passages"] > built.first.counts["passages"]
    assert built.open(other).ask(QUESTION).quotes
    with pytest.raises(IndexStale):
        built.open()


def test_another_user_dictionary_makes_the_index_stale_until_it_is_rebuilt(built: Built) -> None:
    other = msgspec.structs.replace(built.settings, words=(*built.settings.words, "综合实力考评"))
    with pytest.raises(IndexStale, match=r"user dictionary.*`jiwen index`"):
        built.open(other)
    assert built.build(other).rebuilt
    assert built.open(other).ask(QUESTION).quotes


def test_a_setting_that_shapes_no_passage_leaves_the_index_as_it_is(built: Built) -> None:
    answer = msgspec.structs.replace(built.settings.answer, k=1)
    other = msgspec.structs.replace(built.settings, answer=answer)
    assert len(built.open(other).ask(QUESTION).quotes) == 1


def test_a_format_of_another_version_is_stale(built: Built) -> None:
    path = built.generation / "manifest.json"
    manifest = json.loads(path.read_bytes())
    path.write_text(json.dumps(manifest | {"format": 999, "unheard": "of"}))
    with pytest.raises(IndexStale, match=r"999.*`jiwen index`"):
        built.open()
    assert built.build().rebuilt
    assert built.open().ask(QUESTION).quotes


def files_of(built: Built) -> dict[str, Path]:
    """Every file of the generation in use, its shards' files among them."""
    folder = built.generation
    names = manifests.read_manifest(folder).files
    own = {name: manifests.file_of(folder, name) for name in names}
    return {"manifest.json": folder / "manifest.json", **own}


def test_a_file_that_is_gone_or_short_is_named_when_the_index_is_opened(built: Built) -> None:
    files = files_of(built)
    assert {path.name for path in files.values()} >= STORES
    for name, path in files.items():
        whole = path.read_bytes()
        for left in (whole[:-1], None):
            path.unlink()
            if left is not None:
                path.write_bytes(left)
            with pytest.raises(IndexBroken, match="`jiwen index`") as broken:
                built.open()
            assert name in str(broken.value)
            path.write_bytes(whole)
    assert built.open().ask(QUESTION).quotes


def flips(index: Path, seed: int, *, times: int) -> Iterator[tuple[str, Path, bytes]]:
    """Every file of an index with something in it, each time with one bit that fell over.

    The first and the last byte, and others by chance; the file is whole again afterwards.
    """
    chance = random.Random(seed)
    for path in sorted(p for p in index.rglob("*") if p.is_file() and p.stat().st_size):
        whole = path.read_bytes()
        places = [0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(times))]
        for at in dict.fromkeys(places):
            bit = 1 << chance.randrange(8)
            path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            yield path.relative_to(index).as_posix(), path, whole
            if path.is_file():
                path.write_bytes(whole)


def named(path: str, said: str) -> bool:
    """Whether a file is named, or the file that a seal beside it is of."""
    name = path.removeprefix("generations/").removesuffix(".seal")
    return name in said or name.partition("/")[2] in said


def test_one_flipped_bit_in_any_file_is_found_and_named_by_the_doctor(
    built: Built, call: Caller
) -> None:
    looked = set()
    for name, path, _ in flips(built.index, 4, times=2):
        said = "\n".join(line for line in _examined(built) if not line.startswith("✓"))
        assert named(name, said), (name, said)
        looked.add(path.name)
    assert looked >= STORES | {"current", "jieba.cache", "jieba.cache.seal"}
    assert call("doctor", "--seeds", built.seeds, "--index", built.index).code == 0, "all is whole"


@pytest.mark.slow
def test_one_flipped_bit_in_any_file_is_found_named_and_mended_by_the_next_build(
    built: Built, tmp_path: Path
) -> None:
    good, answer = tmp_path / "good", built.open().ask(QUESTION)
    shutil.copytree(built.index, good, copy_function=shutil.copy2)
    for name, _, _ in flips(good, 5, times=1):
        shutil.rmtree(built.index)
        shutil.copytree(good, built.index, copy_function=shutil.copy2)
        report = built.build()
        assert any(named(name, file) for file in report.damaged), (name, report.damaged)
        assert named(name, build_report(report, built.index).plain)
        assert json.loads(build_json(report, 0.0))["damaged"] == [*report.damaged]
        if not name.startswith("cache/"):
            assert report.rebuilt
            assert built.open().ask(QUESTION).quotes == answer.quotes
        assert built.build().damaged == ()


@pytest.mark.parametrize("name", ["manifest.json", "seal.json"])
def test_bytes_that_are_no_text_are_damage_and_no_crash(built: Built, name: str) -> None:
    answer = built.open().ask(QUESTION)
    path = next(path for path in files_of(built).values() if path.name == name)
    path.write_bytes(path.read_bytes().replace(b"sqlite", b"\xe6qlite", 1))
    assert any(name in line for line in _examined(built) if not line.startswith("✓"))
    assert any(name in file for file in built.build().damaged)
    assert built.open().ask(QUESTION).quotes == answer.quotes


@pytest.mark.parametrize(
    "store", ["vectors.faiss", "records.sqlite", "meta.json", "register.sqlite"]
)
def test_what_is_damaged_is_not_built_upon(built: Built, store: str) -> None:
    answer = built.open().ask(QUESTION)
    path = next(path for path in files_of(built).values() if path.name == store)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert not any(line.startswith("✓") for line in _examined(built) if "索引" in line)
    assert built.build().rebuilt
    assert any(line.startswith("✓") for line in _examined(built) if "索引" in line)
    assert built.open().ask(QUESTION).quotes == answer.quotes


def _examined(built: Built) -> list[str]:
    from bot.doctor import examine
    from bot.places import Places

    return [finding.text.plain for finding in examine(Places(built.seeds, built.index, None))]


@pytest.mark.parametrize("pointer", [b"", b"0000", b"../../seeds", b"\xff", b"current"])
def test_a_spoilt_pointer_is_named_and_mended(
    tmp_path: Path, index: Path, settings: Settings, pointer: bytes
) -> None:
    copy = tmp_path / "index"
    shutil.copytree(index, copy)
    (copy / "current").write_bytes(pointer)
    with pytest.raises(IndexBroken, match=r"current.*`jiwen index`"):
        manifests.current(copy)


def test_a_missing_index_names_the_command_that_makes_one(
    tmp_path: Path, settings: Settings
) -> None:
    for index in (tmp_path / "none", tmp_path):
        with pytest.raises(IndexMissing, match="`jiwen index`"):
            Archive.open(SEEDS, index, settings)
    assert list(tmp_path.iterdir()) == []


def _folder(path: Path) -> None:
    (path / "cache").mkdir(parents=True)
    (path / "building").mkdir()
    (path / "building" / "thesis.txt").write_text("三年的心血")
    (path / "current").write_text("0")


def _file(path: Path) -> None:
    path.write_text("三年的心血")


def _link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


@pytest.mark.parametrize("make", [_folder, _file, _link_to_nowhere])
def test_what_is_somebody_elses_is_never_touched(
    tmp_path: Path, settings: Settings, make: Callable[[Path], None]
) -> None:
    foreign = tmp_path / "theirs"
    make(foreign)
    before = {path: path.lstat() for path in tmp_path.rglob("*")}
    with pytest.raises(IndexBroken, match="--index"):
        Archive.build(SEEDS, foreign, settings)
    with pytest.raises(IndexBroken, match="--index"):
        Archive.open(SEEDS, foreign, settings)
    assert manifests.cache_folder(foreign) is None, "jieba must not put its table there"
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == {
        path: stat.st_mtime_ns for path, stat in before.items()
    }


def test_a_file_laid_into_the_index_later_is_left_alone(built: Built) -> None:
    (built.index / ".DS_Store").touch()
    assert not built.build().rebuilt
    (built.index / "notes.txt").touch()
    with pytest.raises(IndexBroken):
        built.build(full=True)


def test_a_build_without_a_readable_page_leaves_the_index_as_it_was(built: Built) -> None:
    before = built.files()
    for page in built.seeds.iterdir():
        page.write_bytes(b"\0")
    with pytest.raises(PageError, match="no page that can be read"):
        built.build()
    shutil.rmtree(built.seeds)
    with pytest.raises(PageError, match="--seeds"):
        built.build()
    assert built.files() == before


def test_an_index_that_cannot_be_written_is_said_and_still_answers(
    built: Built, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    page = built.seeds / "000.txt"
    page.write_bytes(page.read_bytes() + "。".encode())
    for folder in (built.index, built.index / "generations"):
        folder.chmod(0o555)
    with unprivileged():
        with pytest.raises(IndexFolderError, match=r"cannot be written.*--index"):
            built.build()
        assert built.open().ask(QUESTION).quotes
    for folder in (built.index, built.index / "generations"):
        folder.chmod(0o755)


def test_an_index_cannot_be_made_below_a_file(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexFolderError, match=r"cannot be written.*--index"):
        Archive.build(SEEDS, tmp_path / "file" / "index", settings)


# A `jiwen index` that kills itself just before it does ``event`` to a path that ends so.
_KILLED_AT = """
import os, signal, sys
event, ending, *sys.argv[1:] = sys.argv[1:]
def kill(name, arguments):
    if name == event and any(isinstance(a, (str, os.PathLike)) and os.fspath(a).endswith(ending) for a in arguments):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
from bot import cli
cli.main()
"""
STEPS = [
    ("os.mkdir", "/building"),
    ("sqlite3.connect", "/records.sqlite"),
    ("open", "/columns.npy"),
    ("open", "/seal.json"),
    ("os.rename", ".records"),
    ("os.rename", ".lexicon"),
    ("os.rename", ".vectors"),
    ("sqlite3.connect", "/register.sqlite"),
    ("open", "/layout.npy"),
    ("open", "/manifest.json"),
    ("os.mkdir", "/generations"),
    ("os.rename", "/building/generation"),
    ("open", "/current.new"),
    ("os.rename", "/current.new"),
]


def test_a_first_build_killed_at_any_step_leaves_no_index_and_the_next_one_ends_well(
    seeds: Path, tmp_path: Path, new_index: Callable[[Path], Path], settings: Settings
) -> None:
    index = new_index(tmp_path)
    for event, ending in STEPS:
        arguments = [event, ending, "index", "--seeds", str(seeds), "--index", str(index)]
        done = subprocess.run(
            [sys.executable, "-c", _KILLED_AT, *arguments],
            env=environment(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, (event, ending, done.stderr.decode())
        with pytest.raises(IndexMissing, match="`jiwen index`"):
            Archive.open(seeds, index, settings)
    report = Archive.build(seeds, index, settings)
    assert report.rebuilt
    assert Archive.open(seeds, index, settings).ask(QUESTION).quotes
    assert [path.name for path in (index / "generations").iterdir()] == [report.generation]
    assert not (index / "building").exists()


def _building(seeds: Path, index: Path) -> dict[str, Any]:
    return {
        "args": command("index", "--full", "--seeds", seeds, "--index", index),
        "env": environment(),
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }


def _until_writing(process: subprocess.Popen[bytes], index: Path) -> None:
    while process.poll() is None and not (index / "building").exists():
        time.sleep(0.005)


def _until_written(process: subprocess.Popen[bytes], index: Path) -> float:
    """The seconds that an undisturbed build is at work on its files."""
    _until_writing(process, index)
    started = time.monotonic()
    assert process.wait() == 0
    return time.monotonic() - started


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_last_good_generation(
    tmp_path: Path, new_index: Callable[[Path], Path], settings: Settings
) -> None:
    seeds, copy = tmp_path / "seeds", tmp_path / "undisturbed"
    shutil.copytree(SEEDS, seeds)
    index = new_index(tmp_path)
    good = Archive.build(seeds, index, settings).generation
    for n in range(5):
        shutil.copytree(SEEDS, seeds / str(n))
    copy.mkdir()
    at_work = _until_written(subprocess.Popen(**_building(seeds, new_index(copy))), copy / "index")
    wanted = manifests.current(copy / "index").name
    chance = random.Random(8)
    killed = 0
    for _ in range(8):
        process = subprocess.Popen(**_building(seeds, index))
        _until_writing(process, index)
        time.sleep(at_work * chance.random())
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        archive = Archive.open(seeds, index, settings)
        assert archive.manifest.generation in (good, wanted)
        assert archive.ask(QUESTION).quotes
    assert killed, "some builds must still have been at work"
    assert Archive.build(seeds, index, settings).generation == wanted
    archive = Archive.open(seeds, index, settings)
    assert manifests.damaged(manifests.current(index), archive.manifest) == []
    assert all(not failed for _, _, failed in archive.check())


def test_of_two_builds_at_once_one_is_told_to_wait(built: Built, call: Caller) -> None:
    page = built.seeds / "000.txt"
    page.write_bytes(page.read_bytes() + "。".encode())
    second: list[str] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "write" and not second:
            asked = call("index", "--seeds", built.seeds, "--index", built.index)
            second.append(asked.complaint)

    report = Archive.build(built.seeds, built.index, built.settings, progress=meanwhile)
    assert "another `jiwen index` is at work" in second[0]
    assert report.rebuilt
    assert built.open().manifest.generation == report.generation


def test_a_question_is_answered_while_the_index_is_built(built: Built) -> None:
    page = built.seeds / "000.txt"
    page.write_bytes(page.read_bytes() + "。".encode())
    heard: set[tuple[str, str]] = set()

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage not in {name for name, _ in heard}:
            heard.add((stage, built.open().manifest.generation))

    report = Archive.build(built.seeds, built.index, built.settings, progress=meanwhile)
    assert {stage for stage, _ in heard} == {"read", "split", "tokenise", "encode", "write"}
    assert {generation for _, generation in heard} == {built.first.generation}
    assert report.generation != built.first.generation


def test_progress_counts_up_to_its_total(built: Built) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    Archive.build(
        built.seeds,
        built.index,
        built.settings,
        full=True,
        progress=lambda stage, done, total: told.setdefault(stage, []).append((done, total)),
    )
    assert list(told) == ["read", "split", "tokenise", "encode", "write"]
    for stage, counts in told.items():
        assert [done for done, _ in counts] == sorted(done for done, _ in counts)
        assert stage == "read" or counts[-1][0] == counts[-1][1] > 0
