"""An index that grew page by page is the one that a build from nothing makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import SEEDS
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from retrieval import build as building
from retrieval import crew
from retrieval import manifest as manifests
from retrieval import roll as rolls
from retrieval.archive import Archive
from retrieval.build import build
from retrieval.errors import PageError
from retrieval.making import order_of
from retrieval.plan import Sizes
from retrieval.proof import Prover
from retrieval.records import Scope
from retrieval.settings import Settings
from retrieval.stores import open_stores
from retrieval.tools import Tools, open_tools

# Sizes at which three pages are a crowd: shards are parted, put together and made anew all the time.
TINY = Sizes(shard_bytes=1500, dead_share=0.5, fan=2, share_bytes=10**9)
# … and at which nothing is ever put together, so that most of what shards hold is dead.
LASTING = Sizes(dead_share=0.99, fan=99, share_bytes=10**9)
FIRST = """辽源日报
2021年1月27日 星期三 第1版

# 冬季植树结束

本报讯 (记者 王茵) 全市冬季植树工作结束, 共栽树2677棵。市园林管理中心出动车辆240余台次。沿街商户爱护树木,
园林职工日夜养护。专家说, 水曲柳、蒙古栎和元宝枫最适合本地冬季栽植, 明年春天还要补栽一批。(下转第三版)
"""
SECOND = """辽源日报
2021年1月27日 星期三 第3版

# 冬季植树结束

(上接第一版) 园林管理中心主任说, 水曲柳、蒙古栎和元宝枫已经栽好, 冬季植树共栽树2677棵, 园林职工还要养护一冬,
沿街商户也要爱护树木。

# 图书馆延长开放

