"""What the take-down list hides comes out nowhere: an article of canary words, and every outlet."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec
import numpy as np
import pytest
from conftest import SEEDS, Caller
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from test_continuations import PAPER as PAPER_OF_THREE_PAGES
from test_continuations import PARK, write

import bot
from bot import checking, cli, daybook, desk, dialog, library, terminal
from bot.access import TOKEN_VARIABLE, bot_settings
from bot.chart import timeline_png
from bot.chatstate import ChatState, Held, Opened
from bot.conversation import Conversation
from bot.desk import Archive as Front
from bot.dialog import Manner
from bot.feedback import Feedback, Person, Rated, Rating
from bot.guide import guide
from bot.places import Places
from bot.render import answer_terminal
from bot.settings import read_config
from bot.telegram.memory import Memory
from bot.wording import Lang
from retrieval.archive import Archive
from retrieval.catalogue import article_code
from retrieval.errors import NotFoundError, SettingsError, TakenDownError
from retrieval.inverted import Entry
from retrieval.lexicon import Lexicon
from retrieval.records import Article, CleanText, Imprint, Kind, Reason, Scope
from retrieval.settings import Newspaper, Settings, TakeDown
from retrieval.takedown import hides
from retrieval.tokens import Terms
from retrieval.training.material import read_items
from retrieval.vectors import Vectors

HIDDEN = "p.jsonl/a2"
CANARIES = ("翡翠谷", "甄小芾", "垮坝", "四十七名")
PAPER, DAY = "辽源日报", "2021-03-04"
ROWS = [
    {
        "title": "县医院新楼启用",
        "text": "本报讯 县医院新门诊楼三月二日启用,设有一百二十张病床,投资两千万元。" * 3,
        "newspaper": PAPER,
        "date": DAY,
        "byline": "于志",
    },
    {
        "title": "翡翠谷水库发生垮坝",
        "text": "本报讯 三月三日,翡翠谷水库发生垮坝,四十七名群众连夜转移。记者甄小芾在现场看到,"
        "水库下游的道路已经中断,抢修人员正在赶来。县里决定投资八百万元重修水库大坝。",
        "newspaper": PAPER,
        "date": DAY,
        "byline": "甄小芾",
    },
    {
        "title": "红旗水库开闸放水",
        "text": "本报讯 红旗水库昨日开闸放水,灌溉下游稻田三千亩,农民喜笑颜开。水库管理站站长说,"
        "今年水库的水量比去年多两成,可以满足春耕的需要。",
        "newspaper": PAPER,
        "date": "2021-03-05",
        "byline": "于志",
    },
]
QUESTION = "水库发生了什么事,转移了多少群众?"
ENTRIES = {
    "article": f'article = "{HIDDEN}"',
    "title": f'newspaper = "{PAPER}"\ndate = {DAY}\ntitle = "翡翠谷水库 发生垮坝"',
}


@dataclass(frozen=True)
class Home:
    """An archive with the canary, with and without a list."""

    folder: Path
    code: str  # of the canary's body

    @property
    def name(self) -> str:
        """The canary's name in citation codes."""
        return self.code.partition("_")[0]

    def archive(self, *, listed: bool) -> Archive:
        config = read_config(self.config(listed=listed)).archive
        return Archive.open(self.folder / "seeds", self.folder / "index", config)

    def config(self, *, listed: bool) -> Path:
        return self.folder / ("listed" if listed else "empty")

    def arguments(self, *words: str, listed: bool) -> list[str]:
        places = {
            "seeds": self.folder / "seeds",
            "index": self.folder / "index",
            "config": self.config(listed=listed),
        }
        return [*words, *(part for k, v in places.items() for part in (f"--{k}", str(v)))]


def made(folder: Path, settings: Settings, entry: str) -> Home:
    """A seeds folder, its index, and a folder of settings that lists the entry."""
    (folder / "seeds").mkdir(parents=True)
    lines = [json.dumps(row, ensure_ascii=False) for row in ROWS]
    (folder / "seeds" / "p.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "seeds" / "q.txt").write_bytes(next(SEEDS.glob("000_*")).read_bytes())
    for name, text in (("empty", ""), ("listed", f"[[takedown]]\n{entry}\n{WHY}")):
        (folder / name).mkdir()
        (folder / name / "takedown.toml").write_text(text, encoding="utf-8")
    Archive.build(folder / "seeds", folder / "index", settings)
    home = Home(folder, "")
    article = home.archive(listed=False).catalogue.article(HIDDEN)
    return replace(home, code=f"{article_code(article)}_b0_20")


WHY = 'reason = "当事人要求"\nsince = 2026-11-21\npublic = true'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, settings: Settings, tools_once: None) -> Home:
    return made(tmp_path_factory.mktemp("canary"), settings, ENTRIES["article"])


