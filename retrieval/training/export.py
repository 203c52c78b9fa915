"""The finished table as a sentence-transformers folder, in safe formats, readable without torch.

The folder is written by hand: rows in eight bits, the words one a line, and the module named that
reads them. There is no Normalize module: cosine needs none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.cutters import VOCABULARY, LongestWords
from retrieval.wordrows import WordRows

_PART = "0_WordEmbedding"
_MODULES = [{"idx": 0, "name": "0", "path": _PART, "type": "retrieval.wordembedding.WordEmbedding"}]
_CONFIG = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def export(folder: Path, words: Sequence[str], rows: NDArray[np.float32]) -> None:
    """Write the model into ``folder``, which is made if need be.

    ``rows``: (n_words, dimension). They are stored in eight bits, scaled as a whole so that the
    median row has length 1, which cosine does not see.
    """
    scaled = rows / (float(np.median(np.linalg.norm(rows, axis=1))) or 1.0)
    write_model(folder, LongestWords(words), WordRows.quantise(scaled.astype(np.float32)))


def write_model(folder: Path, cutter: LongestWords, rows: WordRows) -> None:
    """Write words and rows as they are into ``folder``, which is made if need be."""
    rows.save(folder / _PART)
    cutter.save(folder / _PART / VOCABULARY)
    _write(folder / "modules.json", _MODULES)
    _write(folder / "config_sentence_transformers.json", _CONFIG)


def _write(path: Path, value: object) -> None:
    """Write ``value`` as JSON."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
