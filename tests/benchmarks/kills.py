"""Kills `jiwen index` again and again; after each kill the next run must end with the same index.

    python -m tests.benchmarks.kills [N] [--seed S]        (200 without a number)

Builds of every kind are killed: a page changed, so much changed that two workers share it, from
nothing, all again, with another dictionary, with another model. Half of the kills hit the whole
process group, half only the process that was started: its workers must end by themselves, and every
other time the next run begins before they have. The generation in use must still be whole; what
the next run ends with is compared with an index that was never disturbed: articles, passages,
vectors, counts of terms, answers. Stops at the first that differs.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click
from safetensors.numpy import load_file, save_file

from bot.settings import read_config
from retrieval import manifest as manifests
from retrieval.build import build
from retrieval.modelfiles import BUILTIN
from retrieval.plan import Sizes
from retrieval.tools import Tools, open_tools
from tests.benchmarks.contents import contents, differing
from tests.benchmarks.processes import end, in_session

ROOT = Path(__file__).parents[2]
QUESTIONS = ("辽源市冬季植树一共栽了多少棵树?", "有几篇报道提到植树?", "全市栽树多少棵?")
COPIES = 3  # of the five pages
# Two workers share twelve megabytes. Four pages are that large by a field that nobody reads.
HEAVY, _ROWS, _PAD = 4, 26, 120_000
ALONE = Sizes(share_bytes=10**12)  # the undisturbed index is built in this process
_PATIENCE_S = 10.0  # in which a worker must see that nobody wants its work
STAGES = ("read", "split", "tokenise", "encode", "write", "switch")
# How often builds of each kind are killed; those past the first take two workers.
KINDS = {
    "a page": 0.45,
    "much": 0.2,
    "from nothing": 0.1,
    "--full": 0.13,
    "dictionary": 0.06,
    "model": 0.06,
}


class LostError(Exception):
    """An index that did not recover, or a process that outlived its own; the message says which."""


@dataclass(slots=True)
class Told:
    """What the kills came upon."""

    stages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    two: int = 0  # kills while two workers were writing
    resumed: int = 0  # that left stores which the build had finished
    late: int = 0  # builds that ended before they were killed
    outlived_s: float = 0.0


@dataclass(slots=True)
class Scene:
    """Pages, the index whose builds are killed, the one that nobody disturbs, the settings now."""

    home: Path
    rng: random.Random
    told: Told = field(default_factory=Told)
    config: str = "default"
    edits: int = 0
    took_s: dict[str, float] = field(default_factory=dict)
    tools: dict[str, Tools] = field(default_factory=dict)

    @property
    def seeds(self) -> Path:
        """The pages."""
        return self.home / "seeds"

    @property
    def index(self) -> Path:
        """The index whose builds are killed."""
        return self.home / "index"

    def command(self, *options: str) -> list[str]:
        """A build as a user starts it."""
        places = ["--seeds", str(self.seeds), "--index", str(self.index)]
        config = ["--config", str(self.home / self.config)]
        return [sys.executable, "-m", "bot.cli", *places, *config, "index", *options]


def main_scene(home: Path, seed: int) -> Scene:
    """The five pages some times over, heavy ones, and settings with another dictionary or model."""
    scene = Scene(home, random.Random(seed))
    for copy in range(COPIES):
        shutil.copytree(ROOT / "seeds", scene.seeds / str(copy))
    _write_heavy(scene)
    for name in ("default", "dictionary", "model"):
        (home / name).mkdir()
    (home / "dictionary" / "userdict.txt").write_text("全市栽树 9 nz\n", encoding="utf-8")
    shutil.copytree(BUILTIN, home / "mirrored")
    (weights,) = (home / "mirrored").rglob("*.safetensors")
    held = load_file(weights)
    held["embedding.weight"][:, 0] *= -1
    save_file(held, weights)
    setting = f'[encoder]\nmodel = "{home / "mirrored"}"\n'
    (home / "model" / "jiwen.toml").write_text(setting, encoding="utf-8")
    return scene


def _write_heavy(scene: Scene) -> None:
    scene.edits += 1
    for page in range(HEAVY):
        rows = [
            {
                "title": f"第{page}村植树",
                "text": f"本报讯 第{page}村第{row}天植树, 共栽树{scene.edits * 100 + row}棵。",
                "note": "x" * _PAD,
            }
            for row in range(_ROWS)
        ]
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (scene.seeds / f"heavy{page}.jsonl").write_text(lines, encoding="utf-8")


def _change_page(scene: Scene) -> None:
    scene.edits += 1
    page = scene.seeds / str(scene.rng.randrange(COPIES)) / "changing.txt"
    if page.exists() and scene.rng.random() < 0.2:
        page.unlink()
    else:
        text = f"# 第{scene.edits}次\n\n本报讯 全市栽树{scene.edits}棵。\n"
        page.write_text(text, encoding="utf-8")


def prepared(scene: Scene, kind: str) -> list[str]:
    """The command of a build of this kind, for which everything has been changed."""
    _change_page(scene)
    if kind == "much":
        _write_heavy(scene)
    if kind == "from nothing":
        shutil.rmtree(scene.index, ignore_errors=True)
    if kind in ("dictionary", "model"):
        scene.config = "default" if scene.config == kind else kind
    return scene.command(*(["--full"] if kind == "--full" else []))


def stores_of(index: Path) -> set[str]:
    """The finished stores of an index."""
    return _names(index / "shards")


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except OSError:
        return set()


@dataclass(frozen=True, slots=True)
class Before:
    """The generation in use and all that were there, before a build began."""

    current: bytes
    generations: frozenset[str]

    @classmethod
    def of(cls, index: Path) -> Before:
        """What is there now."""
        pointer = index / "current"
        current = pointer.read_bytes() if pointer.exists() else b""
        return cls(current, frozenset(_names(index / "generations")))


def stage_of(index: Path, before: Before) -> str:
    """How far a build came, by what lies in the index; the farthest of several workers."""
    now, building = Before.of(index), _names(index / "building")
    moved = now != before and "generation" not in building
    if (index / "current.new").exists() or now.current != before.current or moved:
        return "switch"
    kinds = {"generation": "write", "vectors": "encode", "lexicon": "tokenise", "records": "split"}
    stages = {stage for kind, stage in kinds.items() for name in building if kind in name}
    return max(stages, key=STAGES.index, default="read")


def workers_in(index: Path) -> int:
    """How many processes are writing stores."""
    return len({name.rpartition("-")[2] for name in _names(index / "building") if "." in name})


def killed(scene: Scene, kind: str) -> subprocess.Popen[bytes] | None:
    """The process of a build that was killed, somewhere; ``None`` where it had ended before."""
    command = prepared(scene, kind)
    before, stores = Before.of(scene.index), stores_of(scene.index)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _wait_for_the_moment(scene, kind, process, before)
    whole = scene.rng.random() < 0.5
    end(process.pid) if whole else process.kill()
    stage, two = stage_of(scene.index, before), workers_in(scene.index) > 1
    if process.wait() != -signal.SIGKILL:
        scene.told.late += 1
        return None
    scene.told.stages[stage] += 1
    scene.told.kinds[kind] += 1
    scene.told.ways["the group" if whole else "the parent"] += 1
    scene.told.two += two
    scene.told.resumed += bool(stores_of(scene.index) - stores)
    return process


def _wait_for_the_moment(
    scene: Scene, kind: str, process: subprocess.Popen[bytes], before: Before
) -> None:
    """Wait for any moment of the build, or for one soon after a stage has begun."""
    aim = scene.rng.choice(("any", "any", *STAGES[1:]))
    until = time.monotonic() + scene.took_s[kind] * (scene.rng.random() if aim == "any" else 3)
    while process.poll() is None and time.monotonic() < until:
        if aim != "any" and STAGES.index(stage_of(scene.index, before)) >= STAGES.index(aim):
            time.sleep(scene.rng.random() ** 3 * 0.3)  # most stages take some hundredths
            return
        time.sleep(0.001)


def finished(scene: Scene) -> float:
    """The seconds that a build takes which nobody disturbs, in the index whose builds are killed.

    Raises:
        LostError: it fails.
    """
    started = time.monotonic()
    done = subprocess.run(scene.command(), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LostError(f"the next run ended with {done.returncode}: {done.stderr[-2000:]}")
    return time.monotonic() - started


def outlived(session: int) -> float:
    """The seconds for which processes of a session outlive the one that was killed.

    Raises:
        LostError: they do not end.
    """
    started = time.monotonic()
    while left := in_session(session):
        if time.monotonic() - started > _PATIENCE_S:
            raise LostError(f"processes {left} outlive the build that started them")
        time.sleep(0.01)
    return time.monotonic() - started


def still_good(index: Path) -> None:
    """Look whether the generation in use, if there is one, is as it was sealed.

    Raises:
        LostError: it is not.
    """
    if (index / "current").exists():
        folder = manifests.current(index)
        if bad := manifests.damaged(folder, manifests.read_manifest(folder)):
            raise LostError(f"the kill left damaged files: {', '.join(bad)}")


def compared(scene: Scene, *, anew: bool) -> None:
    """Bring the undisturbed index up to date, or make it ``anew``, and compare.

    Raises:
        LostError: they differ.
    """
    whole = scene.home / "whole"
    if scene.config not in scene.tools:
        settings = read_config(scene.home / scene.config).archive
        scene.tools[scene.config] = open_tools(scene.home, settings)
    tools = scene.tools[scene.config]
    build(scene.seeds, whole, tools, sizes=ALONE, full=anew)
    ours, theirs = (contents(scene.seeds, i, tools, QUESTIONS) for i in (scene.index, whole))
    if differs := differing(ours, theirs):
        raise LostError(f"another index: {', '.join(differs)}")


def once(scene: Scene, n: int) -> bool:
    """Whether a build was killed; the next run ended with the index that it should.

    Raises:
        LostError: it did not, or a process was left.
    """
    kind = scene.rng.choices(list(KINDS), list(KINDS.values()))[0]
    process = killed(scene, kind)
    if process and scene.rng.random() < 0.5:  # else the next run begins while they still work
        scene.told.outlived_s = max(scene.told.outlived_s, outlived(process.pid))
    still_good(scene.index)
    took = finished(scene)
    if process and not kind.startswith("--"):
        scene.took_s[kind] = max(took, 0.7 * scene.took_s[kind])
    if process:
        outlived(process.pid)
    compared(scene, anew=n % 25 == 24)
    return process is not None


def report(told: Told, seconds: float) -> str:
    """What happened, in a few lines."""

    def listed(counts: Counter[str], names: tuple[str, ...]) -> str:
        return ", ".join(f"{name} {counts[name]}" for name in names)

    return "\n".join(
        [
            f"{told.kinds.total()} builds killed in {seconds:,.0f} s, after each the next run ended with the same index",
            f"killed while at: {listed(told.stages, STAGES)}",
            f"builds: {listed(told.kinds, tuple(KINDS))}",
            f"hit: {listed(told.ways, ('the group', 'the parent'))}; two workers writing: {told.two}",
            f"finished stores to go on from: {told.resumed}; ended before they were killed: {told.late}",
            f"workers outlived their build by at most {told.outlived_s:.2f} s",
        ]
    )


def timed(scene: Scene) -> None:
    """Learn how long builds take: one of everything, one of a page."""
    heavy = finished(scene)
    _change_page(scene)
    light = finished(scene)
    scene.took_s = {kind: light if kind == "a page" else heavy for kind in KINDS}


@click.command(help=__doc__)
@click.argument("number", default=200)
@click.option("--seed", default=1, show_default=True)
def main(number: int, seed: int) -> None:
    """Kill that many builds."""
    home = Path(tempfile.mkdtemp(prefix="kills-"))
    scene = main_scene(home, seed)
    started = time.monotonic()
    timed(scene)
    n = 0
    try:
        while n < number:
            n += once(scene, n)
            if n % 10 == 0:
                print(f"{n} killed, {time.monotonic() - started:,.0f} s", file=sys.stderr)
    except BaseException:
        print(f"after {n} kills; all is left in {home}\n{report(scene.told, 0)}", file=sys.stderr)
        raise
    shutil.rmtree(home)
    print(report(scene.told, time.monotonic() - started))


if __name__ == "__main__":
    main()