def leaked(said: object) -> list[str]:
    """The canary words in whatever an outlet gave."""
    return [word for word in CANARIES if word in str(said)]


# Every public door of Archive, and how to knock at it so that the canary would come out.
DOORS: dict[str, Callable[[Archive, Home], object]] = {
    "ask": lambda a, h: [a.ask(q) for q in ASKED],
    "quote": lambda a, h: tried(lambda: a.quote(h.code)),
    "near": lambda a, h: a.near(QUESTION, 20),
    "around": lambda a, h: tried(lambda: a.around([h.code])),
    "whole": lambda a, h: tried(lambda: a.whole(h.code)),
    "check": lambda a, h: list(a.check()),
    "entities": lambda a, h: a.entities("水库群众"),
    "source": lambda a, h: tried(lambda: a.source(*[(x, x.body) for x in a.near(QUESTION, 9)][-1])),
    "story": lambda a, h: [a.story(x) for x in a.near(QUESTION, 20)],
    "hidden": lambda a, h: a.hidden,
    "n_hidden": lambda a, h: a.n_hidden,
    "catalogue": lambda a, h: rows_of(a),
    "reader": lambda a, h: a.reader.findings(a.reader.understand(QUESTION, Scope(), date.today())),
    "manifest": lambda a, h: a.manifest,
    "settings": lambda a, h: a.settings,
    "taken": lambda a, h: a.taken(h.code),
    "holdings": lambda a, h: a.holdings(),
    "issue": lambda a, h: a.issue(DAY),
    "issue_days": lambda a, h: a.issue_days(None, None),
    "days_of_year": lambda a, h: a.days_of_year(3, None),
    "nearest_days": lambda a, h: a.nearest_days("2021-03-06", "2021-03-06"),
    "random": lambda a, h: [a.random(seed) for seed in SEEDS_OF_CHANCE],
    "lead": lambda a, h: tried(lambda: a.lead(h.name, DAY)),
    "timeline": lambda a, h: a.timeline("水库"),
}
NO_OUTLETS = {"build", "open"}
COUNTING = {"holdings", "issue_days", "days_of_year", "nearest_days", "timeline"}  # counted below
SILENT = COUNTING | {
    *("check", "entities", "hidden", "n_hidden", "manifest", "settings", "source", "taken"),
}
SEEDS_OF_CHANCE = range(24)
ASKED = (
    QUESTION,
    "甄小福写过哪些报道?",  # sounds like the reporter of the canary
    "一共有几篇报道提到水库?",
    "都有哪些报道提到水库?",
    "哪些记者写过水库?",
    f"{PAPER}{DAY}有哪些报道?",
)


def tried(outlet: Callable[[], object]) -> object:
    try:
        return outlet()
    except NotFoundError as error:
        return error


def rows_of(archive: Archive) -> list[Any]:
    """Every row that any query on the catalogue's connections can see by a table's own name."""
    catalogue = archive.catalogue
    asked = [(catalogue._register._db, ("articles", "continuations", "pages", "shown"))]
    asked += [(one._db, ("articles", "passages", "names", "ends")) for one in catalogue._ledgers]
    rows = [
        row
        for db, tables in asked
        for table in tables
        for row in db.execute(f"SELECT * FROM {table}")  # noqa: S608 -- ours
    ]
    return [v.decode() if isinstance(v, bytes) else v for row in rows for v in row]


def test_every_door_of_the_archive_is_tried(home: Home) -> None:
    public = {name for name in dir(home.archive(listed=True)) if not name.startswith("_")}
    assert public - NO_OUTLETS == set(DOORS), "a new door: knock at it here, too"


@pytest.mark.parametrize("door", DOORS)
def test_no_door_of_the_archive_lets_it_out(home: Home, door: str) -> None:
    assert leaked(DOORS[door](home.archive(listed=True), home)) == []
    assert bool(leaked(DOORS[door](home.archive(listed=False), home))) == (door not in SILENT)


