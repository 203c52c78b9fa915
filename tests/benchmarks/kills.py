"""Kills `jiwen index` at random moments and looks whether the next run ends with the same index.

    python tests/benchmarks/kills.py [N]        (200 without a number)

Prints how many builds were killed, how many of them had finished a store that the next run took
over, and stops at the first that did not recover.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.settings import read_config
from retrieval import manifest as manifests
from retrieval.archive import Archive

ROOT = Path(__file__).parents[2]


def build(seeds: Path, index: Path) -> list[str]:
    """The command of a build."""
    places = ["--seeds", str(seeds), "--index", str(index)]
    return [sys.executable, "-m", "bot.cli", "index", *places]


def contents(seeds: Path, index: Path) -> object:
    """All that the index says of its pages; its files must be whole, its passages proven."""
    archive = Archive.open(seeds, index, read_config(None).archive)
    folder = manifests.current(index)
    if manifests.damaged(folder, archive.manifest):
        raise SystemExit("a file is damaged")
    if any(failed for _, _, failed in archive.check()):
        raise SystemExit("a passage is not proven")
    catalogue = archive.catalogue
    articles = [a for page, _ in catalogue.pages() for a in catalogue.articles_of(page)]
    passages = [p for a in articles for p in catalogue.passages_of(a.id)]
    answer = archive.ask("辽源市冬季植树一共栽了多少棵树?")
    return archive.manifest.generation, articles, passages, answer.quotes


def main(n: int) -> None:
    """Kill ``n`` builds."""
    rng = random.Random(n)
    with tempfile.TemporaryDirectory() as home:
        seeds, index, whole = Path(home, "seeds"), Path(home, "index"), Path(home, "whole")
        for copy in range(4):
            shutil.copytree(ROOT / "seeds", seeds / str(copy))
        started = time.monotonic()
        subprocess.run(build(seeds, whole), check=True, cwd=ROOT, capture_output=True)
        took = time.monotonic() - started
        killed = resumed = 0
        while killed < n:
            page = seeds / f"{rng.randrange(4)}" / "changing.txt"
            page.write_text(f"# 第{killed}次\n\n本报讯 全市栽树{killed}棵。\n", encoding="utf-8")
            process = subprocess.Popen(
                build(seeds, index), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(took * rng.random())
            process.kill()
            killed += process.wait() == -signal.SIGKILL
            stores = len(list((index / "shards").glob("*"))) if (index / "shards").exists() else 0
            resumed += stores > 0
            if rng.random() < 0.1 or killed == n:  # now and then it is left to end
                subprocess.run(build(seeds, index), check=True, cwd=ROOT, capture_output=True)
                shutil.rmtree(whole, ignore_errors=True)
                subprocess.run(build(seeds, whole), check=True, cwd=ROOT, capture_output=True)
                if contents(seeds, index) != contents(seeds, whole):
                    raise SystemExit(f"after {killed} kills the index is another one")
                print(f"{killed} killed, the index is that of an undisturbed build", flush=True)
        print(f"{killed} builds killed, {resumed} of them with stores to go on from: all recovered")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
