"""Encoders: folded text → unit vectors; the only module that imports sentence_transformers.

A static model (the built-in one, or any sentence-transformers folder whose one module with
weights is a ``StaticEmbedding``) is read without torch: its vector is the mean of the rows of its
words, scaled to unit length. Any other sentence-transformers model
is opened by that package on first use. Weights are read from safetensors only, never from pickles.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from retrieval.cutters import Cutter, damaged, open_cutter
from retrieval.errors import EncoderError
from retrieval.folding import fold, fold_all
from retrieval.modelfiles import (
    find_folder,
    fingerprint_of,
    is_static,
    read_modules,
    refuse_pickles,
)
from retrieval.records import Span
from retrieval.settings import EncoderSettings
from retrieval.wordrows import WordRows

_log = logging.getLogger(__name__)

# What transformers and torch raise over a folder that is not what it says.
_LOAD_ERRORS = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    ImportError,
    SafetensorError,
)
_CUT_TEXTS = 8
# Texts whose words are remembered, some 1.5 KB each: those that many questions propose.
_KNOWN_TEXTS = 4096
_BLOCK_TEXTS = 1024  # folded and cut into words at once

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The m words of texts, in reading order, and the vectors of the u different ones.

    ``counts`` (n_texts,) are how many each text has, ``ranges`` (m, 2) where each stands in its
    text: neither starts nor ends ever go back. ``which`` (m,) is the row of ``rows`` (u, dimension)
    that a word has; multiplied by its ``scale`` (u,) it is as long as the word is telling.
    """

    counts: NDArray[np.intp]
    ranges: NDArray[np.int32]
    which: NDArray[np.int32]
    rows: Vectors
    scale: Vectors


class Encoder(Protocol):
    """Text → vectors of unit length; a text without known tokens gives zeros."""

    name: str
    dimension: int

    @property
    def fingerprint(self) -> str:
        """Hexadecimal; differs when weights, tokeniser or prompts differ."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``, shape (n_texts, dimension), in their order."""

    def encode_query(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,)."""


def open_encoder(settings: EncoderSettings) -> Encoder:
    """The encoder that ``settings.model`` names: ``builtin``, a folder, or a hub name.

    Raises:
        EncoderError: no such folder, not reachable, damaged, or not in a safe format.
    """
    folder = find_folder(settings.model)
    modules = read_modules(folder)
    if is_static(modules):
        return StaticEncoder.open(folder / modules[0]["path"], settings, root=folder)
    refuse_pickles([folder / module["path"] for module in modules])
    return TransformerEncoder.open(folder, settings)


class StaticEncoder:
    """Mean of word rows, without torch. Safe to share between threads."""

    def __init__(
        self, cutter: Cutter, rows: WordRows, settings: EncoderSettings, root: Path
    ) -> None:
        if cutter.n_rows != len(rows):
            raise EncoderError(
                f"{root}: the tokeniser has {cutter.n_rows} tokens, the weights"
                f" {len(rows)} rows; download or train the model again"
            )
        self.name = settings.model
        self.dimension = rows.dimension
        self._settings = settings
        self._root = root
        self._cutter = cutter
        self._rows = rows
        # Who asks for a text's words asks for their vectors next.
        self._fold = lru_cache(_CUT_TEXTS)(fold)
        self._cut = lru_cache(_CUT_TEXTS)(cutter.words)
        # Of functions that do not know the encoder: it is let go with the last that uses it.
        self._placed = lru_cache(_KNOWN_TEXTS)(partial(_placed, cutter))

    @classmethod
    def open(cls, folder: Path, settings: EncoderSettings, *, root: Path) -> StaticEncoder:
        """The model whose words and ``model.safetensors`` lie in ``folder``.

        Raises:
            EncoderError: a file is missing or damaged.
        """
        return cls(open_cutter(folder), WordRows.open(folder), settings, root)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the model's files and the prompts."""
        return fingerprint_of(self._root, self._settings)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``, shape (n_texts, dimension), in their order."""
        return self._encode(texts, self._settings.passage_prompt)

    def encode_query(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,)."""
        vector: Vectors = self._encode([text], self._settings.query_prompt)[0]
        return vector

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The words of folded ``text`` with their character ranges in it, in reading order.

        Characters that the model has no row for may be passed over.
        """
        folded = self._fold(text)
        return [(folded[a:b], a, b) for a, b in self._spans(folded)]

    def word_vectors(self, text: str) -> tuple[Vectors, Vectors]:
        """For each word of ``words(text)`` its direction and its weight.

        Directions have shape (n_words, dimension) and unit length, zero for an unknown word;
        weights have shape (n_words,): the length of the word's row, higher for rarer and more
        telling words, zero for an unknown word.
        """
        rows = self._rows.take(self._cut(self._fold(text))[0])
        weights: Vectors = np.linalg.norm(rows, axis=1).astype(np.float32)
        lengths = np.where(weights > 0, weights, 1)[:, np.newaxis]
        directions: Vectors = np.divide(rows, lengths, dtype=np.float32)
        return directions, weights

    def words_of(self, texts: Sequence[str]) -> Words:
        """The words of folded texts, with their vectors."""
        placed = [self._placed(text) for text in texts]
        together = np.concatenate([*placed, np.empty((0, 3), dtype=np.int32)])
        rows, which = _distinct(together[:, 2], len(self._rows))
        return Words(
            counts=np.array([len(own) for own in placed], dtype=np.intp),
            ranges=together[:, :2],
            which=which,
            rows=self._rows.stored.take(rows, axis=0).astype(np.float32),
            scale=self._rows.scale.take(rows),
        )

    def _spans(self, folded: str) -> list[Span]:
        """The ranges of the words of a folded text."""
        return self._cut(folded)[1]

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        """The vectors of ``texts`` after the prompt: sums of rows, which point as means do."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), _BLOCK_TEXTS):
            block = fold_all([prompt + text for text in texts[first : first + _BLOCK_TEXTS]])
            out[first : first + len(block)] = self._rows.sums(self._cutter.rows(block))
        return _unit(out)