# Every function of the bot that is handed an archive.
Talk = Callable[[Any, Home], object]
DESK: dict[str, Talk] = {
    "bot.desk.answered": lambda a, h: conversed(a),
    "bot.desk.anew": lambda a, h: desk.anew(
        a, Conversation.start(), held(h), manner=Manner(), lang=Lang.ZH
    ),
    "bot.desk.cited": lambda a, h: desk.cited(a, h.code, Lang.ZH),
    "bot.desk.turned": lambda a, h: tried(lambda: desk.turned(a, held(h), 0, Lang.ZH)),
    "bot.desk.surroundings": lambda a, h: tried(lambda: desk.surroundings(a, h.code, Lang.ZH)),
    "bot.desk.whole": lambda a, h: tried(lambda: desk.whole(a, h.code, Lang.ZH)),
    "bot.desk.reference": lambda a, h: tried(lambda: desk.reference(a, h.code, Lang.ZH)),
    "bot.desk.printed": lambda a, h: tried(lambda: desk.printed(a, f"{h.name}_b0_60")),
    "bot.dialog.take": lambda a, h: [
        dialog.take(a, Conversation.start(), q, manner=Manner()) for q in ASKED
    ],
    "bot.dialog.again": lambda a, h: dialog.again(a, Conversation.start(), QUESTION),
    "bot.checking.checked": lambda a, h: checking.checked(a, "水库下游的道路已经中断", Lang.ZH),
    "bot.daybook.day_card": lambda a, h: daybook.day_card(a, DAY, date.today(), Lang.ZH),
    "bot.daybook.issue_card": lambda a, h: daybook.issue_card(a, DAY, 0, Lang.ZH),
    "bot.daybook.period_card": lambda a, h: daybook.period_card(a, DAY, DAY, 0, Lang.ZH),
    "bot.daybook.listing": lambda a, h: daybook.listing(a, DAY, date.today()),
    "bot.daybook.listing_lines": lambda a, h: daybook.listing_lines(
        a, daybook.listing(a, DAY, date.today()), Lang.ZH
    ),
    "bot.library.at_random": lambda a, h: [
        library.at_random(a, seed, Lang.ZH) for seed in SEEDS_OF_CHANCE
    ],
    "bot.library.lead": lambda a, h: library.lead(a, h.name, DAY, Lang.ZH),
    "bot.terminal.converse_json": lambda a, h: chatted(a),
}
APART = {  # tried by test_every_count_leaves_it_out and test_no_example_is_made_of_it
    "bot.guide.guide",
    "bot.chart.timeline_png",
    "bot.library.over_time",
    "bot.library.papers",
}
BY_COMMAND = {  # tried by the commands below
    "bot.reports.shown",
    "bot.reports.verified",
    "bot.reports.whereabouts",
    "bot.terminal.converse",
}


def conversed(archive: Front) -> list[object]:
    """A conversation that asks, and asks for more of it, its context and its whole article."""
    talk, replies = Conversation.start(), []
    for text in (QUESTION, "还有吗", "详细点", "原文", "上一个"):
        reply, talk = desk.answered(archive, talk, text, manner=Manner(), lang=Lang.ZH)
        quotes = reply.opened.quotes if reply.opened else ()
        turns = [
            desk.turned(archive, reply.opened, n, Lang.ZH)
            for n in range(len(quotes))
            if reply.opened
        ]
        replies += [reply, *turns, *(desk.reference(archive, q.cite, Lang.ZH) for q in quotes)]
    return replies


def chatted(archive: Archive) -> list[str]:
    said: list[bytes] = []
    terminal.converse_json(archive, iter(ASKED), said.append, manner=Manner())
    return [line.decode() for line in said]


def held(home: Home) -> Opened:
    """An answer that was given before the article was taken down, and whose buttons are pressed."""
    return Opened("0123abcd", QUESTION, "answered", (Held(home.code),))


def functions_of_an_archive() -> Iterator[str]:
    """The public functions of the bot whose first parameter is an archive."""
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        for name, member in inspect.getmembers(importlib.import_module(module.name)):
            own = inspect.isfunction(member) and member.__module__ == module.name
            if (
                own
                and not name.startswith("_")
                and "archive" in [*inspect.signature(member).parameters][:1]
            ):
                yield f"{module.name}.{name}"


def test_every_function_of_the_bot_is_tried() -> None:
    assert {*functions_of_an_archive()} == {*DESK, *APART, *BY_COMMAND}, (
        "a new outlet: try it here, too"
    )


@pytest.mark.parametrize("outlet", DESK)
def test_no_function_of_the_bot_lets_it_out(home: Home, outlet: str) -> None:
    assert leaked(DESK[outlet](home.archive(listed=True), home)) == []
    assert leaked(DESK[outlet](home.archive(listed=False), home))


BUTTONS: dict[str, Callable[[Archive, Home], object]] = {
    "page": lambda a, h: desk.turned(a, held(h), 0, Lang.ZH),
    "near": lambda a, h: desk.surroundings(a, h.code, Lang.ZH),
    "full": lambda a, h: desk.whole(a, h.code, Lang.ZH),
    "cite": lambda a, h: desk.reference(a, h.code, Lang.ZH),
    "fix": lambda a, h: desk.printed(a, h.code),
    "lead": lambda a, h: a.lead(h.name, DAY),
}


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_of_what_is_hidden_says_so(home: Home, button: str) -> None:
    with pytest.raises(TakenDownError) as caught:
        BUTTONS[button](home.archive(listed=True), home)
    assert caught.value.reason == "当事人要求"
    assert leaked(caught.value) == []
    assert BUTTONS[button](home.archive(listed=False), home)


