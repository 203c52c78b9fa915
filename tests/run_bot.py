"""The real bot with a canned archive, for what a real archive cannot be told to do: break.

python tests/run_bot.py   (its environment: TELEGRAM_BOT_TOKEN, JIWEN_TELEGRAM_BASE_URL …)
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import bot.telegram as bots
from bot.access import bot_settings
from bot.settings import read_config
from retrieval.entities import Entity, EntityType
from retrieval.errors import JiwenError, NotFoundError, TakenDownError
from retrieval.holdings import Holdings
from retrieval.leanings import Reading, dropped
from retrieval.records import Answer, Leaning, Query, Quote, Reason, Scope, Source, Verdict

SOURCE = Source("000.txt", "辽源日报", "2021-01-27", "1", "植树 & <造林>", ("赵强",), (60, 62))
QUOTES = tuple(
    Quote(
        text=f"第{n}段：将23个品种总计2677棵树木在<11月30日>前植入城区。",
        highlights=((12, 17),),
        spans=((0, 32),),
        source=SOURCE,
        passage_id=f"000/a{n}/p1",
        article_id=f"000/a{n}",
        cite=f"k3v4q2m7ta_b{120 * n}_8{n}",
        score=1.0 / n,
    )
    for n in (1, 2, 3)
)
WHOLE_PIECES = int(os.environ.get("JIWEN_TEST_PIECES", "30"))
GONE = "JIWEN_TEST_GONE" in os.environ  # as after a rebuild without these pages
TAKEN_DOWN = os.environ.get("JIWEN_TEST_TAKEN_DOWN")  # for that reason, all of it


class Canned:
    def ask(self, question: str, *, k: int | None = None, drop: Collection[Reading] = ()) -> Answer:
        question.encode()  # as every store below a real archive does
        if "出错" in question:
            raise RuntimeError(f"broken at {os.environ['TELEGRAM_BOT_TOKEN']}")
        if "慢" in question:
            time.sleep(0.5)
        leaning = Leaning(newspaper="辽源日报", page="1") if "日报" in question else Leaning()
        query = Query(question, question, ("冬季", "植树"), scope=Scope(), leaning=leaning)
        query = dropped(query, drop)
        if "植树" not in question:
            return Answer(query, Verdict.NONE, Reason.NOT_FOUND, 0.1, (), "canned", 1.0)
        return Answer(query, Verdict.ANSWERED, None, 0.9, QUOTES[:k], "canned", 1.0)

    def holdings(self) -> Holdings:
        return Holdings(0, 0, 0, ())

    def entities(self, text: str) -> list[Entity]:
        return [
            Entity(EntityType.PLACE, m[0], *m.span()) for m in re.finditer("[延辽][吉源]市", text)
        ]

    def around(self, codes: Sequence[str]) -> list[Quote]:
        return [self.quote(code) for code in codes]

    def whole(self, code: str) -> list[Quote]:
        self.quote(code)
        return self.pieces()

    def pieces(self) -> list[Quote]:
        return [replace(QUOTES[0], cite=f"k3v4q2m7ta_b{32 * n}_32") for n in range(WHOLE_PIECES)]

    def quote(self, cite: str) -> Quote:
        if TAKEN_DOWN:
            raise TakenDownError(cite, TAKEN_DOWN)
        for quote in (*QUOTES, *self.pieces()):
            if quote.cite == cite and not GONE:
                return quote
        raise NotFoundError(f"no quote {cite}")


if __name__ == "__main__":
    logging.basicConfig(level=os.environ.get("JIWEN_LOG", "INFO"))
    bots.READ_S = float(os.environ.get("JIWEN_TEST_READ_S", bots.READ_S))
    try:
        folder = os.environ.get("JIWEN_CONFIG")
        config = read_config(Path(folder) if folder else None)
        bots.run(Canned, bot_settings(config, os.environ))
    except JiwenError as error:
        sys.exit(f"jiwen: {error}")
