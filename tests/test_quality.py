"""The answers stay as good as they were: pinned floors, raised by hand and never lowered.

The question set was written from the pages by someone who had not seen the code. Since then patterns
and thresholds were set with its misses in view: it holds what was reached, and is no unseen test.
"""

from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.measures import Table, measure, read_questions

QUESTIONS = Path(__file__).with_name("questions.jsonl")
# group, measure, floor: two to four questions below what was measured.
FLOORS = [
    ("fact", "found@1", 0.90),
    ("fact", "right", 0.75),
    ("answerable", "found@1", 0.70),
    ("answerable", "found@3", 0.76),
    ("none", "right", 0.80),
]


@pytest.fixture(scope="module")
def table(archive: Archive) -> Table:
    questions = read_questions(QUESTIONS)
    return measure(questions, [archive.ask(one.question) for one in questions])


@pytest.mark.parametrize(("group", "name", "floor"), FLOORS)
def test_answers_stay_above_the_floor(table: Table, group: str, name: str, floor: float) -> None:
    assert table.groups[group][name] >= floor


def test_every_quote_is_proven(archive: Archive, table: Table) -> None:
    assert table.proven == 1
    assert not [failure for _, _, failures in archive.check() for failure in failures]