def test_an_old_list_of_a_day_says_that_its_article_is_gone(home: Home) -> None:
    card = library.lead(home.archive(listed=True), home.name, DAY, Lang.ZH)
    assert card.messages == ("这篇报道已按撤稿名单隐藏，不再显示。原因：当事人要求",)


def test_every_count_leaves_it_out(home: Home, tmp_path: Path) -> None:
    shown, every = home.archive(listed=True), home.archive(listed=False)

    def counts(archive: Archive) -> list[int]:
        held_of = next(p for p in archive.holdings().papers if p.newspaper == PAPER)
        days = (archive.issue_days(DAY, DAY), archive.days_of_year(3, 4))
        nearest = [n for day, n in archive.nearest_days("2021-03-05", "2021-03-05") if day == DAY]
        return [
            archive.holdings().articles,
            held_of.articles,
            *(n for listed in days for _, n in listed),
            *nearest,
            len(archive.issue(DAY)),
            archive.timeline("水库").articles,
            dict(archive.timeline("水库").months)["2021-03"],
        ]

    assert counts(shown) == [n - 1 for n in counts(every)]
    papers = [library.papers(archive, Lang.ZH).messages[0] for archive in (shown, every)]
    assert [f"{n} 篇" in text for n, text in zip(counts(shown), papers, strict=False)] == [
        True,
        False,
    ]
    told = [library.over_time(archive, "水库", Lang.ZH, "") for archive in (shown, every)]
    assert ["共 1 篇" in told[0].messages[0], "共 2 篇" in told[1].messages[0]] == [True, True]
    nowhere, taken, drawn = (tmp_path / name for name in ("nowhere", "taken", "drawn"))
    timeline_png(shown, "青石岭", nowhere)
    timeline_png(shown, "垮坝", taken)
    timeline_png(every, "垮坝", drawn)
    assert taken.read_bytes() == nowhere.read_bytes() != drawn.read_bytes()
    assert library.over_time(shown, "垮坝", Lang.ZH, "").picture is None


def test_no_example_is_made_of_it(home: Home, settings: Settings) -> None:
    rest, canary = TakeDown("因故", DATE, page="q.txt"), TakeDown("因故", DATE, article=HIDDEN)
    assert leaked(guide(opened(home, settings, rest, canary))) == []
    assert leaked(guide(opened(home, settings, rest)))


def test_what_readers_said_of_it_is_not_exported(home: Home, tmp_path: Path) -> None:
    feedback = Feedback.open(tmp_path / "state" / "state.sqlite3")
    person, every = Person(1, 1), home.archive(listed=False)
    hidden = f"{home.name}_b0_60"
    other = next(q.cite for q in every.ask("灌溉了多少亩稻田?").quotes if not leaked(q))
    for cite in (hidden, other):
        feedback.correct(person, cite, every.quote(cite).text, f"改:{every.quote(cite).text}")
        rated = Rated(cite, every.quote(cite).text, "answered", (cite,))
        feedback.rate(person, rated, Rating.UP)
    assert leaked([*feedback.exported(every.taken)])
    shown = [*feedback.exported(home.archive(listed=True).taken)]
    assert leaked(shown) == []
    assert [(one["kind"], hidden in str(one)) for one in shown] == [
        ("correction", False),
        ("rating", False),
    ]
    feedback.close()


def test_what_was_said_before_the_list_changed_is_forgotten(home: Home, tmp_path: Path) -> None:
    """A line above a quote, a name that a follow-up leans on: both may be of what is hidden now."""

    def veil(*, listed: bool) -> str:
        config = read_config(home.config(listed=listed))
        return bot_settings(config, {TOKEN_VARIABLE: f"123456:{'x' * 35}"}).veil

    def opened_with(veil: str) -> Memory:
        return Memory(tmp_path / "state" / "state.sqlite3", days=30, veil=veil)

    async def remembered() -> list[dict[int, ChatState]]:
        every = home.archive(listed=False)
        reply, talk = desk.answered(
            every, Conversation.start(), "都有哪些报道提到水库?", manner=Manner(), lang=Lang.ZH
        )
        assert reply.opened
        state = ChatState()
        state.keep((0, 7), talk)
        state.open(reply.opened)
        memory = opened_with(veil(listed=False))
        await memory.update_chat_data(7, state)
        await memory.flush()
        found = []
        for listed in (False, True, True, False):
            memory = opened_with(veil(listed=listed))
            found.append(await memory.get_chat_data())
            await memory.flush()
        return found

    assert [list(chats) for chats in asyncio.run(remembered())] == [[7], [], [], []]


