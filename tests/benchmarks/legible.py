"""Measure the legibility score: ``python tests/benchmarks/legible.py --corpus FOLDER``.

Clean passages of the rows that the model was not trained on, against the same passages with 1, 3,
5 and 10 % of their characters misread: by look-alikes of our own table, by those of another one
(``--groups FILE``, a line a group, characters separated by commas), or by any common character.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from retrieval.legibility import legibilities, suspects
from retrieval.sequences import shipped
from retrieval.training.sequences import MEASURED, Swap, by_chance, by_shape, misread, passages

SHARES = (0.01, 0.03, 0.05, 0.10)


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), required=True)
@click.option("--groups", type=click.Path(path_type=Path), help="another table of look-alikes")
@click.option("-n", default=3000, show_default=True, help="passages")
@click.option("--at", default=0.85, show_default=True, help="the threshold (answer.legible_at)")
def main(corpus: Path, groups: Path | None, n: int, at: float) -> None:
    texts = passages(corpus, MEASURED, 0)[:n]
    whole = "\n".join(texts)
    legibilities(texts[:1])
    started = time.perf_counter()
    clean = np.array(legibilities(texts))
    rate = len(whole.encode()) / (time.perf_counter() - started) / 1e6
    below = np.percentile(clean, [1, 3, 5, 10]).round(3).tolist()
    print(f"{len(texts)} clean passages, {rate:.0f} MB/s; 1, 3, 5, 10 % of them below {below}")
    print(f"clean below {at}: {(clean < at).mean():.3f}, at least 0.9: {(clean >= 0.9).mean():.3f}")
    swaps = {"our look-alikes": by_shape, "any character": by_chance(shipped())}
    if groups:
        swaps["another table"] = other(groups)
    print("misread by          share   AUC   found   suspects: precision recall")
    for name, swap in swaps.items():
        for share in SHARES:
            changed = [misread(text, share, swap, random.Random(i)) for i, text in enumerate(texts)]
            scores = np.array(legibilities([text for text, _ in changed]))
            right, shown, wrong = characters(changed[:1000])
            print(
                f"{name:18s}  {share:5.2f}  {auc(clean, scores):.3f}  {(scores < at).mean():.3f}"
                f"             {right / max(shown, 1):.3f}     {right / wrong:.3f}"
            )


def characters(changed: list[tuple[str, list[int]]]) -> tuple[int, int, int]:
    """Misread characters among the suspects, suspect characters, misread characters."""
    right = shown = wrong = 0
    for text, where in changed:
        found = {i for a, b in suspects(text) for i in range(a, b)}
        right, shown, wrong = right + len(found & {*where}), shown + len(found), wrong + len(where)
    return right, shown, wrong


def other(path: Path) -> Swap:
    """Look-alikes of a table in a file."""
    table: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        group = line.replace(",", "").strip()
        for char in group:
            table.setdefault(char, set()).update(set(group) - {char})
    return lambda chance, char: chance.choice(sorted(table.get(char, ())) or char)


def auc(clean: NDArray[np.float64], changed: NDArray[np.float64]) -> float:
    """How often a clean passage scores above a changed one; ties count half."""
    order = np.sort(changed)
    above = np.searchsorted(order, clean, "left") + np.searchsorted(order, clean, "right")
    return float(above.mean() / 2 / len(order))


if __name__ == "__main__":
    main()
