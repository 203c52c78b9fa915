"""The benchmark of scale: pages as many as are wanted, figures that add up, dead steps told."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
import zstandard
from click.testing import CliRunner

from retrieval.articles import split_page
from retrieval.pages import Skipped, read_pages
from retrieval.settings import Settings
from tests.benchmarks import processes
from tests.benchmarks.scale import machine, runs
from tests.benchmarks.scale.__main__ import main, pages
from tests.benchmarks.scale.clock import Clock, spread_ms
from tests.benchmarks.scale.drawing import PANELS, SERIES, Scale, drawing
from tests.benchmarks.scale.given import Given
from tests.benchmarks.scale.material import passages_of, write_pages
from tests.benchmarks.scale.runs import ROOT, StepFailedError, measured, taken
from tests.benchmarks.scale.steps import STEPS
from tests.benchmarks.scale.table import BEGIN, END, ROWS, Row, block, table, with_block

ITEM = {
    "title": "植树",
    "text": "全市冬季植树工作结束, 共栽树2677棵。园林职工日夜养护, 沿街商户爱护树木。" * 2,
}
SVG = "{http://www.w3.org/2000/svg}"
ROOM_MB = 4096.0


def corpus_in(folder: Path, *, sentences: int = 1) -> Path:
    """A corpus of thirty items in each file; those of the second are ``sentences`` times as long."""
    (folder / "text").mkdir(parents=True)
    for name, times in (("news_tv", 1), ("news_web", sentences)):
        line = json.dumps(ITEM | {"text": ITEM["text"] * times}, ensure_ascii=False).encode()
        data = zstandard.compress(b"\n".join([line] * 30) + b"\n")
        (folder / "text" / f"{name}.jsonl.zst").write_bytes(data)
    return folder


def silent(*_: object) -> None:
    """Hear nothing."""


def test_pages_are_the_same_each_time_and_vary_past_the_size_of_the_corpus(
    tmp_path: Path, settings: Settings
) -> None:
    corpus = corpus_in(tmp_path)
    counts = [write_pages(corpus, tmp_path / name, 300) for name in ("one", "other")]
    files = sorted((tmp_path / "one").iterdir())
    assert counts == [len(files)] * 2
    assert [f.read_bytes() for f in files] == [
        (tmp_path / "other" / f.name).read_bytes() for f in files
    ]
    pages = [p for p in read_pages(tmp_path / "one", settings) if not isinstance(p, Skipped)]
    bodies = [a.body.text for page in pages for a in split_page(page, settings)]
    assert len(bodies) >= 120
    assert len(set(bodies[:60])) == 1
    assert len(set(bodies[60:])) > 50
    write_pages(corpus, tmp_path / "third", 300, seed=18)
    assert (tmp_path / "third" / "000000.jsonl").read_bytes() != files[0].read_bytes()


@pytest.mark.parametrize("sentences", [1, 9])
def test_there_are_as_many_passages_as_are_wanted(
    tmp_path: Path, settings: Settings, sentences: int
) -> None:
    corpus, seeds = corpus_in(tmp_path, sentences=sentences), tmp_path / "seeds"
    heard: list[int] = []
    wanted = 9_000
    pages(corpus, seeds, wanted, seed=1, tell=lambda _, done, total: heard.append(done))
    names = [p.relative_to(seeds).as_posix() for p in seeds.rglob("*") if p.suffix != ".toml"]
    assert len(names) > 60, "some pages are not counted one by one"
    real = sum(passages_of(seeds, name, settings) for name in names)
    assert real == pytest.approx(wanted, rel=0.01)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(real, rel=0.01)


def test_the_five_pages_are_taken_as_they_are(tmp_path: Path) -> None:
    pages(tmp_path, tmp_path / "seeds", 5, seed=1, tell=silent)
    files = {p.name: p.read_bytes() for p in (tmp_path / "seeds").iterdir()}
    assert files == {p.name: p.read_bytes() for p in (ROOT / "seeds").iterdir()}


def figures(n: int, **more: object) -> dict[str, object]:
    """Figures of a size, each the number of passages to the power of one half."""
    keys = {key: math.sqrt(n) for row in ROWS for key in row.keys}
    return keys | {"passages": n, "failed": {}, **more}


def test_the_table_holds_every_figure_and_how_it_grows() -> None:
    lines = table([figures(100), figures(10_000)]).splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert lines[0] == "| passages | 100 | 10,000 | growth |"
    assert lines[4] == "| built, s | 10.0 | 100.0 | 0.50 |"
    assert "| a question, ms: p50 · p95 | 10.0 · 10.0 | 100.0 · 100.0 | 0.50 |" in lines
    assert {line.count("|") for line in lines} == {5}


def test_of_what_was_not_measured_the_cells_are_empty() -> None:
    without = {k: v for k, v in figures(10_000).items() if not k.startswith("bm25s")}
    lines = table([figures(100), without, figures(1_000_000)]).splitlines()
    asked = next(line for line in lines if line.startswith("| bm25s + FAISS Flat: built"))
    assert asked == "| bm25s + FAISS Flat: built of split passages, s | 10.0 |  | 1,000.0 | – · – |"
    assert "bm25s" not in table([without])


def test_a_step_that_failed_says_why_once() -> None:
    kept = {k: v for k, v in figures(100).items() if not k.startswith("bm25s")}
    kept["failed"] = {"bm25s_build": "does not fit in 12 GB"}
    text = table([figures(10), kept])
    assert text.count("does not fit in 12 GB") == 1
    assert "built of split passages, s | 3.2 | does not fit in 12 GB | – |" in text


def test_lists_are_written_one_by_one() -> None:
    row = Row("workers", ("mb",), "{:.0f}", "build")
    assert row.cell({"mb": [380.2, 12.0]}) == "380 · 12"
    assert row.cell({"mb": []}) == row.cell({}) == ""


def test_every_row_is_of_a_step_that_is_taken() -> None:
    assert {row.step for row in ROWS} <= set(STEPS)
    keys = {key for panel in PANELS for key in panel.keys}
    assert keys - {key for row in ROWS for key in row.keys} <= {
        "plain_build_cpu_s",
        "bm25s_build_cpu_s",
    }


def drawn(*measured: dict[str, object]) -> ElementTree.Element:
    return ElementTree.fromstring(drawing(list(measured)))  # noqa: S314 -- our own


def test_the_drawing_has_a_line_for_each_system_in_each_panel() -> None:
    keys = {key: 3.0 for panel in PANELS for key in panel.keys}
    root = drawn(*(keys | {"passages": n} for n in (140, 10_000, 1_000_000)))
    panels = root.findall(f"{SVG}g")
    assert len(panels) == len(PANELS)
    for panel, spec in zip(panels, PANELS, strict=True):
        said = [text.text for text in panel.findall(f"{SVG}text")]
        assert {spec.title, spec.unit, "passages"} <= {*said}
        lines = panel.findall(f"{SVG}polyline")
        assert [line.attrib["class"] for line in lines] == [series.name for series in SERIES]
        assert all(len(line.attrib["points"].split()) == 3 for line in lines)
    legend = [text.text for text in root.findall(f"{SVG}text")]
    assert legend == [series.label for series in SERIES]
    assert "prefers-color-scheme: dark" in drawing([])


def test_ten_times_as_much_is_one_step_on_either_axis() -> None:
    keys = [key for panel in PANELS for key in panel.keys]
    sizes = (100, 1_000, 10_000)
    root = drawn(*(dict.fromkeys(keys, n / 10.0) | {"passages": n} for n in sizes))
    for line in root.findall(f"{SVG}g/{SVG}polyline"):
        places = [tuple(map(float, one.split(","))) for one in line.attrib["points"].split()]
        (x0, y0), (x1, y1), (x2, y2) = places
        assert x0 < x1 < x2
        assert y0 > y1 > y2, "up is more"
        assert x2 - x1 == pytest.approx(x1 - x0, abs=0.2)
        assert y2 - y1 == pytest.approx(y1 - y0, abs=0.2)


def test_an_axis_holds_its_values() -> None:
    axis = Scale.over([0.3, 47.0], 0, 300)
    assert axis.decades() == [0.1, 1, 10, 100]
    assert [axis.at(value) for value in axis.decades()] == pytest.approx([0, 100, 200, 300])
    assert Scale.over([10.0], 0, 1).decades() == [10, 100]


def test_a_system_that_was_not_measured_has_no_line() -> None:
    root = drawn({"passages": 100, "ask_p50_ms": 3.0}, {"passages": 1000, "ask_p50_ms": 4.0})
    lines = root.findall(f"{SVG}g/{SVG}polyline")
    assert [line.attrib["class"] for line in lines] == ["jiwen"]


def test_the_readme_says_what_the_file_of_figures_says() -> None:
    found = json.loads((ROOT / "docs" / "scale.json").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count(block(found)) == 1
    assert with_block(readme, found) == readme
    assert (ROOT / "docs" / "scale.svg").read_text(encoding="utf-8") == drawing(found["sizes"])


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    found = {"machine": machine.machine(17) | {"kernel": r"\1 \g"}, "sizes": [figures(100)]}
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    new = with_block(text, found)
    assert new == f"before\n{block(found)}\nafter\n"
    assert with_block(new, found) == new
    for spoilt in ("", text + text):
        with pytest.raises(ValueError, match="there must be one"):
            with_block(spoilt, found)


def test_stages_add_up_to_the_whole() -> None:
    class Archive:
        def ask(self) -> int:
            time.sleep(0.01)
            return self.search() + self.search()

        def search(self) -> int:
            time.sleep(0.02)
            return 1

    clock = Clock()
    clock.time(Archive, "ask", "whole")
    clock.time(Archive, "search", "search")
    started = time.perf_counter()
    assert Archive().ask() == 2
    took = time.perf_counter() - started
    spent = clock.take()
    assert spent["search"] >= 0.04
    assert 0.01 <= spent["whole"] <= took - spent["search"]
    assert sum(spent.values()) <= took
    assert clock.take() == {}


def test_percentiles_are_of_what_was_measured() -> None:
    found = spread_ms("ask", [n / 1000 for n in range(100, 0, -1)])
    assert found == {"ask_p50_ms": pytest.approx(50.5), "ask_p95_ms": pytest.approx(96.0)}


DYING = """
import json, os, signal, subprocess, sys, time
step = sys.argv[1]
print(json.dumps({"told": ["half", 1, 2]}), flush=True)
if step == "raises":
    raise ValueError("no such | page")