# Every command, with words that would bring the canary out, and whether they did without the list.
COMMANDS: dict[str, tuple[list[list[str]], bool]] = {
    "ask": ([["ask", q, *more] for q in ASKED for more in ([], ["--json"])], True),
    "chat": ([["chat", "--json"]], True),
    "articles": (
        [
            ["articles"],
            ["articles", "--json"],
            ["articles", "--page", "p.jsonl"],
            ["articles", "--page", "p.jsonl", "--full"],
        ],
        True,
    ),
    "show": ([["show", name] for name in ("p.jsonl", HIDDEN, f"{HIDDEN}/p2", "CODE")], True),
    "verify": ([["verify"], ["verify", "水库下游的道路已经中断"]], True),
    "papers": ([["papers"], ["papers", "--json"]], False),
    "day": ([["day", DAY, *more] for more in ([], ["--json"])], True),
    "random": (
        [["random", "--seed", str(n), *more] for n in SEEDS_OF_CHANCE for more in ([], ["--json"])],
        True,
    ),
    "timeline": ([["timeline", "水库"], ["timeline", "水库", "--json"]], False),
    "takedown": ([["takedown"], ["takedown", "check"]], False),
    "doctor": ([["doctor"]], False),
    "index": ([["index"]], False),
}
# `health` looks for files, `eval` prints measures, `adapt` trains (below), `bot` answers through bot.desk (above).
ELSEWHERE = {"health", "eval", "adapt", "bot"}


def test_every_command_is_tried() -> None:
    assert set(cli.cli.commands) - ELSEWHERE == set(COMMANDS), "a new command: try it here, too"
    assert isinstance(cli.cli, click.Group)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_lets_it_out(home: Home, call: Caller, name: str) -> None:
    def said(*, listed: bool) -> str:
        calls = [[home.code if w == "CODE" else w for w in words] for words in COMMANDS[name][0]]
        given = "\n".join(ASKED) if name == "chat" else ""
        done = [call(*home.arguments(*words, listed=listed), given=given) for words in calls]
        return "".join(one.out + one.err for one in done)

    assert leaked(said(listed=True)) == []
    assert bool(leaked(said(listed=False))) == COMMANDS[name][1]


def test_a_printed_page_is_shown_without_its_hidden_article(home: Home, call: Caller) -> None:
    page = next(SEEDS.glob("003_*")).name
    own = ["--seeds", str(SEEDS), "--config", str(home.folder / "third")]
    (home.folder / "third").mkdir()
    first = call("articles", "--json", *own).rows
    one = next(a for a in first if a["file"] == page and a["title"] and len(a["text"]) > 100)
    (home.folder / "third" / "takedown.toml").write_text(
        f'[[takedown]]\narticle = "{one["id"]}"\n{WHY}', encoding="utf-8"
    )
    words = (one["id"] + '"', one["title"], one["text"][40:52], one["text"][-12:])
    for more in (["--json"], [], ["--page", page], ["--page", page, "--full"]):
        done = call("articles", *more, *own)
        assert done.code == 0
        assert not [word for word in words if word in done.out], more
        assert f"{page}: 另有 1 篇按撤稿名单隐藏" in done.err
    draft = call("articles", "--page", page, "--draft", *own).out
    assert draft.count("[[article]]") == sum(a["file"] == page for a in first) - 1
    assert not [word for word in words if word in draft]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_what_is_hidden_is_named_and_its_reason_told(
    tmp_path: Path, settings: Settings, tools_once: None, call: Caller, entry: str
) -> None:
    home = made(tmp_path / "home", settings, entry)
    shown = call(*home.arguments("show", home.code, listed=True))
    assert (shown.code, shown.out) == (1, "这篇报道已按撤稿名单隐藏，不再显示。原因：当事人要求\n")
    reply = desk.cited(home.archive(listed=True), home.code, Lang.ZH)
    assert reply.messages == ("这篇报道已按撤稿名单隐藏，不再显示。原因：当事人要求",)
    listed = call(*home.arguments("takedown", listed=True))
    assert f"{HIDDEN}  《{PAPER}》{DAY}  第2–2行" in listed.out
    assert call(*home.arguments("takedown", "check", listed=True)).code == 0


def test_a_reason_that_is_not_public_is_kept(home: Home, settings: Settings) -> None:
    with pytest.raises(TakenDownError) as caught:
        opened(home, settings, TakeDown("当事人要求", DATE, article=HIDDEN)).quote(home.code)
    assert caught.value.reason is None


