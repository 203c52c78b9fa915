"""What a build and a question must have in common: encoder, segmenter, settings."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from retrieval import manifest as manifests
from retrieval.encoder import Encoder, StaticEncoder, open_encoder
from retrieval.folding import fold
from retrieval.modelfiles import find_folder
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


# What is open now, by what it was opened from: an archive that is opened anew beside another shares
# the dictionary and the model with it, some 100 MB and a second.
_OPEN_SEGMENTERS: WeakValueDictionary[Hashable, Segmenter] = WeakValueDictionary()
_OPEN_ENCODERS: WeakValueDictionary[Hashable, Encoder] = WeakValueDictionary()


def open_tools(index: Path, settings: Settings) -> Tools:
    """The encoder and the segmenter that the settings name; jieba's cache lies in ``index``.

    jieba itself is opened when it is first needed: most builds never do.
    """
    words = tuple(fold(line) for line in settings.words)
    cache = manifests.cache_folder(index)
    segmenter = _OPEN_SEGMENTERS.get((cache, words))
    if segmenter is None:
        segmenter = Segmenter.of(words, cache=cache)
        _OPEN_SEGMENTERS[cache, words] = segmenter
    return Tools(_encoder(settings.encoder), segmenter, settings)


def _encoder(settings: EncoderSettings) -> Encoder:
    """The encoder that the settings name; one that is open serves while its files are the same."""
    files = sorted(p for p in find_folder(settings.model).rglob("*") if p.is_file())
    state = tuple((p, p.stat().st_mtime_ns, p.stat().st_size) for p in files)
    encoder = _OPEN_ENCODERS.get((settings, state))
    if encoder is None:
        encoder = open_encoder(settings)
        _OPEN_ENCODERS[settings, state] = encoder
    return encoder


def word_encoder(tools: Tools) -> StaticEncoder:
    """The built-in word vectors; a static model of the user's own brings its own."""
    if isinstance(tools.encoder, StaticEncoder):
        return tools.encoder
    builtin = open_encoder(EncoderSettings())
    assert isinstance(builtin, StaticEncoder)  # noqa: S101 -- what we ship
    return builtin
