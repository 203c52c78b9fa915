"""The benchmark of scale: its pages are the same each time, its table and plot hold its figures."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import zstandard

from retrieval.articles import split_page
from retrieval.pages import Skipped, read_pages
from retrieval.settings import Settings
from tests.benchmarks.scale.__main__ import PLOTTED, ROWS, drawing, table
from tests.benchmarks.scale.material import write_pages

ITEM = {
    "title": "植树",
    "text": "全市冬季植树工作结束, 共栽树2677棵。园林职工日夜养护, 沿街商户爱护树木。" * 2,
}


def corpus_in(folder: Path) -> Path:
    (folder / "text").mkdir()
    for name in ("news_tv", "news_web"):
        line = json.dumps(ITEM, ensure_ascii=False).encode()
        data = zstandard.compress(b"\n".join([line] * 30) + b"\n")
        (folder / "text" / f"{name}.jsonl.zst").write_bytes(data)
    return folder


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


def test_the_table_and_the_plot_hold_every_size() -> None:
    small = dict.fromkeys(ROWS, 1.0) | {"passages": 100}
    large = dict.fromkeys(ROWS, 10.0) | {"passages": 1000}
    lines = table([small, large]).splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert lines[2] == "| passages | 100 | 1,000 |"
    root = ElementTree.fromstring(drawing([small, large]))  # noqa: S314 -- our own
    lines_drawn = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines_drawn) == len(PLOTTED)
    assert all(len(line.attrib["points"].split()) == 2 for line in lines_drawn)
