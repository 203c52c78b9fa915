"""Answers from pages of rubbish, held against what Telegram accepts.

    python -m tests.benchmarks.fuzz [--n 10000] [--seed 0]

Articles of random text (markup, emoji, combining and control characters, very long lines) are
built into real archives; questions cut from them are put to ``bot.desk``, follow-ups and further
quotes included; each message goes through the checks of the strict server. Prints what was refused.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from bot import desk
from bot.chatstate import Opened
from bot.conversation import Conversation
from bot.desk import Reply
from bot.dialog import Manner
from bot.settings import read_config
from bot.wording import Lang
from retrieval.archive import Archive
from tests.telegramserver import ApiError, composed, read_html
from tests.telegramserver.formatted import MAX_ENTITIES

_ARTICLES = 8  # of one archive
_TURNS = 60  # in one archive, before the next is built
_WORDS = ["市民植树造林万亩接种疫苗人数投资万元记者报道昨日获悉东丰县辽源城市晚报水塔供水工程竣工"]
_PIECES = (
    *("<script>alert(1)</script>", "<b>", "</b>", "</blockquote>", "<blockquote>", "<a href='x'>"),
    *("&lt;", "&amp;amp;", "&#60;", "&#x1F600;", "&", "<", ">", '"', "'", "<!--", "]]>", "<?", "</"),
    *("𠮷", "𠮷" * 40, "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "e\u0301", "字" + "\u0335" * 30, "\u202eltr", "\u200f"),
    *("\u200b", "\u2060", "\ufeff", "\u3000", "\u00a0", "\u2028", "\x01", "\x07", "\x1b[31m", "\t"),
    *("\r\n", "\n", "\n\n", " ", "/c_x", "@user", "https://a.cn/?a=1&b=2", "`*_~[](){}", "\\", "%s{0}"),
    *("字" * 3000, "，" * 500, "A" * 2000, "&" * 900, "<" * 900, "שלום", "مرحبا", "\u0e33", "ﷺ" * 50),
)  # fmt: skip
_FOLLOW_UPS = ("还有吗", "详细点", "全文", "看看原文", "上一个", "那2020年呢", "")


@dataclass(slots=True)
class Verdicts:
    """How many messages were made, how many with a quote, and which were refused or not shown whole, with the reason."""

    messages: int = 0
    quoting: int = 0
    units: int = 0  # of the longest
    refused: list[tuple[str, str]] = field(default_factory=list)


def rubbish(chance: random.Random, pieces: int) -> str:
    """Text as no newspaper prints it."""
    return "".join(
        chance.choice(_PIECES)
        if chance.random() < 0.3
        else "".join(chance.choices(_WORDS, k=chance.randint(2, 12)))
        for _ in range(pieces)
    )


def write_page(folder: Path, chance: random.Random) -> list[str]:
    """The texts of a new page in the folder, as JSON Lines or as one raw text."""
    texts = [rubbish(chance, chance.choice([5, 20, 60])) for _ in range(_ARTICLES)]
    if chance.random() < 0.5:
        whole = "\n\n".join(f"{rubbish(chance, 3)[:60]}\n\n本报讯 {text}" for text in texts)
        (folder / "rubbish.txt").write_bytes(whole.encode())
    else:  # rows hold no control characters: JSON escapes them, and rows may hold no escapes
        texts = [re.sub("[\x00-\x08\x0b-\x1f]", "", text) for text in texts]
        rows = (json.dumps(_row(text, chance), ensure_ascii=False) for text in texts)
        (folder / "rubbish.jsonl").write_bytes("\n".join(rows).encode())
    return texts


def _row(text: str, chance: random.Random) -> dict[str, object]:
    def field_(pieces: int, chars: int) -> str:
        return re.sub("[\x00-\x1f]", "", rubbish(chance, pieces))[:chars]

    return {
        "title": field_(3, 300),
        "text": text,
        "newspaper": chance.choice(["辽源日报", field_(1, 40), None]),
        "date": chance.choice(["2021-01-27", None]),
        "page": chance.choice(["1", field_(1, 9), None]),
        "byline": [field_(1, 20)],
    }


def replies(archive: Archive, texts: list[str], chance: random.Random) -> Iterator[Reply]:
    """What the bot says in a conversation about these texts."""
    conversation = Conversation.start()
    manner = Manner(3, shown=1, forget_s=1800.0)
    for _ in range(_TURNS):
        question = _question(chance.choice(texts), chance)
        lang = chance.choice(list(Lang))
        for words in (question, chance.choice(_FOLLOW_UPS)):
            typed = desk.typed(words)
            if courtesy := desk.without_search(typed, lang, 500):
                yield courtesy
                continue
            reply, conversation = desk.answered(
                archive, conversation, typed, manner=manner, lang=lang
            )
            yield reply
            if reply.opened:
                yield from _pressed(archive, reply.opened, lang)


def _pressed(archive: Archive, opened: Opened, lang: Lang) -> Iterator[Reply]:
    """What the buttons under an answer and the citation codes of its quotes bring."""
    for n, quote in enumerate(opened.quotes):
        yield desk.turned(archive, opened, n, lang)
        for shown in (desk.surroundings, desk.whole, desk.reference, desk.cited):
            yield shown(archive, quote.cite, lang)


def _question(text: str, chance: random.Random) -> str:
    """Words of the text, or whatever stands there."""
    read = re.findall("[一-鿿]{4,20}", text)
    at = chance.randrange(max(1, len(text)))
    asked = chance.choice(read) if read and chance.random() < 0.8 else text[at : at + 30]
    return asked + chance.choice(["", "是多少?", "有几个?", "是什么时候?"])


def judge(reply: Reply, verdicts: Verdicts) -> None:
    """Hold each message of a reply against the checks of the server."""
    for html in reply.messages:
        verdicts.messages += 1
        try:
            sent = composed(1, "text", {"chat_id": "1", "text": html, "parse_mode": "HTML"})
        except ApiError as error:
            verdicts.refused.append((error.description, html))
            continue
        verdicts.quoting += any(entity.tag == "blockquote" for entity in sent.entities)
        verdicts.units = max(verdicts.units, len(sent.text.encode("utf-16-le")) // 2)
        if len(read_html(html)[1]) > MAX_ENTITIES:
            verdicts.refused.append(("more marks than Telegram shows", html))


def run(n: int, seed: int) -> Verdicts:
    """The verdicts on at least ``n`` messages."""
    chance, verdicts, settings = random.Random(seed), Verdicts(), read_config().archive
    while verdicts.messages < n:
        with tempfile.TemporaryDirectory() as name:
            seeds, index = Path(name) / "seeds", Path(name) / "index"
            seeds.mkdir()
            texts = write_page(seeds, chance)
            Archive.build(seeds, index, settings)
            archive = Archive.open(seeds, index, settings)
            for reply in replies(archive, texts, chance):
                judge(reply, verdicts)
            done = f"{verdicts.messages}/{n} messages, {len(verdicts.refused)} refused"
            print(done, file=sys.stderr, flush=True)
    return verdicts


@click.command()
@click.option("--n", default=10_000, help="How many messages at least.")
@click.option("--seed", default=0, help="Of all chance.")
def main(n: int, seed: int) -> None:
    """Print how many messages were made and refused; exit 1 where one was."""
    verdicts = run(n, seed)
    print(
        f"{verdicts.messages} messages, {verdicts.quoting} with a quote, the longest {verdicts.units} UTF-16 units"
    )
    print(f"{len(verdicts.refused)} refused")
    for why, html in verdicts.refused[:10]:
        print(f"{why}: {html[:300]!r}")
    sys.exit(1 if verdicts.refused else 0)


if __name__ == "__main__":
    main()