def test_a_conversation_says_that_the_article_is_gone(home: Home) -> None:
    talk = dialog.take(home.archive(listed=False), Conversation.start(), QUESTION).conversation
    for move in ("原文", "详细点"):
        answer = dialog.take(home.archive(listed=True), talk, move).answer
        assert (answer.reason, answer.quotes) == (Reason.TAKEN_DOWN, ())


def test_a_page_that_is_hidden_whole_is_listed_nowhere(
    home: Home, settings: Settings, call: Caller, tmp_path: Path
) -> None:
    archive = opened(home, settings, TakeDown("因故", DATE, page="p.jsonl"))
    assert [page for page, _, _ in archive.check()] == ["q.txt"]
    (tmp_path / "takedown.toml").write_text(
        f'[[takedown]]\npage = "p.jsonl"\n{WHY}', encoding="utf-8"
    )
    words = home.arguments("show", "p.jsonl", listed=True)[:-1]
    shown = call(*words, tmp_path)
    assert (shown.code, shown.out) == (1, "这篇报道已按撤稿名单隐藏，不再显示。原因：当事人要求\n")
    page = call(*home.arguments("show", "p.jsonl", listed=True)).out
    assert "这一页另有文章按撤稿名单隐藏" in page
    assert "县医院新楼启用" in page


def test_what_is_not_searched_is_said_to_be(home: Home, call: Caller) -> None:
    note = "按撤稿名单隐藏的 1 篇没有查。\n"
    for words in (["verify"], ["verify", "水库下游的道路已经中断"]):
        assert call(*home.arguments(*words, listed=True)).out.endswith(note)
        assert note not in call(*home.arguments(*words, listed=False)).out
    exact = home.arguments("verify", "灌溉下游稻田三千亩", listed=True)
    assert note not in call(*exact).out


def test_a_reporter_is_known_by_what_is_shown(home: Home, settings: Settings) -> None:
    one, two = (TakeDown("因故", DATE, article=f"p.jsonl/a{n}") for n in (1, 3))
    known = [opened(home, settings, *entries).catalogue for entries in ((), (one,), (one, two))]
    assert [c.is_reporter("于志") for c in known] == [True, True, False]


def test_a_view_made_before_is_veiled_too(home: Home, settings: Settings) -> None:
    """A later room may look through views of its own."""
    catalogue = opened(home, settings).catalogue
    stores = (catalogue._register, *catalogue._ledgers)
    for store in stores:
        store._db.executescript("CREATE TEMP VIEW own AS SELECT id FROM articles;")
    catalogue.hide({HIDDEN: TakeDown("因故", DATE, article=HIDDEN)})
    seen = [row for store in stores for row in store._db.execute("SELECT id FROM own")]
    assert len(seen) > 1
    assert (HIDDEN,) not in seen


def test_lifting_an_entry_shows_the_article_again(home: Home) -> None:
    assert home.archive(listed=True).manifest == home.archive(listed=False).manifest
    assert home.archive(listed=False).quote(home.code).article_id == HIDDEN


def test_a_count_says_that_hidden_articles_are_not_in_it(home: Home) -> None:
    tallies = [
        home.archive(listed=yes).ask("一共有几篇报道提到水库?").tally for yes in (False, True)
    ]
    assert [(t.articles, t.hidden) for t in tallies if t] == [(2, 0), (1, 1)]
    said = answer_terminal(home.archive(listed=True).ask("一共有几篇报道提到水库?"))
    assert "按撤稿名单隐藏的 1 篇没有核对" in "".join(str(part) for part in said.renderables)


def test_whether_something_hidden_matched_is_not_told(home: Home) -> None:
    archive = home.archive(listed=True)
    asked = [archive.ask(f"一共有几篇报道提到{word}?").tally for word in ("翡翠谷", "青石岭")]
    assert [(t.articles, t.hidden, t.misread) for t in asked if t] == [(0, 1, 0)] * 2


DATE = date(2026, 11, 21)


def opened(home: Home, settings: Settings, *entries: TakeDown) -> Archive:
    """The archive of a home under these entries."""
    listed = msgspec.structs.replace(settings, takedown=entries)
    return Archive.open(home.folder / "seeds", home.folder / "index", listed)


def article(**more: Any) -> Article:  # noqa: ANN401 -- any field
    text = CleanText("正文在此。", ((0, 5),))
    imprint = Imprint(PAPER, DAY)
    one = Article("p.txt/a1", "p.txt", Kind.NEWS, CleanText("", ()), text, ((0, 5),), (1, 1))
    return replace(one, **{"imprint": imprint, "title": "某 某案开庭", **more})