def _placed(cutter: Cutter, folded: str) -> NDArray[np.int32]:
    """Start, end and row number of each word of a folded text, shape (n_words, 3)."""
    return cutter.placed(folded)


def _distinct(
    numbers: NDArray[np.int32], n_rows: int
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """The different numbers in ascending order, and which of them each one is.

    As ``np.unique`` with its inverse; a flag and a place for each of the numbers there may be take
    60 microseconds for 7,000 of 60,000, where sorting takes 390.
    """
    seen = np.zeros(n_rows, dtype=bool)
    seen[numbers] = True
    found = np.flatnonzero(seen)
    place = np.empty(n_rows, dtype=np.int32)
    place[found] = np.arange(len(found), dtype=np.int32)
    return found, place[numbers]


class TransformerEncoder:
    """Any other sentence-transformers model, run by that package on the processor.

    A prompt that the settings leave empty is the model's own for questions or documents.
    """

    def __init__(self, model: Any, settings: EncoderSettings, root: Path) -> None:  # noqa: ANN401 -- naming its type would import torch
        self.name = settings.model
        self._model = model
        self._settings = settings
        self._root = root
        self.dimension = len(model.encode("", show_progress_bar=False))

    @classmethod
    def open(cls, folder: Path, settings: EncoderSettings) -> TransformerEncoder:
        """The sentence-transformers model in ``folder``.

        Raises:
            EncoderError: it cannot be loaded.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's and transformers' own deprecations
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

            transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # as they ship
            transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                model = SentenceTransformer(
                    str(folder),
                    device="cpu",
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                )
            except _LOAD_ERRORS as error:
                raise damaged(folder, error) from error
        return cls(model, settings, folder)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the model's files and the prompts."""
        return fingerprint_of(self._root, self._settings)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``, shape (n_texts, dimension), in their order."""
        folded = [fold(text) for text in texts]
        prompt = self._settings.passage_prompt or None
        vectors = self._model.encode_document(folded, prompt=prompt, show_progress_bar=False)
        return _unit(np.asarray(vectors, dtype=np.float32).reshape(len(folded), self.dimension))

    def encode_query(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,)."""
        prompt = self._settings.query_prompt or None
        vector = self._model.encode_query([fold(text)], prompt=prompt, show_progress_bar=False)
        found: Vectors = _unit(np.asarray(vector, dtype=np.float32))[0]
        return found


def _unit(rows: Vectors) -> Vectors:
    """``rows`` scaled to unit length; zero rows stay zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled
