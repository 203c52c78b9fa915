"""Draws the README's pictures: conversations that the bot really held, as a phone shows them.

    python tests/picture.py

writes ``docs/conversation.png``, ``docs/group.png`` and ``docs/timeline.png``. The bot runs as in the
tests: a real process, against a Bot API server on loopback. It needs Chromium, a Chinese font and
one of emoji (Debian: ``chromium fonts-noto-cjk fonts-noto-color-emoji``).
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from PIL import Image, ImageChops
from telegramserver import BOT, READER, BotApi, Sent, User
from telegramserver.running import REAL, ROOT, start_bot

DOCS = ROOT / "docs"
ASKED = (
    "2021年1月东丰县首批有多少人打了疫苗?",
    "那设了几个接种点?",
    "北京冬奥会的门票多少钱?",
)
ZHOU, XU = User(51, "小周"), User(52, "老徐")
GROUP, TOPIC = -1001, 5
# Who, what, and whether it is meant for the bot. The group's messages reach it in privacy mode.
TALKED = (
    (XU, "路过东辽河，岸上的柳树都长这么高了", False),
    (ZHOU, "是那年冬天栽的吧？听说栽了好多", False),
    (ZHOU, "/ask 辽源市冬季植树一共栽了多少棵树?", True),
    (XU, "好家伙，两千多棵！", False),
)
# Made articles a month of four years of a made paper: None where it holds nothing at all.
PLANTED: tuple[tuple[int | None, ...], ...] = (
    (0, 1, 5, 9, 2, 0, 0, 0, 1, 3, 2, 0),
    (0, 0, 6, 11, 3, 1, 0, 0, 0, 4, 3, 1),
    (1, 0, 4, 12, 2, None, None, None, None, 5, 4, 0),
    (0, 2, 8, 14, 4, 1, 0, 1, 1, 6, 3, 0),
)
FIRST_YEAR = 2019
PHONE, WIDE = 360, 620  # CSS pixels; shown narrower, the words of a phone stay readable
_TALLEST = 4000  # CSS pixels of a picture before what is empty is cut away
_COLOURS = 96  # of the palette: letters' edges and emoji keep theirs, and a picture its 200 kB
_FACES = ("#c0603b", "#3f7fb5", "#7c5fb0")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Telegram breaks the line before and after a quotation by itself: a break there is not one more.
_QUOTE = re.compile(r"\n?(<blockquote.*?>)(.*?)</blockquote>\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Turn:
    """A message as it is drawn: whose, its HTML, its buttons, what it replies to, its picture."""

    name: str
    html: str
    rows: tuple[tuple[str, ...], ...] = ()
    reply: tuple[str, str] | None = None
    photo: bytes = b""


def typed(user: User, text: str) -> Turn:
    """What a person typed."""
    return Turn(user.first_name, linked(escape(text, quote=False)))


def answered(sent: Sent, reply: tuple[str, str] | None = None) -> Turn:
    """What the bot sent."""
    html = _QUOTE.sub(r"\1<span>\2</span></blockquote>", sent.raw)
    rows = tuple(tuple(label for label, _ in row) for row in sent.keyboard.rows)
    photo = sent.file.data if sent.file else b""
    return Turn(str(BOT["first_name"]), linked(html), rows, reply, photo)


def linked(html: str) -> str:
    """The HTML with its commands as links, as Telegram makes them."""
    return re.sub(r"(?<![\w<])/[a-z]\w*", r"<a>\g<0></a>", html)


def drawn(turn: Turn, own: str, faces: dict[str, str]) -> str:
    """A message as HTML; ``faces`` has a colour for each who is named, as in a group."""
    inside = ""
    if turn.name in faces and turn.name != own:
        inside += f'<span class="name" style="color:{faces[turn.name]}">{turn.name}</span>'
    if turn.reply:
        inside += f'<span class="reply"><b>{turn.reply[0]}</b>{escape(turn.reply[1])}</span>'
    if turn.photo:
        inside += f'<img src="data:image/png;base64,{base64.b64encode(turn.photo).decode()}">'
    rows = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in turn.rows)
    said = f'<div class="said"><div class="text">{inside}{turn.html}</div>{rows}</div>'
    if turn.name == own:
        return f'<div class="turn own">{said}</div>'
    return f'<div class="turn">{face(turn.name, faces[turn.name]) if faces else ""}{said}</div>'


def _button(label: str) -> str:
    return f"<span>{escape(label)}</span>"


def face(name: str, colour: str) -> str:
    """A round picture of somebody: the first character of the name."""
    return f'<span class="face" style="background:{colour}">{name[0]}</span>'


def private(api: BotApi) -> list[Turn]:
    """Questions in a private chat, and their answers."""
    turns = []
    for question in ASKED:
        api.say(READER.id, question)
        turns += [typed(READER, question), answered(api.wait_for_message(READER.id))]
    return turns


def group(api: BotApi) -> list[Turn]:
    """Two people talk in a topic of a group; the bot answers what is meant for it."""
    api.privacy, turns = True, []
    for user, text, meant in TALKED:
        said = api.say(GROUP, text, user=user, chat_type="supergroup", topic=TOPIC)
        turns.append(typed(user, text))
        if meant:
            sent = api.wait_for_message(GROUP)
            there = (sent.thread, sent.reply_to) == (TOPIC, said["message"]["message_id"])
            turns.append(answered(sent, (user.first_name, text) if there else None))
    return turns


def over_time(api: BotApi) -> list[Turn]:
    """A word's timeline, asked for and drawn."""
    api.say(READER.id, "/timeline 植树")
    return [typed(READER, "/timeline 植树"), answered(api.wait_for_message(READER.id))]


