"""What a library command sends: messages, the buttons under the last one, maybe a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import wording
from bot.buttons import Button, Rows
from bot.markup import Block, pack, text_blocks
from bot.wording import Lang, Library, Text

PREFIX = "lib:"  # of the data of all these buttons
_ROW = 5  # buttons with numbers that stand side by side on a phone


@dataclass(frozen=True, slots=True)
class Card:
    """HTML messages in order; ``rows`` of buttons under the last; a PNG takes it as its caption."""

    messages: tuple[str, ...]
    rows: Rows = ()
    picture: bytes | None = None


def plain_card(lines: Sequence[str], lang: Lang, rows: Rows = ()) -> Card:
    """A card of plain lines, as many messages as they need."""
    blocks = [block for line in lines for block in text_blocks(line) or (Block("", ""),)]
    return Card(tuple(pack(blocks, wording.say(Text.CONTINUED, lang))), rows)


def day_button(day: str, page: int, label: str) -> Button:
    """A button that opens a page of a day's list."""
    return Button(label, f"{PREFIX}day:{day}:{page}")


def days_button(first: str | None, last: str | None, page: int, label: str) -> Button:
    """A button that opens a page of the days of a period."""
    return Button(label, f"{PREFIX}days:{first or ''}:{last or ''}:{page}")


def lead_button(code: str, day: str, label: str) -> Button:
    """A button that shows how an article begins."""
    return Button(label, f"{PREFIX}lead:{code}:{day}")


def again_button(lang: Lang) -> Button:
    """A button that shows another article at random."""
    return Button(wording.say(Library.AGAIN, lang), f"{PREFIX}random")


def side_by_side(buttons: Sequence[Button]) -> Rows:
    """Small buttons, a few in a row."""
    return tuple(tuple(buttons[at : at + _ROW]) for at in range(0, len(buttons), _ROW))


def pager(page: int, pages: int, lang: Lang, to: Callable[[int, str], Button]) -> Rows:
    """The row ‹ n/N ›, pages from 0; none where there is one page. ``to`` makes a page's button."""
    if pages < 2:
        return ()
    here = wording.say(Library.PAGER, lang, page=page + 1, pages=pages)
    back = [to(page - 1, wording.say(Library.BACK, lang))] if page else []
    onward = [to(page + 1, wording.say(Library.ONWARD, lang))] if page + 1 < pages else []
    return ((*back, to(page, here), *onward),)
