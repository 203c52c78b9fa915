"""The built-in model as sentence-transformers sees it: raw text in, folded and cut as we do.

``modules.json`` names this class, so ``SentenceTransformer(folder, trust_remote_code=True)`` loads
it. Nothing else imports it: the package's own encoder reads the same folder without torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import torch
from sentence_transformers.models import StaticEmbedding

from retrieval.cutters import VOCABULARY, LongestWords
from retrieval.folding import fold_all
from retrieval.wordrows import WEIGHTS, WordRows


class WordEmbedding(StaticEmbedding):  # type: ignore[misc]  # the package is untyped here
    """A ``StaticEmbedding`` over listed words in place of a tokeniser's pieces."""

    def __init__(self, cutter: LongestWords, rows: torch.Tensor) -> None:
        super(StaticEmbedding, self).__init__()  # StaticEmbedding's own wants a tokeniser
        self.embedding = torch.nn.EmbeddingBag.from_pretrained(rows, freeze=False)
        self.num_embeddings, self.embedding_dim = rows.shape
        self.tokenizer = cutter
        self.base_model = None

    def preprocess(
        self,
        inputs: Sequence[str],
        prompt: str | None = None,
        **_: Any,  # noqa: ANN401 -- what other modules take
    ) -> dict[str, torch.Tensor]:
        """The rows of the texts' words, flat, and where each text begins in them."""
        found = self.tokenizer.rows(fold_all([(prompt or "") + text for text in inputs]))
        starts = list(accumulate(map(len, found), initial=0))[:-1]
        return {
            "input_ids": torch.tensor(list(chain.from_iterable(found)), dtype=torch.long),
            "offsets": torch.tensor(starts, dtype=torch.long),
        }

    def tokenize(self, texts: Sequence[str], **more: Any) -> dict[str, torch.Tensor]:  # noqa: ANN401
        """As ``preprocess``, under the name of releases before 6."""
        return self.preprocess(texts, **more)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Write words and rows, in eight bits, always as safetensors."""
        rows = self.embedding.weight.detach().float().cpu().numpy()
        WordRows.quantise(rows).save(Path(output_path))
        self.tokenizer.save(Path(output_path) / VOCABULARY)

    @classmethod
    def load(
        cls,
        model_name_or_path: str,
        subfolder: str = "",
        **more: Any,  # noqa: ANN401
    ) -> WordEmbedding:
        """The module whose files lie in a folder or on the hub."""
        names = (WEIGHTS, VOCABULARY)
        keep = ("token", "cache_folder", "revision", "local_files_only")
        hub = {key: value for key, value in more.items() if key in keep}
        weights, words = (
            Path(cls.load_file_path(model_name_or_path, filename=n, subfolder=subfolder, **hub))
            for n in names
        )
        cutter = LongestWords.open(words)
        rows = WordRows.open(weights.parent)
        return cls(cutter, torch.from_numpy(rows.take(range(len(rows)))))
