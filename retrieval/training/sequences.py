"""One command from the corpus to ``retrieval/sequences.safetensors``, the same bytes every time.

1. count characters, pairs and triples of the corpus's texts, of 48 rows in 50; 2. keep
what is seen often enough; 3. weigh the features by logistic regression on passages of the 24th row
in 50, one character in a hundred replaced, half by look-alikes, half by any common character. The
49th row in 50 is for measuring: ``python tests/benchmarks/legible.py``.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import numpy as np
import zstandard
from numpy.typing import NDArray
from safetensors.numpy import save_file

from retrieval import sequences
from retrieval.folding import fold
from retrieval.lookalikes import alike
from retrieval.sequences import FIRST, SIZE, Alphabet, Floats, Numbers, Sequences

SOURCES = ("news_tv", "news_web", "official", "general")
EVERY, FITTED, MEASURED = 50, 24, 49
_PAIR_SEEN, _TRIPLE_SEEN = 3, 5
_TRIPLE_BYTES = 700_000
_HASHED = 1 << 27  # bins for counting triples
_CHUNK = 1 << 23
_COMMON = 2500
_SHARE = 0.01  # of the characters, misread for fitting; one at least
_PASSAGE = re.compile(r"[^\n]{40,220}")
_GAP = re.compile(r"[ \t\u3000]+")
Swap = Callable[[random.Random, str], str]


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="holds text/")
@click.option("--out", type=click.Path(path_type=Path), default=sequences.FILE, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(corpus: Path, out: Path, seed: int) -> None:
    """Train the model of character sequences."""
    counted = "\n".join(rows(corpus, lambda n: n % EVERY not in (FITTED, MEASURED)))
    codes = np.frombuffer(counted.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    characters = _characters(codes)
    alphabet = Alphabet.of(characters)
    numbers = alphabet.read(codes)
    counts = np.bincount(numbers, minlength=SIZE).astype(np.float32)
    levels = _levels(numbers, counts)
    bare = Sequences(
        alphabet, levels, counts, np.zeros(_TRIPLE_BYTES, np.uint8), np.zeros(1, np.float32)
    )
    model = Sequences(alphabet, levels, counts, _triples(bare, numbers), bare.weights)
    weights = fit(model, passages(corpus, FITTED, seed)[:6000], seed)
    save_file(
        {
            "characters": np.array([ord(c) for c in characters], dtype=np.uint16),
            "counts": counts,
            "pairs": np.frombuffer(
                zlib.compress((levels[::2] << 4 | levels[1::2]).tobytes(), 9), np.uint8
            ),
            "triples": model.triples,
            "weights": weights,
        },
        out,
    )
    click.echo(
        f"{out}: {out.stat().st_size} bytes; weights {np.round(weights, 2).tolist()}", err=True
    )


def rows(corpus: Path, wanted: Callable[[int], bool]) -> Iterator[str]:
    """Title and text of the wanted rows of every source, without typesetting spaces."""
    for source in SOURCES:
        with zstandard.open(
            corpus / "text" / f"{source}.jsonl.zst", "rt", encoding="utf-8"
        ) as lines:
            for number, line in enumerate(lines):
                if wanted(number):
                    row = json.loads(line)
                    yield _GAP.sub("", f"{row.get('title') or ''}\n{row['text']}")


def passages(corpus: Path, row: int, seed: int) -> list[str]:
    """Passages of 40 to 220 characters of the ``row``-th row in 50, shuffled."""
    found = [p for text in rows(corpus, lambda n: n % EVERY == row) for p in _PASSAGE.findall(text)]
    found = [p for p in found if sum("一" <= c <= "鿿" for c in p) >= 40]
    random.Random(seed).shuffle(found)  # noqa: S311 -- no secret
    return found


def misread(passage: str, share: float, swap: Swap, chance: random.Random) -> tuple[str, list[int]]:
    """The passage with a share of its characters (one at least) swapped, and which ones."""
    swapped = [
        (i, new)
        for i, c in enumerate(passage)
        if "一" <= c <= "鿿" and (new := swap(chance, c)) != c
    ]
    chosen = chance.sample(swapped, min(len(swapped), max(1, round(share * len(passage)))))
    text = list(passage)
    for i, new in chosen:
        text[i] = new
    return "".join(text), sorted(i for i, _ in chosen)


def by_shape(chance: random.Random, char: str) -> str:
    """A look-alike of the character, itself if it has none."""
    return chance.choice(alike(char) or char)


def by_chance(model: Sequences) -> Swap:
    """Any of the common characters, each as likely."""
    numbers = np.argsort(-model.counts[FIRST:], kind="stable")[:_COMMON] + FIRST
    place = {
        int(n): chr(code)
        for code, n in enumerate(model.alphabet.numbers)
        if n >= FIRST and fold(chr(code)) == chr(code)
    }
    pool = [place[int(number)] for number in numbers]
    return lambda chance, _: chance.choice(pool)


def fit(model: Sequences, texts: list[str], seed: int) -> Floats:
    """The weights of the features and the bias, by Newton's method."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    pieces, labels = [], []
    swaps = (by_chance(model), by_shape)
    for n, text in enumerate(texts):
        changed, where = misread(text, _SHARE, swaps[n % 2], chance)
        numbers = model.alphabet.read(np.frombuffer(changed.encode("utf-32-le"), dtype=np.uint32))
        wrong = np.zeros(len(changed), dtype=bool)
        wrong[where] = True
        beside = (
            np.convolve(wrong, np.ones(5), "same") > 0
        )  # a misreading's neighbours look odd too
        used = (numbers >= FIRST) & (wrong | ~beside)
        pieces.append(model.features(numbers)[used])
        labels.append(wrong[used])
    return logistic(np.concatenate(pieces), np.concatenate(labels))