本报讯 (记者 孙小满) 敦化市图书馆周末开放到夜里十点半。
"""
PAGES = [
    FIRST,
    SECOND,
    FIRST.replace("2677", "300").replace("王茵", "于志"),
    "# 图书馆延长开放\n\n本报讯 (记者 孙小满) 敦化市图书馆周末开放到夜里十点半。\n",
    "# 养老院\n\n四平市养老院新建三百张床位。老人说, 住得舒服。\n" * 3,
    "\ufeff# 粮库\r\n\r\n镇赉县粮库收储玉米7.5万吨, 仓容还有两万吨。\r\n",
]
ROWS = [
    {
        "title": "高铁",
        "text": "敦化到白山只要42分钟, 长白山号列车首日上座率九成八。",
        "date": "2022-05-04",
    },
    {"text": "全市冬季植树工作结束, 共栽树2677棵。", "newspaper": "白山日报"},
]
JSONL = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\nnot JSON\n"
NAMES = ["a.txt", "b.md", "c/a.txt", "中.txt"]
QUESTIONS = [
    "冬季植树一共栽了多少棵?",
    "图书馆开放到几点?",
    "谁写过关于植树的报道?",
    "有几篇报道提到植树?",
]
WORDS = ["植树", "图书馆", "玉米", "养老院", "树", "王茵", "白山日报"]

EDITS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(PAGES)),
    st.tuples(st.just("write"), st.just("rows.jsonl"), st.sampled_from([JSONL, JSONL[:-9]])),
    st.tuples(st.just("write"), st.just("a.articles.toml"), st.just('date = "2020-02-02"\n')),
    st.tuples(
        st.just("delete"), st.sampled_from([*NAMES, "rows.jsonl", "a.articles.toml"]), st.none()
    ),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
)


@pytest.fixture(scope="module")
def tools(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return open_tools(tmp_path_factory.mktemp("tools"), settings)


def apply(seeds: Path, edit: tuple[str, str, str | None]) -> None:
    kind, name, other = edit
    path = seeds / name
    if kind == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(str(other).encode())
    elif path.exists() and kind == "delete":
        path.unlink()
    elif path.exists():
        (seeds / str(other)).parent.mkdir(exist_ok=True)
        path.rename(seeds / str(other))


def opened(seeds: Path, index: Path, tools: Tools) -> Archive:
    """The archive, with tools that are opened once for all of them."""
    folder = manifests.current(index)
    manifest = manifests.read_manifest(folder)
    return Archive(manifest, open_stores(folder, manifest), tools, Prover(seeds))


def contents(archive: Archive) -> dict[str, Any]:
    """All that the stores say, whatever shards they have."""
    catalogue, vectors, lexicon = (
        archive.catalogue,
        archive.reader._vectors,
        archive.reader._lexicon,
    )
    rows = list(range(len(vectors)))
    passages = catalogue.passages(rows)
    articles = {p.article_id: catalogue.article(p.article_id) for p in passages}
    probe = np.linspace(-1, 1, vectors.dimension, dtype=np.float32)
    return {
        "pages": catalogue.pages(),
        "counts": (catalogue.counts(), archive.manifest.counts),
        "generation": (archive.manifest.generation, archive.manifest.seeds),
        "articles": articles,
        "passages": passages,
        "at": list(catalogue.articles_at(rows)),
        "stories": [catalogue.story(article) for article in articles],
        "codes": [catalogue.by_code(code) for code in _codes(articles.values())],
        "reporters": [catalogue.is_reporter(name) for name in ("王茵", "于志", "孙小满", "张三")],
        "vectors": vectors.scores(probe, np.array(rows, dtype=np.int64)).round(4).tolist(),
        "counted": [(lexicon.count(word), lexicon.holding(word)) for word in WORDS],
        "lines": lexicon.articles_holding([["植树"]]),
        "scopes": [catalogue.rows(scope).tolist() for scope in SCOPES],  # type: ignore[union-attr]
    }


SCOPES = [
    Scope("2021-01-28", None),
    Scope(newspaper="白山日报"),
    Scope(None, "2021-01-27", legible=0.99),
]


def _codes(articles: Any) -> list[str]:  # noqa: ANN401 -- a dictionary's values
    from retrieval.ledger import article_code

    return [article_code(article) for article in articles]


def said(archive: Archive) -> list[tuple[object, ...]]:
    answers = [archive.ask(question, k=5) for question in QUESTIONS]
    return [
        (a.verdict, a.reason, a.tally, [(q.text, q.spans, q.cite, q.passage_id) for q in a.quotes])
        for a in answers
    ]


@hypothesis_settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    script=st.lists(st.lists(EDITS, min_size=1, max_size=4), min_size=1, max_size=5),
    sizes=st.sampled_from([TINY, LASTING]),
    amended=st.sampled_from([0.0, 9.0]),
)
@example(
    [[("write", "b.md", PAGES[3])], [("delete", "中.txt", None)], [("write", "b.md", FIRST)]],
    LASTING,
    9.0,
)
def test_whatever_is_edited_the_index_is_that_of_a_build_from_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    new_index: Callable[[Path], Path],
    tools: Tools,
    monkeypatch: pytest.MonkeyPatch,
    script: list[list[tuple[str, str, str | None]]],
    sizes: Sizes,
    amended: float,
) -> None:
    monkeypatch.setattr(rolls, "_AMENDED_SHARE", amended)
    home, elsewhere = tmp_path_factory.mktemp("grown"), tmp_path_factory.mktemp("scratch")
    seeds, grown, scratch = home / "seeds", new_index(home), new_index(elsewhere)
    seeds.mkdir()
    for name, text in zip(["z.txt", *NAMES[1::2]], PAGES[4:0:-1], strict=False):
        (seeds / name).write_text(text, encoding="utf-8")
    report = build(seeds, grown, tools, sizes=sizes)
    for edits in script:
        for edit in edits:
            apply(seeds, edit)
        report = build(seeds, grown, tools, sizes=sizes)
    wanted = build(seeds, scratch, tools, full=True)
    assert (report.generation, report.counts) == (wanted.generation, wanted.counts)
    assert (report.skipped, report.doubts) == (wanted.skipped, wanted.doubts)
    one, other = opened(seeds, grown, tools), opened(seeds, scratch, tools)
    assert contents(one) == contents(other)
    assert said(one) == said(other)
    assert manifests.damaged(manifests.current(grown), one.manifest) == []


def test_what_processes_make_together_is_what_one_makes(
    tmp_path: Path,
    new_index: Callable[[Path], Path],
    tools: Tools,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew, "workers", lambda: 2)
    monkeypatch.setattr(building, "workers", lambda: 2)
    told: dict[str, list[tuple[int, int]]] = {}
    places = [new_index(tmp_path / name) for name in ("together", "alone")]
    together = build(
        SEEDS,
        places[0],
        tools,
        sizes=Sizes(share_bytes=1000),
        progress=lambda stage, done, total: told.setdefault(stage, []).append((done, total)),
    )
    alone = build(SEEDS, places[1], tools)
    assert (together.shards, alone.shards) == (2, 1)
    assert all(told[stage][-1] == (5, 5) for stage in ["split"])
    assert all(told[stage][-1] == (140, 140) for stage in ("tokenise", "encode"))
    one, other = (opened(SEEDS, place, tools) for place in places)
    assert contents(one) == contents(other)
    assert said(one) == said(other)


def test_a_page_that_changes_while_it_is_read_is_named_by_a_process_too(
    tmp_path: Path, new_index: Callable[[Path], Path], tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "workers", lambda: 2)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in "ab":
        (seeds / f"{name}.txt").write_text(PAGES[4], encoding="utf-8")
    orders = [order_of(f"{n}.records", tools, [(f"{n}.txt", "another")]) for n in "ab"]
    for amount in (1, 2):
        with pytest.raises(PageError, match=r"[ab]\.txt.*`jiwen index`"):
            crew.make_shards(
                orders[:amount], seeds, new_index(tmp_path / str(amount)), tools=tools, tell=print
            )
