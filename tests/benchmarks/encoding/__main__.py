"""``python -m tests.benchmarks.encoding``: speed, load and memory of models, on this machine.

Each model is measured in processes of its own, one thread each, in turns, so that what else the
machine does meets all of them. The transformer has random weights: its figures are what the usual
choice costs, and nothing about quality.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path

import click
import zstandard

from . import transformer

ROOT = Path(__file__).parents[3]
_TRANSFORMER = "transformer of bge-small-zh's shape, random weights"
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
_PACKAGES = ("numpy", "safetensors", "tokenizers", "torch", "sentence-transformers", "transformers")
_COLUMNS = {
    "passages a second": "rate",
    "load, s": "load_s",
    "MB loaded": "loaded_mb",
    "MB after encoding": "resident_mb",
    "MB at most": "peak_mb",
}

Cost = Mapping[str, float]


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="its text/ is read")
@click.option("--model", "models", multiple=True, default=("builtin",), show_default=True)
@click.option("--passages", default=20_000, show_default=True, help="for static models")
@click.option("--few", default=96, show_default=True, help="passages for the transformer")
@click.option("--chars", default=150, show_default=True, help="of a passage")
@click.option("--runs", default=3, show_default=True)
@click.option("--markdown", type=click.Path(path_type=Path), help="write the table there, too")
def main(
    corpus: Path,
    models: tuple[str, ...],
    passages: int,
    few: int,
    chars: int,
    runs: int,
    markdown: Path | None,
) -> None:
    """Print what models cost beside a transformer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = list(islice(openings(corpus, chars), passages))
        many, little = folder / "many.txt", folder / "few.txt"
        many.write_text("\n".join(texts), encoding="utf-8")
        little.write_text("\n".join(texts[:few]), encoding="utf-8")
        bert = folder / "transformer"
        _python(Path(transformer.__file__), str(bert))
        subjects = {model: (model, many) for model in models} | {_TRANSFORMER: (str(bert), little)}
        costs: dict[str, list[Cost]] = {name: [] for name in subjects}
        for run in range(runs):
            for name, (model, file) in subjects.items():
                print(f"run {run + 1} of {runs}: {name}", file=sys.stderr)
                costs[name].append(measured(model, file))
    report = f"{machine()}\n\n{len(texts)} passages of {chars} characters, {few} for the transformer; median of {runs} runs (least–most)\n\n{table(costs)}"
    print(report)
    if markdown:
        markdown.write_text(report + "\n", encoding="utf-8")


def openings(corpus: Path, chars: int) -> Iterator[str]:
    """The first ``chars`` characters of the news texts that have as many, on one line each."""
    for path in sorted((corpus / "text").glob("news_*.jsonl.zst")):
        with zstandard.open(path, "rt", encoding="utf-8") as lines:
            texts = (" ".join(json.loads(line)["text"].split()) for line in lines)
            yield from (text[:chars] for text in texts if len(text) >= chars)


def measured(model: str, texts: Path) -> Cost:
    """What ``subject.measure`` says of a model, in a process of its own."""
    cost: Cost = json.loads(_python(Path(__file__).parent / "subject.py", model, str(texts)))
    return cost


def table(costs: Mapping[str, Sequence[Cost]]) -> str:
    """The costs as a table in Markdown, the last one being what the others are held against."""
    rates = {name: statistics.median(c["rate"] for c in found) for name, found in costs.items()}
    slowest = list(rates.values())[-1]
    heads = ["model", *_COLUMNS, "times the transformer"]
    rows = [
        [name, *(spread([c[key] for c in found]) for key in _COLUMNS.values()),
         f"{rates[name] / slowest:,.0f}"]
        for name, found in costs.items()
    ]  # fmt: skip
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def spread(values: Sequence[float]) -> str:
    """The median of the values with the least and the most, three digits or whole numbers."""
    figures = [statistics.median(values), min(values), max(values)]
    middle, least, most = (f"{v:,.0f}" if v >= 100 else f"{v:.3g}" for v in figures)
    return f"{middle} ({least}–{most})"


def machine() -> str:
    """The processor, the versions and the seed that the figures hold for."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names = (line.partition(": ")[2] for line in info.splitlines() if line.startswith("model name"))
    found = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    name = next(chain(names, [platform.machine()]))
    return (
        f"{name}, {os.cpu_count()} cores, one thread; Python {platform.python_version()}, {found};"
        f" seed {transformer.SEED}"
    )


def _python(script: Path, *arguments: str) -> str:
    """What a script prints, run with one thread."""
    env = {**os.environ, **_THREADS, "PYTHONPATH": str(ROOT), "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=env, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    main()
