"""The archive in use and the next one; a rebuild beside the bot; what is counted and told."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import math
import sys
import threading
import time
import weakref
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from run_bot import QUOTES, SOURCE, Canned
from telegramserver import TOKEN

from bot import inlinerows, probe, rebuilding, statusreport, wording
from bot.access import BotSettings, Token, TokenMask
from bot.desk import Archive as DeskArchive
from bot.figures import BOUNDS_S, Figures
from bot.logs import JsonLines
from bot.places import Places
from bot.rebuilding import Built, Failed, Step, command, rebuilt, teller
from bot.settings import read_config
from bot.shelf import Shelf, Upkeep
from bot.telegram.service import Service
from bot.wording import Door, Lang
from retrieval.archive import Archive
from retrieval.errors import IndexBroken
from retrieval.records import Answer, Query, Quote, Reason, Scope, Verdict

PLAIN = "请到本报讯广告部办理。今年植树二十棵。"


# the shelf


class Pointer:
    """An index whose generations are only names."""

    def __init__(self) -> None:
        self.name: str | None = "g1"
        self.broken: set[str] = set()

    def open(self) -> DeskArchive:
        if self.name in self.broken:
            raise IndexBroken(f"{self.name} is broken")
        return Canned()

    @property
    def upkeep(self) -> Upkeep:
        return Upkeep(lambda: self.name, counts=lambda: {"pages": len(self.name or "")})


def test_another_generation_is_noticed_opened_and_kept() -> None:
    pointer = Pointer()
    shelf = Shelf.stocked(pointer.open, pointer.upkeep)
    first = shelf.archive
    assert not shelf.outdated()
    pointer.name = "g2again"
    assert shelf.outdated()
    shelf.renew()
    assert shelf.archive is not first
    assert (shelf.generation, shelf.counts, shelf.outdated()) == ("g2again", {"pages": 7}, False)


def test_one_that_cannot_be_opened_is_tried_once_and_the_old_one_stays() -> None:
    pointer = Pointer()
    shelf = Shelf.stocked(pointer.open, pointer.upkeep)
    first, pointer.name, pointer.broken = shelf.archive, "g2", {"g2"}
    assert shelf.outdated()
    with pytest.raises(IndexBroken):
        shelf.renew()
    assert shelf.archive is first
    assert (shelf.generation, shelf.outdated()) == ("g1", False)
    pointer.name = None  # the folder is being moved
    assert not shelf.outdated()
    pointer.name = "g3"
    assert shelf.outdated()
    shelf.renew()
    assert shelf.generation == "g3"


def test_a_changed_list_is_noticed_as_another_index_is() -> None:
    pointer, lists = Pointer(), ["empty"]
    upkeep = Upkeep(lambda: pointer.name, lambda: lists[0], lambda: {"pages": 1})
    shelf = Shelf.stocked(pointer.open, upkeep)
    assert not shelf.outdated()
    lists[0] = "one article"
    assert shelf.outdated()
    shelf.renew()
    assert not shelf.outdated()
    lists[0], pointer.broken = "another", {pointer.name}
    with pytest.raises(IndexBroken):
        shelf.renew()
    assert not shelf.outdated()


def test_a_question_keeps_the_archive_it_began_with_and_then_it_is_let_go() -> None:
    pointer = Pointer()
    shelf = Shelf.stocked(pointer.open, pointer.upkeep)
    asking, gone = shelf.archive, weakref.ref(shelf.archive)
    shelf.renew()
    assert gone() is asking
    del asking
    gc.collect()
    assert gone() is None


def test_renewals_do_not_get_into_each_others_way() -> None:
    pointer = Pointer()
    shelf = Shelf.stocked(pointer.open, pointer.upkeep)
    threads = [threading.Thread(target=shelf.renew) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.generation == "g1"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A small archive of one's own, indexed."""
    places = Places(tmp_path / "seeds", tmp_path / "index", None)
    add_page(places, 0)
    Archive.build(places.seeds, places.index, read_config().archive)
    return places


def add_page(places: Places, n: int) -> None:
    places.seeds.mkdir(exist_ok=True)
    row = {
        "title": f"第{n}批树苗运到",
        "text": f"本报讯 {PLAIN}第{n}批树苗运到县城。",
        "date": "2021-03-05",
    }
    (places.seeds / f"{n}.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n")


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def mapped() -> int:
    """Files of an index that are mapped into memory."""
    maps = Path("/proc/self/maps").read_text()
    return maps.count("/generations/") + maps.count("/shards/")