@pytest.mark.parametrize(
    ("way", "hidden"),
    [
        ({"article": "p.txt/a1"}, True),
        ({"article": "p.txt/a11"}, False),
        ({"article": "p.txt"}, False),
        ({"page": "p.txt"}, True),
        ({"page": "p"}, False),
        ({"code": article_code(article())}, True),
        ({"code": f"/c_{article_code(article())}_b0_20"}, True),
        ({"code": article_code(article(title=None, body=CleanText("别的。", ((0, 3),))))}, False),
        ({"newspaper": PAPER, "date": date(2021, 3, 4)}, True),
        ({"newspaper": f"《{PAPER}》", "date": date(2021, 3, 4), "title": "某某案 开庭"}, True),
        ({"newspaper": "小报", "date": date(2021, 3, 4)}, True),
        ({"newspaper": PAPER, "date": date(2021, 3, 4), "title": "某某案"}, False),
        ({"newspaper": PAPER, "date": date(2021, 3, 5)}, False),
        ({"newspaper": "城市晚报", "date": date(2021, 3, 4)}, False),
    ],
)
def test_an_entry_names_an_article_in_each_way(way: dict[str, Any], hidden: bool) -> None:
    papers = (Newspaper(PAPER, aliases=("小报",)), Newspaper("城市晚报"))
    assert hides(TakeDown("因故", DATE, **way), article(), papers) is hidden


def test_what_states_no_paper_is_not_hidden_by_one() -> None:
    entry = TakeDown("因故", DATE, newspaper=PAPER, date=date(2021, 3, 4))
    assert not hides(entry, article(imprint=Imprint(None, DAY)), ())
    assert not hides(entry, article(imprint=Imprint(PAPER, None)), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[takedown]]\nreason = "x"\nsince = 2026-11-21', "name one of"),
        (f"[[takedown]]\ncode = 'x'\npage = 'y'\n{WHY}", "name one of"),
        (f"[[takedown]]\ntitle = 'x'\n{WHY}", "name one of"),
        (f"[[takedown]]\nnewspaper = 'x'\n{WHY}", "name one of"),
        ("[[takedown]]\ncode = 'x'\nsince = 2026-11-21", "reason"),
        ("[[takedown]]\ncode = 'x'\nreason = 'y'", "since"),
        ("[[takedown]]\ncode = 'x'\nreason = 'y'\nsince = '2026-02-30'", "since"),
        (f"[[takedown]]\ncodes = 'x'\n{WHY}", "codes"),
        (f"[[takedowns]]\ncode = 'x'\n{WHY}", "takedowns"),
        ("[[takedown]", "TOML"),
    ],
)
@pytest.mark.parametrize("name", ["takedown.toml", "takedown.local.toml"])
def test_an_entry_that_is_wrong_is_named_with_its_file(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_config(tmp_path)
    assert str(tmp_path / name) in str(caught.value)
    assert told in str(caught.value)


def test_lists_add_up_and_the_shipped_one_is_empty(tmp_path: Path) -> None:
    assert read_config().archive.takedown == ()
    for name in ("takedown.toml", "takedown.local.toml"):
        (tmp_path / name).write_text(f"[[takedown]]\ncode = '{name}'\n{WHY}", encoding="utf-8")
    names = [entry.code for entry in read_config(tmp_path).archive.takedown]
    assert names == ["takedown.toml", "takedown.local.toml"]


def test_the_example_of_the_shipped_list_can_be_used(tmp_path: Path) -> None:
    shipped = (SEEDS.parent / "config" / "takedown.toml").read_text(encoding="utf-8")
    example = shipped[shipped.rindex("# [[takedown]]") :].replace("# ", "")
    (tmp_path / "takedown.toml").write_text(example, encoding="utf-8")
    assert read_config(tmp_path).archive.takedown == (
        TakeDown("涉及未成年人", DATE, code="kozdcxa3cc"),
    )


def test_an_idle_entry_and_a_reprint_are_told_of(
    tmp_path: Path, settings: Settings, tools_once: None, call: Caller
) -> None:
    home = made(tmp_path / "home", settings, ENTRIES["article"])
    again = {**ROWS[1], "newspaper": "城市晚报", "text": ROWS[1]["text"] + "又讯,天气转晴。"}
    page = home.folder / "seeds" / "again.jsonl"
    page.write_text(json.dumps(again, ensure_ascii=False), encoding="utf-8")
    Archive.build(home.folder / "seeds", home.folder / "index", settings)
    listed = home.config(listed=True) / "takedown.local.toml"
    listed.write_text(f"[[takedown]]\npage = '没有的.txt'\n{WHY}", encoding="utf-8")
    checked = call(*home.arguments("takedown", "check", listed=True))
    assert checked.code == 1
    assert "没有对上任何文章: 页面 没有的.txt" in checked.out
    assert f"可能是 {HIDDEN} 的转载, 仍在显示: again.jsonl/a1" in checked.out
    doctor = call(*home.arguments("doctor", listed=True))
    assert doctor.code == 0
    assert "✓ 撤稿名单: 2 条, 隐藏 1 篇" in doctor.out
    assert "! 撤稿名单: 没有对上任何文章: 页面 没有的.txt" in doctor.out
    assert "again.jsonl/a1" in doctor.out
    quotes = home.archive(listed=True).ask(QUESTION).quotes
    listed.write_text(f"[[takedown]]\npage = 'again.jsonl'\n{WHY}", encoding="utf-8")
    assert call(*home.arguments("takedown", "check", listed=True)).code == 0
    assert [q.article_id for q in quotes if q.also] == []
    assert "again.jsonl/a1" in [q.article_id for q in quotes]


def test_further_parts_of_a_story_are_hidden_with_it(
    tmp_path: Path, settings: Settings, tools_once: None
) -> None:
    seeds, index = write(tmp_path / "seeds", PAPER_OF_THREE_PAGES), tmp_path / "index"
    Archive.build(seeds, index, settings)
    plain = Archive.open(seeds, index, settings)
    second = next(a for a in plain.near(PARK[1], 9) if PARK[1][:12] in a.body.text)
    entry = TakeDown("因故", DATE, article=second.id)
    listed = msgspec.structs.replace(settings, takedown=(entry,))
    archive = Archive.open(seeds, index, listed)
    parts = {a.id for a in plain.story(second)}
    assert archive.n_hidden == len(parts) == 3
    assert parts & set(rows_of(plain)) == parts
    assert not parts & set(rows_of(archive))
    assert "龙首山" not in "".join(map(str, rows_of(archive)))
    assert "龙首山" in "".join(map(str, rows_of(plain)))


def test_the_stamp_changes_with_the_list(home: Home, tmp_path: Path) -> None:
    places = Places(home.folder / "seeds", home.folder / "index", tmp_path)
    stamps = [places.lists()]
    for text in (f"[[takedown]]\ncode = 'x'\n{WHY}", ""):
        (tmp_path / "takedown.toml").write_text(text, encoding="utf-8")
        stamps.append(places.lists())
    assert len(set(stamps)) == 3
    assert places.lists() == stamps[-1]


def test_training_learns_nothing_of_it(home: Home) -> None:
    learnt = [
        read_items(home.folder / "seeds", read_config(home.config(listed=yes)).archive, quiet)
        for yes in (True, False)
    ]
    assert [bool(leaked(items)) for items in learnt] == [False, True]


def quiet(*_: object) -> None:
    """Progress that nobody looks at."""


ROWS_AND_HIDDEN = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        st.lists(st.sampled_from("甲乙丙"), min_size=n, max_size=n),
        st.sets(st.integers(0, n - 1)),
        st.integers(1, 12),
    )
)


