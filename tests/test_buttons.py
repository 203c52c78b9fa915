"""Buttons: what they carry fits, comes back as it was meant, and outlasts what it can."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import buttons, wording
from bot.buttons import Action, Press
from bot.chatstate import Held, Opened
from bot.feedback import Complaint
from bot.wording import Lang, Text

CITES = ("k3v4q2m7ta_b120_85", "a2b3c4d5e6_h0_40", "kozdcxa3cc_b999999999_999999999")
ANSWER = Opened(
    "0123abcd",
    "栽了多少棵树?",
    "answered",
    tuple(map(Held, CITES)),
    readings=(("date", "2021年1月"), ("newspaper", "《" + "很长的报名" * 20 + "》")),
)


def labels(answer: Opened, lang: Lang = Lang.ZH) -> list[list[str]]:
    return [[button.label for button in row] for row in buttons.under(answer, lang)]


def test_the_buttons_under_an_answer() -> None:
    *rows, drops = labels(ANSWER)
    assert drops[0] == "✕ 2021年1月"
    assert len(drops[1]) <= 32
    assert rows == [["更多 1/3 ›"], ["上下文", "全文", "引用"], ["👍", "👎", "识别有误"]]


@pytest.mark.parametrize(("page", "turns"), [(1, ["‹", "2/3", "›"]), (2, ["‹", "3/3"])])
def test_an_answer_is_turned_both_ways(page: int, turns: list[str]) -> None:
    turned = replace(ANSWER, page=page)
    assert labels(turned)[0] == turns
    data = [button.data for row in buttons.under(turned, Lang.ZH) for button in row]
    assert f"near:{CITES[page]}" in data


def test_a_refusal_can_be_rated_and_one_quote_not_turned() -> None:
    assert labels(Opened("0123abcd", "?", "none")) == [["👍", "👎"]]
    one = replace(ANSWER, quotes=ANSWER.quotes[:1], readings=(), rating="down")
    assert labels(one) == [["上下文", "全文", "引用"], ["👍", "👎 ✓", "识别有误"]]


@pytest.mark.parametrize("lang", Lang)
def test_what_a_button_carries_fits_and_is_read_back(lang: Lang) -> None:
    answers = [replace(ANSWER, page=n) for n in range(3)]
    rows = [row for a in answers for row in (*buttons.under(a, lang), *buttons.why(a, lang))]
    carried = [button.data for row in rows for button in row]
    assert all(len(data.encode()) <= 64 for data in carried)
    read = [buttons.read(data) for data in carried]
    assert None not in read
    assert {press.action for press in read if press} == set(Action)


def test_a_press_is_what_was_meant() -> None:
    assert buttons.read("page:0123abcd:2") == Press(Action.PAGE, "0123abcd", "2")
    assert buttons.read("drop:0123abcd:date") == Press(Action.DROP, "0123abcd", "date")
    assert buttons.read("up:0123abcd") == Press(Action.UP, "0123abcd")
    assert buttons.read(f"fix:{CITES[0]}") == Press(Action.FIX, CITES[0])


def test_each_reason_is_told_by_its_button() -> None:
    pressed = [
        (button.label, buttons.complaint(press))
        for row in buttons.why(ANSWER, Lang.ZH)
        for button in row
        if (press := buttons.read(button.data)) and press.action is Action.WHY
    ]
    assert pressed == [
        (wording.say(Text.WHY_BESIDE), Complaint.BESIDE),
        (wording.say(Text.WHY_MISSED), Complaint.MISSED),
        (wording.say(Text.WHY_MISQUOTED), Complaint.MISQUOTED),
        (wording.say(Text.WHY_OTHER), Complaint.OTHER),
    ]
    assert buttons.complaint(Press(Action.WHY, "0123abcd", "99")) is None


@given(st.text())
def test_what_no_button_carries_is_nothing(data: str) -> None:
    assert buttons.read(data) is None


@pytest.mark.parametrize(
    "data",
    ["", "page:0123abcd", "page:0123ABCD:1", "up:../../etc", "near:", "near:A", "fix:" + "a" * 41],
)
def test_a_forged_button_is_nothing(data: str) -> None:
    assert buttons.read(data) is None