def logistic(features: Floats, labels: NDArray[np.bool_]) -> Floats:
    """Weights and bias of a logistic regression, 25 Newton steps."""
    matrix = np.c_[features, np.ones(len(features))].astype(np.float64)
    weights = np.zeros(matrix.shape[1])
    for _ in range(25):
        likely = 1 / (1 + np.exp(-matrix @ weights))
        curve = (matrix * (likely * (1 - likely) + 1e-9)[:, np.newaxis]).T @ matrix
        weights += np.linalg.solve(
            curve + 1e-3 * np.eye(len(weights)), matrix.T @ (labels - likely)
        )
    return weights.astype(np.float32)


def _characters(codes: NDArray[np.uint32]) -> str:
    """The commonest folded Han characters, as many as the alphabet holds, by frequency."""
    plane = fold("".join(map(chr, range(0x10000))))
    counts: dict[str, int] = {}
    for code, count in enumerate(np.bincount(codes[codes < 0x10000], minlength=0x10000)):
        if count and "㐀" <= plane[code] <= "鿿":
            counts[plane[code]] = counts.get(plane[code], 0) + int(count)
    return "".join(sorted(counts, key=lambda c: (-counts[c], c))[: SIZE - FIRST])


def _levels(numbers: Numbers, counts: Floats) -> NDArray[np.uint8]:
    """The step of each pair that was seen often enough, shape (SIZE * SIZE,)."""
    pairs = np.bincount(numbers[:-1] * SIZE + numbers[1:], minlength=SIZE * SIZE)
    smooth = sequences.SMOOTH
    expected = np.outer(counts, counts / counts.sum()).ravel()
    strength = np.log((pairs + smooth) / (expected + smooth))
    scaled = (strength - sequences.WEAKEST) / (sequences.STRONGEST - sequences.WEAKEST)
    steps = 1 + np.clip(np.rint(scaled * (sequences.STEPS - 1)), 0, sequences.STEPS - 1)
    return np.where(pairs >= _PAIR_SEEN, steps, 0).astype(np.uint8)


def _triples(model: Sequences, numbers: Numbers) -> NDArray[np.uint8]:
    """The Bloom filter of the triples that were seen often enough and say something."""
    bits = np.zeros(_TRIPLE_BYTES * 8, dtype=bool)
    counts = np.zeros(_HASHED, dtype=np.uint8)
    for counting in (True, False):
        for first in range(0, len(numbers) - 2, _CHUNK):
            piece = numbers[first : first + _CHUNK + 2]
            han = piece >= FIRST
            pair = model.strength(piece[:-1], piece[1:])
            weak = np.minimum(pair[:-1], pair[1:]) < sequences.STRONG_PAIR
            keys = sequences.triple_keys(piece)[han[:-2] & han[1:-1] & han[2:] & weak]
            bins = sequences.triple_bits(keys, _HASHED)
            if counting:
                counts = np.minimum(counts + np.bincount(bins, minlength=_HASHED), 255).astype(
                    np.uint8
                )
            else:
                bits[sequences.triple_bits(keys[counts[bins] >= _TRIPLE_SEEN], len(bits))] = True
    click.echo(f"triples: {bits.mean():.2f} of the bits are set", err=True)
    return np.packbits(bits, bitorder="little")


if __name__ == "__main__":
    main()