if step == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
if step == "large":
    held = [b"x" * 1_000_000 for _ in range(400)]
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    time.sleep(60)
if step == "silent":
    sys.exit(0)
print(json.dumps({"measured": {"passages": 7, step: 1.5}}))
if step == "late":
    sys.exit(3)
"""


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module with steps that die in every way."""
    (tmp_path / "dying.py").write_text(DYING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "dying"


@pytest.fixture
def given(tmp_path: Path) -> Given:
    return Given.of(tmp_path, tmp_path, ["植树几棵?"])


@pytest.mark.parametrize(
    ("step", "limit_mb", "why"),
    [
        ("raises", ROOM_MB, "ended with code 1: ValueError: no such | page"),
        ("killed", ROOM_MB, "ended with code -9"),
        ("silent", ROOM_MB, "ended with code 0"),
        ("late", ROOM_MB, "ended with code 3"),
        ("large", 300.0, "does not fit in 0.292969 GB"),
    ],
)
def test_a_step_that_dies_says_how(
    steps: str, given: Given, step: str, limit_mb: float, why: str
) -> None:
    with pytest.raises(StepFailedError) as failed:
        taken(given, step, limit_mb=limit_mb, tell=silent, module=steps)
    assert str(failed.value) == why


def test_after_a_step_that_died_the_others_go_on(steps: str, given: Given) -> None:
    order = ("ask", "killed", "plain_ask")
    found = measured(given, order, limit_mb=ROOM_MB, told=lambda _: silent, module=steps)
    assert found == {
        "failed": {"killed": "ended with code -9"},
        "passages": 7,
        "ask": 1.5,
        "plain_ask": 1.5,
    }


def test_what_needs_a_step_that_died_is_left_out(
    steps: str, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "NEEDS", {"ask": "silent"})
    found = measured(
        given, ("silent", "ask", "start"), limit_mb=ROOM_MB, told=lambda _: silent, module=steps
    )
    assert found == {"failed": {"silent": "ended with code 0"}, "passages": 7, "start": 1.5}


def test_memory_is_that_of_a_process_and_of_all_that_it_started() -> None:
    code = "import subprocess, sys; x = b'x' * 60_000_000; {}; print(flush=True); sys.stdin.read()"
    inner = code.format("pass")
    start = f"p = subprocess.Popen([sys.executable, '-c', {inner!r}], stdout=subprocess.PIPE); p.stdout.readline()"
    process = subprocess.Popen(
        [sys.executable, "-c", code.format(start)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    process.stdout.readline()
    watch = processes.Watch(process.pid, ROOM_MB)
    watch.look()
    assert len(processes.in_session(process.pid)) == 2
    assert all(peak > 55 for peak in watch.peaks.values())
    assert watch.together_mb == pytest.approx(sum(watch.peaks.values()), rel=0.2)
    assert watch.worker_peaks() == []
    processes.end(process.pid)
    process.communicate()
    while processes.in_session(process.pid):
        time.sleep(0.01)


def test_what_is_dropped_is_no_longer_in_the_page_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"x" * 1_000_001)
    assert machine._cached_bytes(file) == 1_000_001
    asked: list[int] = []
    monkeypatch.setattr(os, "posix_fadvise", lambda *given: asked.append(given[-1]))
    assert machine.drop_cached(tmp_path) == 1.0
    assert asked == [os.POSIX_FADV_DONTNEED]
    monkeypatch.undo()
    left = machine.drop_cached(tmp_path)  # a disk in memory lets go of nothing
    assert left == pytest.approx(machine._cached_bytes(file) / 1_000_001)


def test_without_a_corpus_it_says_what_to_give() -> None:
    run = CliRunner().invoke(main, [])
    assert run.exit_code == 2
    assert "give the folder of a corpus" in run.output


@pytest.mark.slow
def test_all_is_measured_from_end_to_end(tmp_path: Path) -> None:
    corpus = corpus_in(tmp_path / "corpus")
    into, plot, readme = (tmp_path / name for name in ("f.json", "f.svg", "R.md"))
    readme.write_text(f"{BEGIN}{END}")
    options = ["--json", into, "--plot", plot, "--readme", readme]
    run = CliRunner().invoke(main, [*map(str, [corpus, "--passages", "300", *options])])
    assert run.exit_code == 0, run.output
    found = json.loads(into.read_text())
    (one,) = found["sizes"]
    assert one["failed"] == {}
    assert one["passages"] == pytest.approx(300, rel=0.01)
    keys = {key for row in ROWS for key in row.keys if not key.startswith("bm25s")}
    assert keys <= set(one)
    assert all(one[key] > 0 for key in keys - {"workers_mb", "cold_cached_share"})
    assert one["updates_s"]
    assert all(one["updates_split"])
    stages = sum(one[f"{name}_p50_ms"] for name in ("understand", "lexicon", "vectors", "reading"))
    assert stages < one["ask_p95_ms"]
    stores = (one[f"{name}_mb"] for name in ("records", "lexicon", "vectors", "register"))
    assert sum(stores) < one["disk_mb"]
    assert one["open_s"] < one["first_s"]
    assert 0 <= one["cold_cached_share"] <= 1
    assert table(found["sizes"]) in run.output
    assert readme.read_text() == block(found)
    assert "seed 17" in run.output
    again = CliRunner().invoke(main, ["--figures", str(into)])
    assert again.output
    assert run.output.endswith(again.output)
