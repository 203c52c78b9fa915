"""Errors a caller can act on.

JiwenError                  every message: what, where, and the command that mends it
├── SettingsError           a configuration file or value that cannot be used
├── PageError               a seed file that cannot be read (the rest is indexed)
├── EncoderError            an embedding model that cannot be loaded
├── IndexFolderError        the index folder cannot be used
│   ├── IndexMissing        no index where one was expected
│   ├── IndexBroken         a file of the index is missing, damaged or foreign
│   └── IndexStale          the index was built with another model, tokeniser or rule
└── NotFoundError           an id or citation code that the archive does not hold
    └── TakenDownError      … or holds, and does not show: it is on the take-down list
"""


class JiwenError(Exception):
    """Something the user can mend; its message says how, in one line."""


class SettingsError(JiwenError):
    """A configuration file or value cannot be used."""


class PageError(JiwenError):
    """A seed file cannot be read."""


class EncoderError(JiwenError):
    """An embedding model cannot be loaded."""


class IndexFolderError(JiwenError):
    """The index folder cannot be used."""


class IndexMissing(IndexFolderError):  # noqa: N818 -- reads as what it is
    """There is no index where one was expected."""


class IndexBroken(IndexFolderError):  # noqa: N818 -- reads as what it is
    """A file of the index is missing, damaged or not ours."""


class IndexStale(IndexFolderError):  # noqa: N818 -- reads as what it is
    """The index was built with another model, tokeniser or rule."""


class NotFoundError(JiwenError):
    """The archive does not hold this id or citation code."""


class TakenDownError(NotFoundError):
    """What this names is on the take-down list; ``reason`` is for readers, if it is public."""

    def __init__(self, name: str, reason: str | None) -> None:
        super().__init__(f"{name!r} is on the take-down list and not shown")
        self.reason = reason
