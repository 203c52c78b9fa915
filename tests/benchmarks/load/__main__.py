"""Many people at once before the real bot, on the five pages: latency, lost, doubled, memory.

    python -m tests.benchmarks.load [--people 200] [--questions 5] [--faults] [--soak N] …

The server and the people are one process, the bot another; both share the machine's cores. Latency
runs from a question said to its answer taken by the server. A doubled answer whose first reply was
lost on the way (the server took it, the bot never learnt) is counted apart: no program can tell.
"""

from __future__ import annotations

import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import click

from retrieval.measures import read_questions
from tests.telegramserver import BotApi, Trouble, User
from tests.telegramserver.floods import OVERALL
from tests.telegramserver.running import REAL, ROOT, Running, start_bot

from .crowd import Asked, Crowd, Pace
from .reloads import reload_often

# Of all calls, those to fetch updates included: far worse than a bad day of Telegram.
FAULTS = {Trouble.TOO_MANY: 0.03, Trouble.BAD_GATEWAY: 0.03, Trouble.DROPPED: 0.03}
LOST_REPLIES = {Trouble.REPLY_LOST: 0.01}
_TUNING = 1_000_000  # chats from here on only find out what the answers are


@dataclass(slots=True)
class Memory:
    """Resident memory of the bot as the questions come in."""

    bot: Running
    every: int
    samples: list[tuple[int, float]] = field(default_factory=list)

    def watch(self, n_asked: int) -> None:
        """Take a sample every so many questions."""
        if not self.samples or n_asked >= self.samples[-1][0] + self.every:
            self.samples.append((n_asked, self.bot.resident_mb()))


def expected_answers(api: BotApi, questions: Sequence[str]) -> dict[str, str]:
    """What the bot answers to each question, asked once, by itself, in peace.

    Questions whose answer is several messages are left out, so that one message is one answer.
    """
    expected = {}
    for chat, question in enumerate(questions, _TUNING):
        before = len(api.sent)
        api.say(chat, question, user=User(chat, "读者"))
        api.wait_for_message(chat, 60)
        if len(api.sent) == before + 1:
            expected[question] = api.sent[-1].text
    return expected


def plans(questions: Sequence[str], people: int, each: int, seed: int) -> list[list[str]]:
    """For each person, questions of their own choice, no two with the same answer."""
    chance = random.Random(seed)
    return [
        chance.sample(questions, each)
        if each <= len(questions)
        else chance.choices(questions, k=each)
        for _ in range(people)
    ]


def distinct(expected: Mapping[str, str]) -> list[str]:
    """One question an answer: a message then belongs to one question only."""
    return list({answer: question for question, answer in expected.items()}.values())


def table(title: str, asked: Sequence[Asked], crowd: Crowd, took_s: float) -> str:
    """Rows of Markdown: latency, lost, doubled."""
    took = sorted(one.latency_s for one in asked if one.messages)
    at = lambda share: took[min(int(len(took) * share), len(took) - 1)] if took else float("nan")  # noqa: E731
    lost = sum(not one.messages for one in asked)
    doubled = sum(one.doubles for one in asked)
    unknowable = sum(one.doubles_unknowable for one in asked)
    rows = [
        ("questions, a second", f"{len(asked)}, {len(asked) / took_s:.1f}"),
        (
            "latency p50, p95, p99, longest",
            ", ".join(f"{at(s):.2f} s" for s in (0.5, 0.95, 0.99, 1)),
        ),
        ("lost", str(lost)),
        ("doubled", str(doubled)),
        ("doubled because the reply was lost on the way", str(unknowable)),
        ("apologies, and messages that nobody asked for", str(len(crowd.strange))),
    ]
    rows += [
        ("such a message", repr(said[:60])) for said in sorted({s.text for s in crowd.strange})[:3]
    ]
    return "\n".join([f"\n**{title}**\n", *(f"| {what} | {value} |" for what, value in rows)])


@click.command()
@click.option("--people", default=200, help="How many people.")
@click.option("--questions", default=5, help="Questions a person.")
@click.option("--arrive", default=10.0, help="Seconds over which people come; 0: in one instant.")
@click.option("--think", default=10.0, help="Mean seconds between an answer and the next question.")
@click.option("--faults", is_flag=True, help="429, 502 and dropped connections, 3 % of calls each.")
@click.option("--lost-replies", is_flag=True, help="1 % of calls taken, the reply lost.")
@click.option("--limits", is_flag=True, help="Telegram's own limit of 30 messages a second.")
@click.option("--soak", default=0, help="So many questions by 20 people without a pause.")
@click.option("--reloads", default=0, help="So many new generations of the index meanwhile.")
@click.option("--index", default=None, help="An index of seeds/; built for the run without.")
@click.option("--seed", default=0, help="Who asks what, and what goes wrong.")
def main(
    people: int, questions: int, arrive: float, think: float, faults: bool, lost_replies: bool,
    limits: bool, soak: int, reloads: int, index: str | None, seed: int,
) -> None:  # fmt: skip
    """Print the tables."""
    pace = Pace(arrive, think)
    if soak:
        people, questions, pace = 20, -(-soak // 20), Pace(0, 0)
    rates = (FAULTS if faults else {}) | (LOST_REPLIES if lost_replies else {})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        seeds = _copied(folder) if reloads else ROOT / "seeds"
        places = {"JIWEN_SEEDS": str(seeds), "JIWEN_INDEX": index or str(_built(seeds, folder))}
        api = stack.enter_context(BotApi())
        started = time.monotonic()
        api.say(1, "辽源市冬季植树一共栽了多少棵树?")
        bot = stack.enter_context(start_bot(api, folder, REAL, places))
        api.wait_for_message(1, 60)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n")
        print(f"| start to first answer | {time.monotonic() - started:.2f} s |")
        pool = [one.question for one in read_questions(ROOT / "tests" / "questions.jsonl")]
        expected = expected_answers(api, pool)
        memory = Memory(bot, max(1, people * questions // 10))
        api.limit_overall(OVERALL) if limits else None
        api.fail_at_random(rates, seed)
        crowd = Crowd(api, expected, pace, seed)
        chosen = plans(distinct(expected), people, questions, seed)
        worked_s = -bot.processor_s()
        took_s = crowd.run(chosen, memory.watch, 10_000)
        worked_s += bot.processor_s()
        api.fail_at_random({}, seed)
        print(table(f"{people} people, {questions} questions each", crowd.asked, crowd, took_s))
        each_ms = 1000 * worked_s / len(crowd.asked)
        print(f"| processor time of the bot, a question | {each_ms:.0f} ms |")
        print(
            "| memory of the bot, MB | " + ", ".join(f"{mb:.0f}" for _, mb in memory.samples) + " |"
        )
        print(f"| open files | {bot.open_files()} |")
        met = ", ".join(f"{trouble.name} {n}" for trouble, n in api.troubles.met.items())
        print(f"| troubles met | {met or 'none'} |")
        if reloads:
            print(reload_often(api, bot, places, reloads))


def _built(seeds: Path, folder: Path) -> Path:
    index = folder / "index"
    command = [sys.executable, "-m", "bot.cli", "index", "--seeds", seeds, "--index", index]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return index


def _copied(folder: Path) -> Path:
    seeds = folder / "seeds"
    seeds.mkdir()
    for page in (ROOT / "seeds").iterdir():
        (seeds / page.name).write_bytes(page.read_bytes())
    return seeds


if __name__ == "__main__":
    main()
