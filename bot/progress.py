"""A progress bar on stderr for the stages of a build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from retrieval.build import Progress as Tell

_NAMES = {
    "read": "读入页面",
    "split": "分出文章",
    "tokenise": "切分词语",
    "encode": "计算向量",
    "write": "写入索引",
    "words": "寻找新词",
    "measure": "衡量模型",
    "train": "训练模型",
}


class _RateColumn(TextColumn):
    """How many a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: object) -> Text:
        speed = getattr(task, "speed", None) or getattr(task, "finished_speed", None)
        return Text(f"{speed:,.0f}/秒" if speed else "", style="dim")


class _RemainingColumn(TimeRemainingColumn):
    """The time left, where the end is known and not reached."""

    def render(self, task: Task) -> Text:
        if task.finished or task.total is None or task.time_remaining is None:
            return Text()
        return Text.assemble("还要 ", super().render(task), style="dim")


@contextmanager
def shown(console: Console) -> Iterator[Tell]:
    """A callback that shows stage, n/N, rate and time as they come.

    A log file gets the finished bars only, and none where the build fails: there the error is all.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeElapsedColumn(),
        _RemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    progress = Progress(*columns, console=console)

    def tell(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = progress.add_task(_NAMES[stage], total=total or None)
        progress.update(tasks[stage], completed=done, total=total or None)

    with progress if console.is_terminal else nullcontext():
        yield tell
        for task in progress.tasks:  # a stage of unknown length is done when the build is
            progress.update(task.id, total=task.completed)
    if not console.is_terminal:
        console.print(progress.get_renderable())
