"""The state file: what a chat leaves in it comes back, and what is not ours is never overwritten."""

from __future__ import annotations

import asyncio
import copy
import sqlite3
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chatstate import MAX_OPENED, MAX_PROMPTS, ChatState, Opened, from_json, to_json
from bot.conversation import Conversation, Topic
from bot.state import Store
from bot.telegram.memory import Memory
from retrieval.errors import SettingsError

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (text TEXT)"
TALK = Conversation((Topic("四平市地铁在哪里?"),), at=1.0)
NOT_NAN = st.from_type(Conversation).filter(lambda c: c.at == c.at and abs(c.at) < 1e300)
STATES = st.builds(
    ChatState,
    talks=st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), NOT_NAN, max_size=3),
    before=st.dictionaries(st.tuples(st.just(0), st.just(0)), st.tuples(st.just(7), NOT_NAN)),
    opened=st.lists(st.from_type(Opened), max_size=3).map(lambda o: {one.key: one for one in o}),
    prompts=st.dictionaries(st.integers(1, 99), st.text(max_size=5), max_size=3),
    latest=st.integers(0, 2**40),
)


def talked(place: tuple[int, int] = (0, 0)) -> ChatState:
    state = ChatState()
    state.keep(place, TALK)
    return state


def remembered(path: Path, **states: ChatState) -> None:
    """What a bot leaves behind that was told to stop; chats are named a1, a2 …"""

    async def run() -> None:
        memory = Memory(path, days=30)
        await asyncio.gather(
            *(memory.update_chat_data(int(chat[1:]), state) for chat, state in states.items())
        )
        await memory.flush()

    asyncio.run(run())


def recalled(path: Path, now: float | None = None) -> dict[int, ChatState]:
    """What the next one finds."""

    async def run() -> dict[int, ChatState]:
        memory = Memory(path, days=30, **({"clock": lambda: now} if now else {}))
        found = await memory.get_chat_data()
        await memory.flush()
        return found

    return asyncio.run(run())


@given(STATES)
def test_a_chat_survives_being_written_down(state: ChatState) -> None:
    assert from_json(to_json(state)) == state


@pytest.mark.parametrize("data", [b"", b"[]", b'{"version": 2}', b'{"version": 1, "talks": 3}'])
def test_what_is_no_chat_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_json(data)


def test_a_copy_is_not_changed_with_the_chat() -> None:
    state = talked()
    copied = copy.deepcopy(state)
    state.keep((0, 1), TALK)
    state.open(Opened("", "?", "none"))
    state.await_correction(3, "c")
    assert (list(copied.talks), copied.opened, copied.prompts) == ([(0, 0)], {}, {})


def test_what_is_remembered_of_a_chat_is_capped() -> None:
    state = ChatState()
    for n in range(1, 100):
        state.open(Opened("", str(n), "none"))
        state.await_correction(n, "c")
    assert [one.question for one in state.opened.values()][-1] == "99"
    assert (len(state.opened), len(state.prompts)) == (MAX_OPENED, MAX_PROMPTS)


def test_an_answer_keeps_its_key_and_an_edited_question_its_past() -> None:
    state = talked()
    first = state.open(Opened("", "?", "none"))
    assert state.open(Opened(first.key, "?", "none", page=1)).key == first.key
    assert [one.page for one in state.opened.values()] == [1]
    state.before[0, 0] = (7, Conversation.start())
    assert state.talk_before((0, 0), 7) == Conversation.start()
    assert state.talk_before((0, 0), 8) == state.talk_before((0, 0), 0) == TALK


def test_one_person_of_a_group_is_forgotten_alone() -> None:
    state = talked((0, 1))
    state.keep((5, 2), TALK)
    state.open(Opened("", "?", "none", place=(0, 1)))
    state.open(Opened("", "?", "none", place=(0, 2)))
    assert state.forget(1) == 2
    assert (list(state.talks), [one.place for one in state.opened.values()]) == ([(5, 2)], [(0, 2)])
    assert state.forget(0) == 2
    assert state.empty


