"""People and updates that outlive the process: codes, blocks, limits, what was left undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.gate import Bucket, Known, Standing
from bot.journal import KEPT_S, TRIES, Journal
from bot.roster import INVITE_S, Roster


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "bot.sqlite3"


@pytest.fixture
def roster(path: Path) -> Iterator[Roster]:
    roster = Roster.open(path)
    yield roster
    roster.close()


def bytes_kept(path: Path) -> bytes:
    """All that stands on disk, the log of writes included."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def test_a_code_lets_one_person_in_once(roster: Roster, path: Path) -> None:
    code = roster.invite(Standing.READER, now=0)
    assert roster.pair("x" + code, 7, now=1) is None
    assert roster.known == Known()
    assert roster.pair(code, 7, now=1) is Standing.READER
    assert roster.pair(code, 8, now=1) is None, "a code was used twice"
    assert roster.known == Known(readers=frozenset({7}))
    assert Roster.open(path).known == roster.known


def test_codes_expire(roster: Roster) -> None:
    late, early = roster.invite(Standing.READER, now=0), roster.invite(Standing.READER, now=0)
    assert roster.pair(late, 7, now=INVITE_S) is None
    assert roster.pair(early, 7, now=INVITE_S - 1) is Standing.READER


def test_codes_are_many_long_and_nowhere_in_clear(roster: Roster, path: Path) -> None:
    codes = {roster.invite(Standing.READER, now=0) for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {12}
    assert not [code for code in codes if code.encode() in bytes_kept(path)]


def test_only_the_last_first_code_is_good(roster: Roster) -> None:
    old, new = roster.invite_first(now=0), roster.invite_first(now=1)
    assert roster.pair(old, 7, now=2) is None
    assert roster.pair(new, 7, now=2) is Standing.ADMIN
    assert roster.known.admins == {7}


def test_an_admin_who_uses_a_readers_code_stays_admin(roster: Roster) -> None:
    roster.pair(roster.invite_first(now=0), 7, now=0)
    assert roster.pair(roster.invite(Standing.READER, now=0), 7, now=0) is Standing.ADMIN
    assert roster.known == Known(admins=frozenset({7}))


def test_blocking_keeps_the_standing_for_later(roster: Roster, path: Path) -> None:
    roster.pair(roster.invite(Standing.READER, now=0), 7, now=0)
    roster.block(7)
    roster.block(9)
    assert Roster.open(path).known == Known(frozenset({7}), blocked=frozenset({7, 9}))
    roster.block(7, blocked=False)
    assert roster.known == Known(frozenset({7}), blocked=frozenset({9}))


def test_what_is_left_of_the_limits_is_kept_whole(roster: Roster, path: Path) -> None:
    roster.keep_buckets({7: Bucket(1.5, 10.25), 8: Bucket(0, 11)})
    roster.keep_buckets({7: Bucket(2.5, 12)})
    assert Roster.open(path).buckets() == {7: Bucket(2.5, 12)}


def journal(path: Path, line: str = "bot") -> Journal:
    return Journal.open(path, line)


def test_an_update_arrives_once(path: Path) -> None:
    first = journal(path)
    assert first.arrive(5, "five", now=0)
    assert not first.arrive(5, "five", now=1)
    first.done(5)
    assert not first.arrive(5, "five", now=2), "done, and offered again"
    assert not journal(path).arrive(5, "five", now=3), "forgotten over a restart"
    assert journal(path, "another bot").arrive(5, "five", now=3)


def test_what_was_not_dealt_with_is_taken_up_in_order(path: Path) -> None:
    before = journal(path)
    for update in (9, 3, 5):
        before.arrive(update, f"<{update}>", now=0)
    before.done(5)
    assert journal(path, "another bot").left(now=1) == []
    assert journal(path).left(now=1) == ["<3>", "<9>"]


def test_an_update_that_brings_the_bot_down_is_given_up(path: Path) -> None:
    journal(path).arrive(3, "<3>", now=0)
    starts = [journal(path).left(now=1) for _ in range(3)]
    assert starts == [["<3>"]] * (TRIES - 1) + [[]] * (4 - TRIES)


def test_old_ids_are_forgotten_when_no_server_offers_them_again(path: Path) -> None:
    journal(path).arrive(3, "<3>", now=0)
    assert journal(path).left(now=KEPT_S) == []
    assert journal(path).arrive(3, "<3>", now=KEPT_S)


def test_what_was_said_is_not_kept_once_it_is_answered(path: Path) -> None:
    kept = journal(path)
    kept.arrive(3, "谁种了秘密的树", now=0)
    assert "秘密".encode() in bytes_kept(path)
    kept.done(3)
    kept.close()
    assert "秘密".encode() not in bytes_kept(path)
