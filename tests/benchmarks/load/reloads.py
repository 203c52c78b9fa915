"""New generations of the index under a bot that runs: is each picked up, is memory flat."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.telegramserver import BotApi
from tests.telegramserver.running import ROOT, Running

PATIENCE_S = 15.0  # for a new generation to be picked up; the bot looks every few seconds
_CHAT = 2_000_000
_PAGE = "辽源日报\n2021年3月{day}日\n\n水塔村的新水塔\n\n本报讯 水塔村新建的水塔高{height}米,昨日开始供水。\n"


def reload_often(api: BotApi, bot: Running, places: Mapping[str, str], times: int) -> str:
    """Rows of Markdown: how many of the generations were seen, memory before, half-way, after."""
    seen, failed, memory = 0, 0, [bot.resident_mb()]
    for n in range(times):
        page = Path(places["JIWEN_SEEDS"]) / "zz_water_tower.txt"
        page.write_text(_PAGE.format(day=1 + n % 28, height=1000 + n), encoding="utf-8")
        command = [sys.executable, "-m", "bot.cli", "index", "--seeds", places["JIWEN_SEEDS"]]
        subprocess.run(
            [*command, "--index", places["JIWEN_INDEX"]], cwd=ROOT, check=True, capture_output=True
        )
        found, wrong = _picked_up(api, _CHAT + n, str(1000 + n))
        seen, failed = seen + found, failed + wrong
        memory.append(bot.resident_mb())
    shown = ", ".join(f"{mb:.0f}" for mb in memory[:: max(1, times // 10)])
    return (
        f"| generations picked up | {seen} of {times} |\n| questions failed meanwhile | {failed} |\n"
        f"| memory over them, MB | {shown} |\n| open files | {bot.open_files()} |"
    )


def _picked_up(api: BotApi, chat: int, height: str) -> tuple[bool, int]:
    """Whether the page of this generation is quoted in time, and how many answers were none."""
    deadline, failed = time.monotonic() + PATIENCE_S, 0
    while time.monotonic() < deadline:
        api.say(chat, "水塔村新建的水塔高多少米?")
        text = api.wait_for_message(chat, 30).text
        if height in text:
            return True, failed
        failed += not ("水塔" in text or "〔" in text)
        time.sleep(1)
    return False, failed