def test_chats_are_remembered_until_they_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "state"
    remembered(path, a1=talked(), a2=talked((3, 4)))
    assert recalled(path) == {1: talked(), 2: talked((3, 4))}
    remembered(path, a1=ChatState())
    assert recalled(path) == {2: talked((3, 4))}


def test_what_was_not_flushed_is_there_when_the_program_was_killed(tmp_path: Path) -> None:
    async def run() -> dict[int, ChatState]:
        await Memory(tmp_path / "state", days=30).update_chat_data(1, talked())
        return await Memory(tmp_path / "state", days=30).get_chat_data()

    assert asyncio.run(run()) == {1: talked()}


def test_a_silent_chat_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "state"
    remembered(path, a1=talked())
    (at,) = Store.open(path, "").rows("SELECT at FROM chats")[0]
    day = 86_400
    assert recalled(path, at + 30 * day - 1) == {1: talked()}
    assert recalled(path, at + 30 * day + 1) == {}
    assert recalled(path) == {}


@pytest.mark.parametrize("written", [b"{", b'{"version": "\xe5"}'])
def test_a_chat_that_cannot_be_read_is_forgotten_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, written: bytes
) -> None:
    path = tmp_path / "state"
    remembered(path, a1=talked(), a2=talked())
    Store.open(path, "").write("UPDATE chats SET state = ? WHERE chat = 1", [(written,)])
    assert recalled(path) == {2: talked()}
    assert "cannot be read" in caplog.text


def test_what_cannot_be_written_now_is_written_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(self: Store, statement: str, rows: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    async def run() -> None:
        memory = Memory(tmp_path / "state", days=30)
        with monkeypatch.context() as patch:
            patch.setattr(Store, "write", full)
            await memory.update_chat_data(1, talked())
        await memory.update_chat_data(2, talked())
        await memory.flush()

    asyncio.run(run())
    assert "disk is full" in caplog.text
    assert recalled(tmp_path / "state") == {1: talked(), 2: talked()}


def test_only_its_owner_reads_the_state_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "state"
    Store.open(path, SCHEMA).write("INSERT INTO notes VALUES ('x')")
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_stores_share_a_file_and_come_back(tmp_path: Path) -> None:
    one, two = (Store.open(tmp_path / "state", SCHEMA) for _ in range(2))
    assert one.write("INSERT INTO notes VALUES (?)", [("a",), ("b",)]) == 2
    assert two.write("DELETE FROM notes WHERE text = ?", [("a",)]) == 1
    one.close()
    assert Store.open(tmp_path / "state", SCHEMA).rows("SELECT text FROM notes") == [("b",)]


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE other (x)")
    db.close()


def later(path: Path) -> None:
    Store.open(path, SCHEMA).write("PRAGMA user_version = 99")


def torn(path: Path) -> None:
    store = Store.open(path, SCHEMA)
    store.write("INSERT INTO notes VALUES (?)", [("x" * 999,)] * 99)
    store.close()
    data = bytearray(path.read_bytes())
    data[4096 : 3 * 4096] = b"\xff" * (2 * 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_text("no database " * 99), foreign, later, torn]
)
def test_what_is_damaged_or_not_ours_is_set_aside(
    tmp_path: Path, spoil: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state"
    spoil(path)
    before = path.read_bytes()
    assert Store.open(path, SCHEMA).rows("SELECT * FROM notes") == []
    (aside,) = tmp_path.glob("state.*.aside")
    assert aside.read_bytes() == before
    assert f"set aside as {aside.name}" in caplog.text


def test_an_empty_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "state").touch(0o644)
    assert Store.open(tmp_path / "state", SCHEMA).rows("SELECT * FROM notes") == []
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.aside"))


def test_a_file_in_the_way_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="JIWEN_STATE"):
        Store.open(tmp_path / "file" / "state", SCHEMA)
    with pytest.raises(SettingsError, match="cannot be kept there"):
        Store.open(tmp_path, SCHEMA)


def test_a_folder_that_may_not_be_written_is_one_clear_error(
    tmp_path: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    with unprivileged():
        folder.chmod(0o500)
        with pytest.raises(SettingsError, match="cannot be kept there"):
            Store.open(folder / "state", SCHEMA)
