"""What the archive can be told: frozen settings, parsed elsewhere (``bot.settings``)."""

from __future__ import annotations

import msgspec


class EncoderSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``model``: ``builtin``, a folder, or a hub name; prompts go before each text."""

    model: str = "builtin"
    query_prompt: str = ""
    passage_prompt: str = ""


class PassageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a passage is aimed to be and may at most be, in characters."""

    target_chars: int = 200
    max_chars: int = 300


class SearchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many passages each leg proposes, and the constant of reciprocal rank fusion."""

    candidates: int = 50
    rrf_k: int = 60


class AnswerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many quotes, how long, how many of one article; below which confidence it is silent."""

    k: int = 3
    quote_chars: int = 220
    max_question_chars: int = 500
    per_article: int = 2
    answered_at: float = 0.5
    related_at: float = 0.25


class Newspaper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A newspaper of the table: what readers call it and what its masthead prints."""

    name: str
    aliases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mastheads: tuple[str, ...] = ()


class PageRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the user says of pages whose path matches the glob ``files``."""

    files: str
    newspaper: str | None = None
    date: str | None = None
    page: str | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that shapes an index or an answer."""

    encoder: EncoderSettings = EncoderSettings()
    passages: PassageSettings = PassageSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    newspapers: tuple[Newspaper, ...] = ()
    pages: tuple[PageRule, ...] = ()
    words: tuple[str, ...] = ()  # lines of the jieba user dictionary: word [frequency [tag]]
