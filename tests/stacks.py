"""A small archive for the library's tests: two papers over some months, and what states nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

START = date(2020, 12, 28)
MATTERS = ("疫苗接种", "冬季植树", "春节慰问", "秸秆禁烧", "道路改造")
DAILY = [*range(40), *range(52, 70)]  # the days with an issue; twelve are missing
BUSY = "2021-01-05"  # a day with more articles than one page of a list holds
N_BUSY = 23


def body(n: int, matter: str) -> str:
    return (
        f"本报讯（记者 于志）连日来，东丰县各部门认真做好{matter}工作，全县共有{100 + n}名干部参加。"
        f"县里要求，各乡镇要把{matter}作为当前的重要任务，落实责任，抓出成效。"
    )


def row(n: int, newspaper: str | None, day: str | None, page: str = "1") -> dict[str, Any]:
    matter = MATTERS[n % len(MATTERS)]
    stated = {"newspaper": newspaper, "date": day, "page": page, "byline": "于志"}
    title = f"东丰县扎实做好{matter}工作第{n}报"
    return {"title": title, "text": body(n, matter)} | {k: v for k, v in stated.items() if v}


def rows() -> list[dict[str, Any]]:
    days = [(START + timedelta(n)).isoformat() for n in DAILY]
    found = [row(n, "辽源日报", day) for n, day in enumerate(days)]
    found += [row(200 + n, "城市晚报", BUSY, str(n % 4 + 1)) for n in range(N_BUSY - 2)]
    found += [row(300, None, BUSY), row(301, "辽源日报", None), row(302, None, None)]
    found.append(row(303, "城市晚报", "2018-01-05"))
    return found


def write(folder: Path) -> None:
    folder.mkdir()
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in rows())
    (folder / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