@given(ROWS_AND_HIDDEN)
@trials(max_examples=40, deadline=None)
def test_both_legs_find_the_best_k_of_what_is_shown(
    tmp_path_factory: pytest.TempPathFactory, given: tuple[list[str], set[int], int]
) -> None:
    words, hidden, k = given
    lexicon = Lexicon.build(
        tmp_path_factory.mktemp("lexicon") / "one",
        (Entry.of(row, Terms((w,), ())) for row, w in enumerate(words)),
    )
    terms = Terms(("甲", "乙"), ())
    every = [pair for pair in lexicon.search(terms, len(words)) if pair[0] not in hidden]
    veiled = lexicon.without(hidden)
    assert veiled.search(terms, k) == every[:k]
    assert veiled.holding("甲") == [r for r, w in enumerate(words) if w == "甲" and r not in hidden]
    for word in "甲乙丙":
        rows = {row for row, w in enumerate(words) if w == word}
        assert (veiled.count(word) > 0) == bool(rows - hidden)
    points = np.array([["甲乙丙".index(w) + 1, row] for row, w in enumerate(words)], np.float32)
    vectors = Vectors.build(points)
    query = np.array([1, 0.125], dtype=np.float32)
    near = [pair for pair in vectors.search(query, len(words)) if pair[0] not in hidden]
    shown = vectors.without(np.array(sorted(hidden), dtype=np.int64))
    assert shown.search(query, k) == near[:k]
    odd = np.arange(1, len(words), 2)
    among = [pair for pair in near if pair[0] in odd]
    assert shown.search(query, k, rows=odd) == among[:k]