def made_rows() -> Iterator[dict[str, str]]:
    """Articles of a paper that never was: some on planting trees, one a month on something else."""
    for year, months in enumerate(PLANTED, FIRST_YEAR):
        for month, n in enumerate(months, 1):
            for day in () if n is None else range(1, n + 2):
                yield _made_row(date(year, month, day), "植树" if day <= n else "修路")


def _made_row(day: date, matter: str) -> dict[str, str]:
    return {
        "newspaper": "柳河湾报",
        "date": day.isoformat(),
        "title": f"柳河湾{day.month}月{day.day}日{matter}见闻",
        "text": f"本报讯 天刚亮，柳河湾的乡亲们就扛着铁锹出了门，{matter}的队伍沿河排开，"
        f"一组在前，{day.day}组跟上，歇晌时才放下家伙。",
    }


@contextmanager
def reading(seeds: Path) -> Iterator[BotApi]:
    """The bot over an archive of these pages, ready to be talked to."""
    with tempfile.TemporaryDirectory() as name, BotApi() as api:
        where = {"JIWEN_INDEX": str(Path(name) / "index"), "JIWEN_SEEDS": str(seeds)}
        index = [sys.executable, "-m", "bot.cli", "index"]
        subprocess.run(index, cwd=ROOT, env=os.environ | where, check=True, capture_output=True)
        with start_bot(api, Path(name), REAL, where):
            api.wait_for_call("getUpdates", 60)
            yield api


def page(title: str, under: str, turns: list[Turn], own: str) -> str:
    """A chat as a page: its title, a line under that, its messages; a group's show who speaks."""
    names = dict.fromkeys(turn.name for turn in turns)
    faces = dict(zip(names, _FACES, strict=True)) if len(names) > 2 else {}
    style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    kind = "drawn" if any(turn.photo for turn in turns) else ""
    head = f"{face(title, '#4a9c51')}<div><b>{title}</b><span>{under}</span></div>"
    body = "\n".join(drawn(turn, own, faces) for turn in turns)
    return (
        f'<!doctype html><meta charset="utf-8"><style>{style}</style>'
        f'<body class="{kind}"><header>{head}</header>{body}'
    )


def photograph(html: str, width: int, path: Path) -> None:
    """Draw a page into a PNG, as high as it is, at twice the size, in a palette."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit(f"no browser: install one of {', '.join(_BROWSERS)}")
    with tempfile.TemporaryDirectory() as name:
        source, shot = Path(name) / "page.html", Path(name) / "page.png"
        source.write_text(html, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
            "--disable-gpu",
        ]
        command += ["--no-sandbox"] * (os.geteuid() == 0)
        command += [f"--window-size={width},{_TALLEST}", f"--screenshot={shot}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
        image = Image.open(shot).convert("RGB")
    empty = Image.new("RGB", image.size, "#ffffff")
    height = (ImageChops.difference(image, empty).getbbox() or (0, 0, *image.size))[3]
    image.crop((0, 0, image.width, height)).quantize(_COLOURS).save(path, optimize=True)


def main() -> None:
    """Hold the conversations and draw them."""
    with reading(ROOT / "seeds") as api:
        alone, together = private(api), group(api)
    with tempfile.TemporaryDirectory() as name:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in made_rows())
        (Path(name) / "made.jsonl").write_text("".join(lines), encoding="utf-8")
        with reading(Path(name)) as api:
            timeline = over_time(api)
    bot, reader = str(BOT["first_name"]), READER.first_name
    photograph(page(bot, "机器人", alone, reader), PHONE, DOCS / "conversation.png")
    photograph(page("旧报闲话", "读报群", together, ZHOU.first_name), PHONE, DOCS / "group.png")
    photograph(page(bot, "机器人", timeline, reader), WIDE, DOCS / "timeline.png")


if __name__ == "__main__":
    main()
