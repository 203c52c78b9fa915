"""What the archive can be told: frozen settings, parsed elsewhere (``bot.settings``)."""

from __future__ import annotations

import datetime
from typing import Annotated

import msgspec

_Count = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class EncoderSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``model``: ``builtin``, a folder, or a hub name; prompts go before each text."""

    model: str = "builtin"
    query_prompt: str = ""
    passage_prompt: str = ""


class PassageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a passage is aimed to be and may at most be, in characters."""

    target_chars: Annotated[int, msgspec.Meta(ge=20, le=300)] = 200
    max_chars: Annotated[int, msgspec.Meta(ge=20, le=2000)] = 300


class SearchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many passages each leg proposes."""

    candidates: _Count = 100


class AnswerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many quotes, how long, how many of one article; below which confidence it is silent."""

    k: _Count = 3
    quote_chars: Annotated[int, msgspec.Meta(ge=20, le=300)] = 220
    max_question_chars: _Count = 500
    per_article: _Count = 2
    answered_at: _Share = 0.55
    related_at: _Share = 0.66
    legible_at: _Share = 0.88


class Newspaper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A newspaper of the table: what readers call it and what its masthead prints.

    ``codes`` are what file names call it (``lyrb``).
    """

    name: str
    aliases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mastheads: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


_Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class PageRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the user says of pages whose path matches the glob ``files``."""

    files: str
    newspaper: str | None = None
    date: _Day | None = None
    page: str | None = None


class TakeDown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the take-down list: what it hides, why, and since when.

    It names an article by citation ``code`` or id (``article``), a whole ``page`` file, or what a
    ``newspaper`` printed on a ``date``, all of it or under one ``title``. Readers are told the
    reason where it is ``public``.
    """

    reason: Annotated[str, msgspec.Meta(min_length=1)]
    since: datetime.date
    public: bool = False
    code: str | None = None
    article: str | None = None
    page: str | None = None
    newspaper: str | None = None
    date: datetime.date | None = None
    title: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless it names in exactly one way."""
        day = self.newspaper or self.date or self.title
        ways = [way for way in (self.code, self.article, self.page, day) if way]
        if len(ways) != 1 or (day and not (self.newspaper and self.date)):
            raise ValueError("name one of: code, article, page, or newspaper with date (and title)")

    @property
    def told(self) -> str | None:
        """The reason as readers are told it, if they are."""
        return self.reason if self.public else None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that shapes an index or an answer."""

    encoder: EncoderSettings = EncoderSettings()
    passages: PassageSettings = PassageSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    newspapers: tuple[Newspaper, ...] = ()
    pages: tuple[PageRule, ...] = ()
    takedown: tuple[TakeDown, ...] = ()  # hides, and shapes nothing that is stored
    words: tuple[str, ...] = ()  # lines of the jieba user dictionary: word [frequency [tag]]
