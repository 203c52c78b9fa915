"""A conversation that is played: people, chats, the bot, and what has come so far."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field

from bot import wording
from bot.wording import Lang, Text
from retrieval.records import Reason, Verdict

from .api import BotApi
from .errors import Json
from .messages import Sent
from .people import User
from .talks import Expects, Step
from .troubles import Trouble

# Long enough for a slow machine; waited through only where something is missing.
PATIENCE_S = 60.0
_FILE = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
_CONTENTS: dict[str, Json] = {
    "sticker": {"sticker": _FILE | {"type": "regular", "is_animated": False, "is_video": False}},
    "photo": {"photo": [_FILE], "caption": "这张图上写的什么?"},
    "voice": {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
    "location": {"location": {"latitude": 42.9, "longitude": 125.1}},
}
_numbers = itertools.count(1)


@dataclass(slots=True)
class Scene:
    """The people and chats of one conversation; their ids are nobody else's."""

    api: BotApi
    base: int = field(default_factory=lambda: 100_000 + 100 * next(_numbers))
    said: Json = field(default_factory=dict)
    code: str = ""
    quotes: dict[str, list[str]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    counted: dict[int, int] = field(default_factory=dict)  # messages that were looked at, by chat

    def user(self, who: str) -> User:
        number = self.base + ["reader", "english", "friend", "outsider"].index(who)
        return User(number, who, "en" if who == "english" else "zh-hans")

    def chat(self, step: Step) -> int:
        groups = {"group": -self.base, "forum": -self.base - 1}
        return groups.get(step.where) or self.user(step.who).id

    def play(self, step: Step) -> list[Sent]:
        """What came back, as many messages as the step expects."""
        chat, wanted = self.chat(step), step.expects.messages if step.expects else 0
        before, calls, edits = self._count(chat), len(self.api.calls), len(self._edits(chat))
        self._act(step, chat)
        if step.expects is None:
            return []
        if step.expects.edited:
            came = self.api.wait_for(lambda: self._edits(chat)[edits:], PATIENCE_S)
        else:
            came = self._wait_for(chat, before, wanted)
        self._check(step, step.expects, came)
        if step.expects.toast:
            call = self.api.wait_for_call("answerCallbackQuery", PATIENCE_S, after=calls)
            assert call.params.get("text") == self._fixed(step, step.expects.toast)
        return came

    def _wait_for(self, chat: int, before: int, wanted: int) -> list[Sent]:
        """The messages of the chat after those before, exactly as many as are wanted."""
        if wanted == 0:
            self._let_pass()
        self.api.wait_for(lambda: self._count(chat) >= before + wanted, PATIENCE_S) if wanted else 0
        came = self._messages(chat)[before:]
        self.counted[chat] = before + len(came)
        assert len(came) == wanted, [sent.text for sent in came]
        return came

    def unexpected(self) -> list[str]:
        """What came to the chats after what was looked at."""
        return [s.text for chat, n in self.counted.items() for s in self._messages(chat)[n:]]

    def _act(self, step: Step, chat: int) -> None:
        user = self.user(step.who)
        kind = "private" if chat > 0 else "supergroup"
        last = self._messages(chat)[-1:]
        to = {"reply_to": last[0]} if step.in_reply else {}
        where = {"user": user, "chat_type": kind, "topic": step.in_topic} | to
        if step.says is not None:
            self.said = self.api.say(chat, step.says.replace("{code}", self.code), **where)
        if step.sends:
            self.said = self.api.post(_CONTENTS[step.sends], chat, **where)
        if step.edits is not None:
            self.said = self.api.say(chat, step.edits, edits=self.said, **where)
        if step.blocks:
            self.api.block(chat, user=user)
        if step.trouble:
            method, trouble = step.trouble.split()
            self.api.inject(method, Trouble[trouble])
        if step.presses is not None:
            self._press(chat, step.presses, user)
        if step.forges is not None:
            self.api.press_data(last[0], step.forges, user=user)

    def _press(self, chat: int, part: str, user: User) -> None:
        for sent in self._messages(chat)[::-1]:
            for label in self.api.buttons(sent):
                if part in label:
                    self.api.press(sent, label, user=user)
                    return
        raise AssertionError(f"no button with {part!r}")

    def _check(self, step: Step, expects: Expects, came: list[Sent]) -> None:
        text = "\n".join(sent.text for sent in came)
        quotes = [quote for sent in came for quote in sent.marked("blockquote")]
        lang = self._lang(step)
        if expects.text:
            assert text.startswith(self._fixed(step, expects.text).split("\n")[0]), text
        if expects.reason:
            assert wording.reason(Reason[expects.reason], lang) in text, text
        if expects.verdict:
            assert wording.verdict(Verdict(expects.verdict), lang) in text, text
        for part in expects.contains:
            assert part in text, text
        for part in expects.lacks:
            assert part not in text, text
        if expects.quotes is not None:
            assert len(quotes) == expects.quotes, text
        if expects.new_quotes:
            assert quotes, text
            assert not self.shown & set(quotes)
        if expects.quotes_as:
            assert quotes == self.quotes[expects.quotes_as]
        self._check_form(expects, came)
        self.shown |= set(quotes)
        self.quotes[step.name or ""] = quotes
        codes = re.findall(r"/c_\w+", text)
        self.code = codes[0] if codes else self.code

    def _check_form(self, expects: Expects, came: list[Sent]) -> None:
        labels = self.api.buttons(came[-1]) if came else []
        for part in expects.buttons:
            assert any(part in label for label in labels), labels
        assert not (expects.no_buttons and labels), labels
        if expects.reply:
            assert {sent.reply_to for sent in came} == {self.said["message"]["message_id"]}
        if expects.topic is not None:
            assert {sent.thread for sent in came} == {expects.topic}

    def _let_pass(self) -> None:
        """Wait until what was said is done with: a later word of somebody else is answered."""
        somebody = self.base + 50
        self.api.say(somebody, "谢谢", user=self.user("reader"))
        self.api.wait_for(lambda: self._count(somebody), PATIENCE_S)
        time.sleep(0.3)  # chats do not wait for each other: time for what should not come

    def _messages(self, chat: int) -> list[Sent]:
        return [sent for sent in self.api.sent if sent.chat_id == chat]

    def _edits(self, chat: int) -> list[Sent]:
        return [sent for sent in self.api.edits if sent.chat_id == chat]

    def _count(self, chat: int) -> int:
        return len(self._messages(chat))

    def _lang(self, step: Step) -> Lang:
        return Lang.EN if step.who == "english" else Lang.ZH

    def _fixed(self, step: Step, key: str) -> str:
        return wording.say(Text[key], self._lang(step), examples="", n=0, question="")
