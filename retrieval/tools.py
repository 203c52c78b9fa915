"""What a build and a question must have in common: encoder, segmenter, settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval import manifest as manifests
from retrieval.encoder import Encoder, StaticEncoder, open_encoder
from retrieval.folding import fold
from retrieval.settings import EncoderSettings, Settings
from retrieval.tokens import Segmenter


@dataclass(frozen=True, slots=True)
class Tools:
    """What a build and a question must have in common."""

    encoder: Encoder
    segmenter: Segmenter
    settings: Settings

    def digests(self) -> dict[str, str]:
        """The digests that make an index usable with these tools."""
        return {
            "encoder": self.encoder.fingerprint,
            "segmenter": self.segmenter.fingerprint,
            "rules": manifests.rules_digest(self.settings),
        }


def open_tools(index: Path, settings: Settings) -> Tools:
    """The encoder and the segmenter that the settings name; jieba's cache lies in ``index``."""
    words = [fold(line) for line in settings.words]
    cache = manifests.cache_folder(index)
    return Tools(open_encoder(settings.encoder), Segmenter.open(words, cache=cache), settings)


def word_encoder(tools: Tools) -> StaticEncoder:
    """The built-in word vectors; a static model of the user's own brings its own."""
    if isinstance(tools.encoder, StaticEncoder):
        return tools.encoder
    builtin = open_encoder(EncoderSettings())
    assert isinstance(builtin, StaticEncoder)  # noqa: S101 -- what we ship
    return builtin
