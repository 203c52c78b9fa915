"""A fit → the files that hold what is in force."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import msgspec

from retrieval import settings
from retrieval.weights import Curve, Weights

from .tuning import Fit

_HEAD = """\
# What each thing counts when a sentence is chosen and judged; retrieval/weights.py says what each is.
# `python -m tests.quality.fit QUESTIONS.jsonl … --write` fits the values and writes this file.
"""


def write(fitted: Fit, evidence: dict[str, str | float], *, weights: Path, config: Path) -> None:
    """Put the weights with their evidence into one file, and the thresholds into the settings'.

    Raises:
        ValueError: a threshold does not stand where it is expected.
    """
    weights.write_text(weights_file(fitted.weights, evidence), encoding="utf-8")
    for path, form in (
        (config, r"^({name} = )[\d.]+"),
        (Path(inspect.getfile(settings)), r"^(    {name}: _Share = )[\d.]+"),
    ):
        text = path.read_text(encoding="utf-8")
        for name in ("answered_at", "related_at"):
            value = getattr(fitted.settings, name)
            text, n = re.subn(form.format(name=name), rf"\g<1>{value:g}", text, flags=re.MULTILINE)
            if n != 1:
                raise ValueError(f"{path}: {name} stands there {n} times, not once")
        path.write_text(text, encoding="utf-8")


def weights_file(weights: Weights, evidence: dict[str, str | float]) -> str:
    """The text of ``weights.toml``."""
    values = msgspec.structs.asdict(weights)
    curves = {name: value for name, value in values.items() if isinstance(value, Curve)}
    plain = [f"{name} = {value:.5g}" for name, value in values.items() if name not in curves]
    lines = [_HEAD, "[weights]", *plain]
    for name, curve in curves.items():
        factors = msgspec.structs.asdict(curve).items()
        lines += ["", f"[weights.{name}]", *(f"{of} = {value:.5g}" for of, value in factors)]
    said = [f"{_quoted(name)} = {_quoted(value)}" for name, value in evidence.items()]
    return "\n".join([*lines, "", "[evidence]", *said, ""])


def _quoted(value: str | float) -> str:
    """A TOML key or value; JSON writes strings and numbers as TOML reads them."""
    return msgspec.json.encode(value).decode()
