"""What readers say is kept, told without who said it, and forgotten on request."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.feedback import Complaint, Feedback, Person, Rated, Rating
from bot.state import Store

ME, OTHER = Person(1, 7), Person(1, 8)
ANSWER = Rated("0123abcd", "栽了多少棵树?", "answered", ("a_b0_1", "b_b0_2"))


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    Feedback.open(tmp_path / "state").close()
    schema_is_there = Store.open(tmp_path / "state", "")
    opened = Feedback(schema_is_there, clock=itertools.count(1.0).__next__)
    yield opened
    opened.close()


def test_a_rating_is_told_with_its_question_and_without_its_reader(feedback: Feedback) -> None:
    feedback.rate(ME, ANSWER, Rating.DOWN, Complaint.MISQUOTED)
    assert list(feedback.exported(lambda _: False)) == [
        {
            "kind": "rating",
            "at": 1.0,
            "rating": "down",
            "reason": "misquoted",
            "verdict": "answered",
            "question": "栽了多少棵树?",
            "cites": ["a_b0_1", "b_b0_2"],
        }
    ]


def test_a_later_rating_takes_the_place_of_the_same_readers(feedback: Feedback) -> None:
    feedback.rate(ME, ANSWER, Rating.DOWN, Complaint.OTHER)
    feedback.rate(OTHER, ANSWER, Rating.DOWN)
    feedback.rate(ME, ANSWER, Rating.UP)
    told = [(entry["rating"], entry["reason"]) for entry in feedback.exported(lambda _: False)]
    assert told == [("down", None), ("up", None)]


def test_corrections_are_all_kept_in_order_with_ratings(feedback: Feedback) -> None:
    feedback.correct(ME, "a_b0_1", "人选", "入选")
    feedback.rate(ME, ANSWER, Rating.UP)
    feedback.correct(OTHER, "a_b0_1", "人选", "入 选")
    told = list(feedback.exported(lambda _: False))
    assert [entry["kind"] for entry in told] == ["correction", "rating", "correction"]
    assert [entry.get("corrected") for entry in told] == ["入选", None, "入 选"]
    assert told[0]["printed"] == "人选"


def test_only_what_one_person_said_in_one_chat_is_forgotten(feedback: Feedback) -> None:
    for person in (ME, OTHER, Person(2, 7)):
        feedback.rate(person, ANSWER, Rating.UP)
        feedback.correct(person, "a_b0_1", "人选", str(person))
    assert feedback.forget(1, 7) == 2
    assert feedback.forget(1, 7) == 0
    left = list(feedback.exported(lambda _: False))
    assert len(left) == 4
    assert str(ME) not in [entry.get("corrected") for entry in left]