@pytest.mark.skipif(sys.platform != "linux", reason="the test reads /proc")
def test_reloads_leave_no_file_open(places: Places) -> None:
    shelf = Shelf.stocked(places.open_archive, Upkeep.of(places.index, ()))
    settings = read_config().archive
    for n in (1, 2):
        add_page(places, n)
        Archive.build(places.seeds, places.index, settings)
        assert shelf.outdated()
        shelf.renew()
    for _ in range(2):  # what is opened once and kept; each shard has its files
        shelf.renew()
        shelf.archive.ask("什么时候植树?")
    before = open_files(), mapped()
    for _ in range(8):
        shelf.renew()
        assert shelf.archive.ask("什么时候植树?").generation
    assert (open_files(), mapped()) <= before
    assert shelf.counts["pages"] == 3


# a rebuild


def run(command: tuple[str, ...]) -> list[rebuilding.News]:
    async def all_news() -> list[rebuilding.News]:
        return [news async for news in rebuilt(command)]

    return asyncio.run(all_news())


def test_a_rebuild_tells_its_steps_and_what_it_did(places: Places) -> None:
    add_page(places, 1)
    *steps, built = run(command(places))
    assert [step.stage for step in steps if isinstance(step, Step)][:2] == ["read", "split"]
    assert len({type(step) for step in steps}) == 1
    assert isinstance(built, Built)
    assert (built.changed, built.counts["pages"], built.skipped) == (True, 2, 0)
    again = run(command(places))[-1]
    assert again == replace_struct(built, changed=False)


def replace_struct(built: Built, *, changed: bool) -> Built:
    return Built(built.generation, changed, built.counts, built.skipped)


def test_a_rebuild_that_fails_says_why(places: Places) -> None:
    for page in places.seeds.iterdir():
        page.unlink()
    *_, failed = run(command(places))
    assert isinstance(failed, Failed)
    assert "no page that can be read" in failed.why


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("import sys; sys.exit(7)", "the build ended with code 7"),
        ("import os; os.kill(os.getpid(), 9)", "the build ended with code -9"),
        ("print('not ours'); print('{}')", "the build ended with code 0"),
    ],
)
def test_a_rebuild_that_dies_has_failed(script: str, why: str) -> None:
    assert run((sys.executable, "-c", script)) == [Failed(why)]


def test_a_rebuild_no_longer_wanted_is_ended() -> None:
    step = rebuilding.msgspec.json.encode(Step("read", 1, 2)).decode()
    script = f"import os, time; print('''{step}''', flush=True); time.sleep(600)"

    async def scene() -> float:
        async with aclosing(rebuilt((sys.executable, "-c", script))) as told:
            assert await anext(told) == Step("read", 1, 2)
            started = time.monotonic()
        return time.monotonic() - started

    assert asyncio.run(scene()) < 60


