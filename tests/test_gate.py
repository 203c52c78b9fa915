"""Who may ask, and how much: rules against a table, token buckets against what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate import (
    Access,
    Bucket,
    Drawn,
    Known,
    Meter,
    Rate,
    Rules,
    Ruling,
    admitted,
    filled,
    is_admin,
)

ADMIN, LISTED, READER, CHIEF, BLOCKED, STRANGER = 1, 2, 3, 4, 5, 6
KNOWN = Known(frozenset({READER, BLOCKED}), frozenset({CHIEF}), frozenset({BLOCKED, ADMIN}))
IN, OUT, NO = Ruling.WELCOME, Ruling.STRANGER, Ruling.BLOCKED


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (Access.OPEN, [IN, IN, IN, IN, NO, IN]),
        (Access.LISTED, [IN, IN, IN, IN, NO, OUT]),
        (Access.PAIRED, [IN, IN, IN, IN, NO, OUT]),
    ],
)
def test_who_may_enter(access: Access, expected: list[Ruling]) -> None:
    rules = Rules(access, allowed=frozenset({LISTED}), admins=frozenset({ADMIN}))
    people = (ADMIN, LISTED, READER, CHIEF, BLOCKED, STRANGER)
    assert [admitted(rules, KNOWN, one) for one in people] == expected
    assert admitted(rules, KNOWN, None) is Ruling.NOBODY
    assert [is_admin(rules, KNOWN, one) for one in people] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]


def allowed_by_history(granted: list[tuple[int, int]], now: int, rate_s: int, burst: int) -> bool:
    """A (σ, ρ) constraint (Cruz, 1991): in no window does more leave than burst + rate x length.

    ``granted`` are (when, tokens); asked is one token more at ``now``.
    """
    windows = [start for start, _ in granted] + [now]
    return all(
        sum(cost for when, cost in granted if when >= start) + 1 <= burst + rate_s * (now - start)
        for start in windows
    )


@given(st.lists(st.integers(0, 4), max_size=60), st.integers(1, 3), st.integers(1, 8))
def test_a_bucket_lets_through_what_the_windows_allow(
    gaps: list[int], rate_s: int, burst: int
) -> None:
    meter = Meter(Rules(per_user=Rate(60 * rate_s, burst)))
    granted: list[tuple[int, int]] = []
    now = 0
    for gap in gaps:
        now += gap
        expected = allowed_by_history(granted, now, rate_s, burst)
        drawn = meter.draw(7, now)
        assert (drawn.ruling is Ruling.WELCOME) == expected
        if expected:
            granted.append((now, 1))
        else:
            assert 0 < drawn.wait_s <= 1 / rate_s


@given(st.integers(1, 600), st.integers(1, 50), st.floats(0.1, 10))
def test_who_waits_as_long_as_told_is_served(per_min: int, burst: int, cost: float) -> None:
    meter = Meter(Rules(per_user=Rate(per_min, burst)))
    now, drawn = 0.0, Drawn(Ruling.WELCOME)
    while drawn.ruling is Ruling.WELCOME:
        drawn = meter.draw(7, now, cost)
    assert meter.draw(7, now + drawn.wait_s + 1e-6, cost).ruling is Ruling.WELCOME


def test_one_reader_does_not_use_up_anothers_limit() -> None:
    meter = Meter(Rules(per_user=Rate(60, 2)))
    rulings = [meter.draw(user, 0.0).ruling for user in (1, 1, 1, 2, 2, 2)]
    assert rulings == [IN, IN, Ruling.TOO_FAST, IN, IN, Ruling.TOO_FAST]


def test_what_all_ask_together_has_its_own_limit_and_costs_nobody() -> None:
    meter = Meter(Rules(per_user=Rate(60, 9), everybody=Rate(120, 3)))
    drawn = [meter.draw(user, 0.0) for user in (1, 2, 3, 4)]
    assert [one.ruling for one in drawn] == [IN, IN, IN, Ruling.TOO_BUSY]
    assert drawn[3].wait_s == 0.5
    assert 4 not in meter.buckets, "was charged for what was not done"
    assert meter.draw(1, 0.0).ruling is Ruling.TOO_BUSY
    assert meter.buckets[1] == Bucket(8.0, 0.0)


def test_who_is_too_fast_takes_nothing_from_all() -> None:
    meter = Meter(Rules(per_user=Rate(60, 1), everybody=Rate(60, 2)))
    rulings = [meter.draw(user, 0.0).ruling for user in (1, 1, 1, 2)]
    assert rulings == [IN, Ruling.TOO_FAST, Ruling.TOO_FAST, IN]


def test_without_limits_nothing_is_counted() -> None:
    meter = Meter(Rules())
    assert {meter.draw(1, 0.0, 99).ruling for _ in range(1000)} == {IN}
    assert not meter.buckets
    assert meter.shared is None


def test_a_clock_set_back_neither_fills_nor_empties() -> None:
    assert filled(Bucket(2, 100), Rate(60, 5), 40) == 2
    assert filled(Bucket(2, 100), Rate(60, 5), 102) == 4
    assert filled(None, Rate(60, 5), 0) == 5


def test_the_limits_go_on_where_they_were() -> None:
    rules = Rules(per_user=Rate(60, 2))
    before = Meter(rules)
    before.draw(1, 0.0), before.draw(1, 0.0), before.draw(2, 0.0)
    after = Meter(rules, before.partly_empty(1.5))
    assert set(after.buckets) == {1}, "a full bucket says nothing"
    assert after.draw(1, 0.5).ruling is Ruling.TOO_FAST


def test_full_buckets_are_dropped_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gate._MANY", 50)
    meter = Meter(Rules(per_user=Rate(60, 5)))
    for user in range(1000):
        assert meter.draw(user, float(user)).ruling is IN
        assert len(meter.buckets) <= 51
