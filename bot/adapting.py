"""What the terminal prints of an adapted model, and the same as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.render import visible
from retrieval.training.adapt import LEAST_ARTICLES, Outcome, Result
from retrieval.training.compare import Gain
from retrieval.training.evaluate import Score
from retrieval.training.material import HEADLINES, SENTENCES

_TASKS = {HEADLINES: "标题找正文", SENTENCES: "句子找所在段落"}
_KEPT = "更好, 已保留"
_NO_BETTER = "在留出的文章上没有可靠的提高: 不保留, 仍用原来的模型。"
_WORDS_SHOWN = 12


def adapted(outcome: Outcome, out: Path) -> RenderableType:
    """What came of it, with the figures before and after, and how to use what was kept."""
    if outcome.result is Result.TOO_LITTLE:
        return Text(
            f"只有 {outcome.articles[0]} 篇可学的文章, 少于 {LEAST_ARTICLES} 篇: 太少, 学不到什么,"
            " 也检验不出好坏。不保留, 仍用原来的模型。"
        )
    parts: list[RenderableType] = [_material(outcome), _table(outcome)]
    if outcome.gain:
        parts.append(_gain(outcome.gain))
    parts.append(_use(out) if outcome.result is Result.KEPT else Text(_NO_BETTER))
    return Group(*parts)


def adapted_json(outcome: Outcome, out: Path) -> bytes:
    """The same as a line of JSON; ``model`` is null where nothing was kept."""
    kept = outcome.result is Result.KEPT
    read, learnt, watched, held = outcome.articles
    return msgspec.json.encode(
        {
            "kept": kept,
            "result": outcome.result.value,
            "articles": {"read": read, "learnt": learnt, "watched": watched, "held_out": held},
            "words": outcome.words,
            "before": dict(outcome.before),
            "after": dict(outcome.after),
            "gain": outcome.gain,
            "alpha": outcome.alpha,
            "epochs": outcome.epochs,
            "model": str(out.resolve()) if kept else None,
        }
    )


def _material(outcome: Outcome) -> Text:
    """How many articles were used for what, and which words are new."""
    read, learnt, watched, held = outcome.articles
    shown = "、".join(map(visible, outcome.words[:_WORDS_SHOWN]))
    return Text(
        f"{read} 篇文章: {learnt} 篇学习, {watched} 篇监督, {held} 篇留出检验;"
        f" 新词 {len(outcome.words)} 个{f' ({shown} …)' if shown else ''}"
    )


def _table(outcome: Outcome) -> Table:
    """The held-out tasks before and after."""
    table = Table("留出的文章", "R@1 前", "后", "R@10 前", "后", "MRR 前", "后")
    after = dict(outcome.after)
    for name, old in outcome.before:
        table.add_row(_TASKS[name], *_cells(old, after[name]))
    return table


def _cells(old: Score, new: Score) -> list[str]:
    pairs = ((old.hit_1, new.hit_1), (old.hit_10, new.hit_10), (old.mrr, new.mrr))
    return [f"{value:.3f}" for pair in pairs for value in pair]


def _gain(gain: Gain) -> Text:
    return Text(f"MRR 提高 {gain.mean:+.4f} (95% 区间 {gain.low:+.4f} 至 {gain.high:+.4f})")


def _use(out: Path) -> Text:
    """The lines of the settings that use the model; nothing changes before they are written."""
    folder = json.dumps(str(out.resolve()), ensure_ascii=False)  # a TOML string, too
    return Text(
        f"{_KEPT}: {visible(str(out))}\n把下面两行写进 config/jiwen.local.toml, 再运行 jiwen index:\n\n"
        f"[encoder]\nmodel = {folder}"
    )