def test_steps_are_told_at_a_decent_pace(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    now = 0.0
    tell = teller(lambda: now)
    for n in range(100):
        now = n * 0.1
        tell("read" if n < 50 else "split", n, 100)
    told = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [one["done"] for one in told] == list(range(0, 100, 5))


# what is counted and told


@given(st.lists(st.floats(0, 20), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_percentile_bounds_that_share_of_the_answers(took: list[float], share: float) -> None:
    figures = Figures()
    for seconds in took:
        figures.answered(Verdict.ANSWERED, seconds)
    found = figures.percentile(share)
    assert found in took
    assert sum(seconds <= found for seconds in took) >= math.floor(share * len(took))
    assert sum(seconds < found for seconds in took) <= share * len(took)


@given(st.lists(st.floats(0, 20), max_size=50))
def test_the_histogram_counts_what_is_at_most_each_bound(took: list[float]) -> None:
    figures = Figures()
    for seconds in took:
        figures.answered(Verdict.NONE, seconds)
    rows = probe._cumulative(figures)
    expected = [sum(seconds <= bound for seconds in took) for bound in (*BOUNDS_S, math.inf)]
    assert [n for _, n in rows] == expected


def test_health_fails_when_the_server_is_long_silent() -> None:
    shelf = Shelf.stocked(Canned, Upkeep())
    figures = Figures(started=time.monotonic() - 1000)
    assert probe.health(shelf, figures, polls=True)[0] == 503
    assert probe.health(shelf, figures, polls=False)[0] == 200
    figures.polled = time.monotonic()
    assert probe.health(shelf, figures, polls=True)[0] == 200


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (59, "0 分 59 秒", "0 min 59 s"),
        (3600, "1 小时 0 分", "1 h 0 min"),
        (90_061, "1 天 1 小时", "1 d 1 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: int, zh: str, en: str) -> None:
    assert statusreport.span(seconds, Lang.ZH) == zh
    assert statusreport.span(seconds, Lang.EN) == en


def test_a_log_line_is_json_masked_and_one_line() -> None:
    value = "123456789:AAtest-token_that_is_never_real_0000"
    record = logging.makeLogRecord(
        {"msg": "GET %s\n", "args": (value,), "levelname": "INFO", "name": "x", "update": 7}
    )
    try:
        raise RuntimeError(value)
    except RuntimeError:
        record.exc_info = sys.exc_info()
    TokenMask(Token(value)).filter(record)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert value.partition(":")[2] not in line
    told = json.loads(line)
    assert (told["level"], told["event"], told["update"]) == ("INFO", "GET <token>\n", 7)
    assert "RuntimeError" in told["error"]


# inline rows


def answer(*quotes: Quote, verdict: Verdict = Verdict.ANSWERED) -> Answer:
    query = Query("问?", "问?", (), scope=Scope())
    reason = None if quotes else Reason.NOT_FOUND
    return Answer(query, verdict, reason, 0.9, quotes, "g" * 12, 1.0)


def test_a_row_shows_headline_paper_day_and_the_answering_words() -> None:
    long = "甲" * 100 + "共栽树2677棵。"
    quote = replace(QUOTES[0], text=long, highlights=((100, 109),), spans=((0, 109),))
    (row,) = inlinerows.rows(answer(quote), Lang.ZH)
    assert row.title == "植树 & <造林>"
    assert row.description == "《辽源日报》2021年1月27日 共栽树2677棵。"
    assert row.id == f"{'g' * 12}:{quote.cite}"
    assert "植树 &amp; &lt;造林&gt;" in row.html


def test_a_row_of_a_page_that_states_nothing_names_the_file() -> None:
    bare = replace(SOURCE, newspaper=None, date=None, page=None, title=None)
    (row,) = inlinerows.rows(answer(replace(QUOTES[0], source=bare)), Lang.ZH)
    assert "000.txt" in row.title
    assert row.description.startswith("第1段")


def test_what_is_only_related_says_so() -> None:
    (row,) = inlinerows.rows(answer(QUOTES[0], verdict=Verdict.RELATED), Lang.ZH)
    assert "相关：第1段" in row.description


def test_an_answer_without_quotes_is_one_row_that_says_so() -> None:
    (row,) = inlinerows.rows(answer(verdict=Verdict.NONE), Lang.ZH)
    assert row.title == wording.say(Door.INLINE_TITLE)
    assert row.description == wording.reason(Reason.NOT_FOUND)
    assert row.html == wording.say(Door.INLINE_NOTHING, question="问?")


@given(st.integers(1, 10))
def test_the_ids_of_rows_are_unique_and_short(n: int) -> None:
    quotes = [replace(QUOTES[0], cite=f"k3v4q2m7ta_b{9**9 + i}_{10**8 + i}") for i in range(n)]
    ids = [row.id for row in inlinerows.rows(answer(*quotes), Lang.EN)]
    assert len(set(ids)) == n
    assert max(len(one.encode()) for one in ids) <= 64


def test_what_was_said_under_another_list_is_forgotten(tmp_path: Path) -> None:
    class Chats:
        chat_data: ClassVar = {1: object(), 2: object()}
        dropped: ClassVar[list[int]] = []

        def add_handler(self, *_: object, **__: object) -> None: ...

        def add_error_handler(self, *_: object) -> None: ...

        def drop_chat_data(self, chat: int) -> None:
            self.dropped.append(chat)

    lists = ["empty"]
    shelf = Shelf.stocked(Canned, Upkeep(lambda: "g1", lambda: lists[0]))
    settings = BotSettings(token=Token(TOKEN), state=tmp_path / "state.sqlite3")
    with closing(Service(shelf, settings)) as service:
        service.attach(cast("Any", Chats()))
        asyncio.run(service.renew())
        assert Chats.dropped == []
        lists[0] = "one article"
        asyncio.run(service.renew())
        assert Chats.dropped == [1, 2]
