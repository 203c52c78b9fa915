"""The finished table as a sentence-transformers folder, in safe formats, readable without torch.

The folder is written by hand, since the weights are half precision and the module is named as
every sentence-transformers release from 3.2 on understands. There is no Normalize module: in half
precision it turns the zero vector of an empty text into nan, and cosine needs none.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "0_StaticEmbedding",
        "type": "sentence_transformers.models.StaticEmbedding",
    }
]
_CONFIG = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def export(folder: Path, tokenizer: Tokenizer, rows: NDArray[np.float32]) -> None:
    """Write the model into ``folder``, which is made if need be.

    ``rows``: (n_words, dimension). They are stored as float16, scaled as a whole so that the
    median row has length 1, which cosine does not see.
    """
    weights = folder / "0_StaticEmbedding"
    weights.mkdir(parents=True, exist_ok=True)
    scaled = rows / (float(np.median(np.linalg.norm(rows, axis=1))) or 1.0)
    save_file({"embedding.weight": scaled.astype(np.float16)}, weights / "model.safetensors")
    (weights / "model.safetensors").chmod(0o644)  # safetensors leaves it to the owner alone
    tokenizer.save(str(weights / "tokenizer.json"), pretty=False)
    _write(folder / "modules.json", _MODULES)
    _write(folder / "config_sentence_transformers.json", _CONFIG)


def _write(path: Path, value: object) -> None:
    """Write ``value`` as JSON."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
