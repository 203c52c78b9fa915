"""A crowd that asks: each person waits for the answer, thinks, and asks the next question."""

from __future__ import annotations

import heapq
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot import wording
from bot.wording import Lang, Text
from tests.telegramserver import BotApi, Sent, User


@dataclass(slots=True)
class Asked:
    """A question of a person, and what came back."""

    chat: int
    question: str
    said_at: float
    messages: list[Sent] = field(default_factory=list)

    @property
    def latency_s(self) -> float:
        return self.messages[0].at - self.said_at

    @property
    def doubles(self) -> int:
        """Answers too many that the bot could have known of."""
        return max(0, len(self.messages) - 1) - self.doubles_unknowable

    @property
    def doubles_unknowable(self) -> int:
        """Answers sent again because the reply to the first was lost on the way."""
        return sum(sent.reply_lost for sent in self.messages[:-1])


@dataclass(slots=True)
class _Person:
    chat: int
    questions: Iterator[str]
    waits_for: Asked | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How people behave: seconds over which they come, then between answer and next question."""

    arrive_s: float
    think_s: float
    patience_s: float = 120.0


class Crowd:
    """People with their questions; ``run`` lets them ask until all have their answers."""

    def __init__(self, api: BotApi, expected: Mapping[str, str], pace: Pace, seed: int) -> None:
        self.asked: list[Asked] = []
        self._answered: dict[int, Asked] = {}  # the question of each chat that was answered last
        self.strange: list[Sent] = []  # apologies, and what nobody asked for
        self._api, self._expected, self._pace = api, expected, pace
        self._apologies = {wording.say(Text.FAILURE, lang) for lang in Lang}
        self._chance = random.Random(seed)
        self._people: dict[int, _Person] = {}
        self._due: list[tuple[float, int]] = []
        self._seen = len(api.sent)

    def run(
        self, plans: Iterable[Sequence[str]], watch: Callable[[int], None], first_chat: int
    ) -> float:
        """Seconds from the first question to the last answer; ``watch`` is told of progress."""
        started = time.monotonic()
        for chat, questions in enumerate(plans, first_chat):
            self._people[chat] = _Person(chat, iter(questions))
            arrives = started + self._chance.uniform(0, self._pace.arrive_s)
            heapq.heappush(self._due, (arrives, chat))
        while self._due or any(person.waits_for for person in self._people.values()):
            self._ask_what_is_due()
            self._wait()
            self._read()
            watch(len(self.asked))
            if self._silent():
                break
        ended = time.monotonic()
        self._stragglers()
        return ended - started

    def _ask_what_is_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            person = self._people[heapq.heappop(self._due)[1]]
            question = next(person.questions, None)
            if question is None:
                continue
            person.waits_for = Asked(person.chat, question, time.monotonic())
            self.asked.append(person.waits_for)
            self._api.say(person.chat, question, user=User(person.chat, "读者"))

    def _wait(self) -> None:
        next_due = self._due[0][0] - time.monotonic() if self._due else 0.5
        with self._api.news:
            new = lambda: len(self._api.sent) > self._seen  # noqa: E731 -- a condition to wait for
            self._api.news.wait_for(new, min(0.5, max(0.0, next_due)))

    def _read(self) -> None:
        for sent in self._api.sent[self._seen :]:
            self._seen += 1
            self._take(sent)

    def _take(self, sent: Sent) -> None:
        """Put a message to the question that it answers: an answer that was given is a double."""
        person = self._people.get(sent.chat_id)
        waits_for = person.waits_for if person else None
        again = self._answered.get(sent.chat_id)  # a person asks one question at a time
        again = again if again and again.messages[0].text == sent.text else None
        if again and (waits_for is None or sent.text != self._expected[waits_for.question]):
            again.messages.append(sent)
        elif person is None or waits_for is None or sent.text in self._apologies:
            self.strange.append(sent)
        else:
            waits_for.messages.append(sent)
            person.waits_for, self._answered[person.chat] = None, waits_for
            think_s = self._chance.expovariate(1 / self._pace.think_s) if self._pace.think_s else 0
            heapq.heappush(self._due, (time.monotonic() + think_s, person.chat))

    def _silent(self) -> bool:
        """Whether nothing is left but people who have waited too long."""
        waiting = [person.waits_for for person in self._people.values() if person.waits_for]
        late = time.monotonic() - self._pace.patience_s
        return bool(waiting) and not self._due and all(one.said_at < late for one in waiting)

    def _stragglers(self, quiet_s: float = 3.0) -> None:
        """Read on until nothing came for a while: a double comes late."""
        while True:
            seen = self._seen
            time.sleep(quiet_s)
            self._read()
            if self._seen == seen:
                return
