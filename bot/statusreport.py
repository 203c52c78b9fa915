"""How the bot is doing, in words for whoever runs it."""

from __future__ import annotations

import time
from collections.abc import Mapping

from bot import wording
from bot.figures import Figures, resident_bytes
from bot.gate import Known, Ruling
from bot.rebuilding import Built, Failed, Step
from bot.shelf import Shelf
from bot.wording import Door, Lang
from retrieval.records import Verdict

_MB = 1024 * 1024
_STAGES: Mapping[str, Door] = {
    "read": Door.STAGE_READ,
    "split": Door.STAGE_SPLIT,
    "tokenise": Door.STAGE_TOKENISE,
    "encode": Door.STAGE_ENCODE,
    "write": Door.STAGE_WRITE,
}


def status(shelf: Shelf, figures: Figures, known: Known, lang: Lang) -> str:
    """Return the index in use, time, memory, people, answers and who was turned away."""
    return "\n".join((_standing(shelf, figures, known, lang), _counted(figures, lang)))


def _standing(shelf: Shelf, figures: Figures, known: Known, lang: Lang) -> str:
    return wording.say(
        Door.STATUS,
        lang,
        generation=shelf.generation or wording.say(Door.UNKNOWN, lang),
        **_counts(shelf.counts, lang),
        uptime=span(figures.uptime_s(), lang),
        opened=span(time.monotonic() - shelf.opened, lang),
        memory=round(resident_bytes() / _MB),
        readers=len(known.readers),
        blocked=len(known.blocked),
    )


def _counted(figures: Figures, lang: Lang) -> str:
    verdicts, rulings = figures.verdicts, figures.rulings
    return wording.say(
        Door.STATUS_FIGURES,
        lang,
        answered=verdicts[Verdict.ANSWERED.value],
        related=verdicts[Verdict.RELATED.value],
        none=verdicts[Verdict.NONE.value],
        errors=figures.errors,
        p50=_ms(figures.percentile(0.5), lang),
        p95=_ms(figures.percentile(0.95), lang),
        limited=rulings[Ruling.TOO_FAST.value] + rulings[Ruling.TOO_BUSY.value],
        refused=rulings[Ruling.STRANGER.value] + rulings[Ruling.BLOCKED.value],
    )


def step(news: Step, lang: Lang) -> str:
    """Return how far a rebuild is."""
    stage = wording.say(_STAGES[news.stage], lang) if news.stage in _STAGES else news.stage
    n = f"{news.done}/{news.total}" if news.total else str(news.done)
    return wording.say(Door.REBUILD_STEP, lang, stage=stage, n=n)


def outcome(news: Built | Failed, generation: str | None, lang: Lang) -> str:
    """Return what a rebuild came to; ``generation`` is the index in use after it."""
    if isinstance(news, Failed):
        return wording.say(Door.REBUILD_FAILED, lang, why=news.why)
    key = Door.REBUILT if news.changed else Door.REBUILT_SAME
    facts = {**_counts(news.counts, lang), "skipped": news.skipped, "generation": generation}
    return wording.say(key, lang, **facts)


def span(seconds: float, lang: Lang) -> str:
    """Return a length of time in its two largest units."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    key = Door.SPAN_DAYS if days else Door.SPAN_HOURS if hours else Door.SPAN_MINUTES
    return wording.say(key, lang, days=days, hours=hours, minutes=minutes, seconds=rest)


def _counts(counts: Mapping[str, int], lang: Lang) -> dict[str, object]:
    unknown = wording.say(Door.UNKNOWN, lang)
    return {name: counts.get(name, unknown) for name in ("pages", "articles", "passages")}


def _ms(seconds: float | None, lang: Lang) -> str:
    return wording.say(Door.UNKNOWN, lang) if seconds is None else f"{1000 * seconds:.0f}"
