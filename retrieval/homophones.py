"""Names that sound like one the archive does not hold: offered to the reader, never put in.

Who types by sound picks the wrong characters (于智 for 于志, 辽原市 for 辽源市). A name of the
question that stands nowhere is compared by its syllables, without tones, with what does stand.
This is the only module that imports pypinyin, and only when there is such a name: with its table
of syllables that takes 0.3 s.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations_with_replacement, product

from retrieval.folding import bare, bare_text
from retrieval.lookalikes import variants
from retrieval.matter import content_words
from retrieval.names import is_surname
from retrieval.records import Scope
from retrieval.tally import Shelf, place, within, within_any
from retrieval.tokens import pairs

_NAME = re.compile(r"[一-鿿]{2,4}")
_PLACE = re.compile(r"[一-鿿]{1,3}[市县区镇乡村屯州]")
_PERSON_CHARS, _NAME_CHARS = 3, 4  # longest name of a person with a plain surname, of any
_MOST = 3  # names offered
# What stands before or after the name of a person; two characters alone may be parts of words.
_TITLE = re.compile(
    r"(?:书记|主任|经理|董事长|主席|代表|委员|负责人|记者|通讯员|同志|队长|教授|教练|医生|老师|[市县区镇乡局厅处院校州省]长)$"
)
_TITLE_CHARS = 3
_SAYS = re.compile(r"说|表示|介绍|强调|指出|告诉|主持|认为|同志|等|,")
_READ = 500  # articles at most that are read for names like one: 30 ms
# The 6 763 characters of GB 2312 in its order; rarer ones are not looked for.
_GB2312 = "".join(
    bytes((row, cell)).decode("gb2312", errors="ignore")
    for row in range(0xB0, 0xF8)
    for cell in range(0xA1, 0xFF)
)


def suggestions(text: str, shelf: Shelf, *, misread: bool) -> tuple[str, ...]:
    """The names that the archive holds and that sound like one of folded ``text`` it does not.

    ``misread`` are those that look like it, too: the search takes them for misreadings of it.
    """
    found: dict[str, None] = {}
    met: list[str] = []
    for name in absent(text, shelf):
        passed = () if misread else {other for _, other in variants(name)}
        others = [other for other in _sounding(name, shelf) if other not in passed]
        if others and not any(name in longer for longer in met):
            met.append(name)
            found.update(dict.fromkeys(others))
    return tuple(found)[:_MOST]


def absent(text: str, shelf: Shelf) -> list[str]:
    """What may be a name in folded text and stands nowhere in the archive, the longest first."""
    names = {name for name in _names(text, shelf) if not _stands(name, shelf)}
    return sorted(names, key=lambda name: (-len(name), text.find(name)))


def _names(text: str, shelf: Shelf) -> Iterator[str]:
    """Neighbouring words that a dictionary does not hold as one, formed like a name."""
    words = content_words(shelf.segmenter.words(text), shelf.segmenter, lambda _: False)
    for first, last in combinations_with_replacement(range(len(words)), 2):
        parts = [word for word, _, _ in words[first : last + 1]]
        name = text[words[first][1] : words[last][2]]
        alone = name == "".join(parts) and not shelf.segmenter.is_word(name)
        if alone and (_is_person(name, parts[0]) or _is_place(name, parts[-1])):
            yield name


def _is_person(name: str, first: str) -> bool:
    """Whether a word, of whose parts ``first`` is the first, is formed like a person's name."""
    chars = _PERSON_CHARS + (len(first) == 2)
    cut = len(first) < 3 and is_surname(first)  # the surname stands for itself
    return cut and len(first) < len(name) <= chars and _NAME.fullmatch(name) is not None


def _is_place(name: str, last: str) -> bool:
    """Whether a word, of whose parts ``last`` is the last, is formed like the name of a place."""
    return _PLACE.fullmatch(name) is not None and last in (name, name[-1])


def _stands(name: str, shelf: Shelf) -> bool:
    """Whether a name stands in any article."""
    articles = within(shelf, pairs([name]), Scope())
    return any(place(a, name) or name in _signed(a.byline) for a in articles)


def _signed(byline: tuple[str, ...]) -> list[str]:
    return [bare(name)[0] for name in byline]


def _sounding(name: str, shelf: Shelf) -> list[str]:
    """The names that the archive holds and that sound like ``name``."""
    alike = [_alike(char) for char in name]
    held = alike[0]
    for others in alike[1:]:  # only what stands side by side goes on
        both = list(product(held, others))
        stand = shelf.lexicon.holding_pairs([left[-1] + right for left, right in both])
        held = [left + right for (left, right), found in zip(both, stand, strict=True) if found]
    if _PLACE.fullmatch(name):
        return [other for other in held if other != name and _is_named_place(other, shelf)]
    people = [o for o in held if o != name and (_is_person(o, o[0]) or _is_person(o, o[:2]))]
    return _named(people, shelf) if people else []


def _is_named_place(other: str, shelf: Shelf) -> bool:
    """Whether a text that the archive holds is a place that a dictionary knows."""
    return shelf.segmenter.is_word(other) and _stands(other, shelf)


def _named(others: Sequence[str], shelf: Shelf) -> list[str]:
    """Those of some texts that the archive uses as a person's name: signed, entitled, speaking.

    Three characters that begin with a surname need no more, unless a word ends them (施农村).
    """
    free = {o for o in others if len(o) > 2 and not shelf.segmenter.is_word(o[1:])}
    found: set[str] = set()
    for article in within_any(shelf, [pairs([other]) for other in others], _READ):
        text, signed = bare_text(article.body.text), _signed(article.byline)
        for other in others:
            if other not in found and (
                other in signed or (other in text and (other in free or _is_shown(other, text)))
            ):
                found.add(other)
    return [other for other in others if other in found]


def _is_shown(other: str, text: str) -> bool:
    """Whether bare text calls what it holds by a title, or lets it speak."""
    return any(
        _TITLE.search(text[max(0, place - _TITLE_CHARS) : place])
        or _SAYS.match(text, place + len(other))
        for place in (found.start() for found in re.finditer(other, text))
    )


def _alike(char: str) -> list[str]:
    """The characters that sound like ``char`` without its tone, itself among them."""
    own = [syllable for syllable, chars in _table().items() if char in chars]
    return list(dict.fromkeys([char, *(c for syllable in own for c in _table()[syllable])]))


@cache
def _table() -> dict[str, str]:
    """Each syllable without its tone → the characters that may be read so."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # its phrases take 0.4 s and no part here
    from pypinyin import Style, pinyin

    found: dict[str, str] = {}
    read = pinyin(list(_GB2312), style=Style.NORMAL, heteronym=True)
    for char, syllables in zip(_GB2312, read, strict=True):
        for syllable in syllables:
            found[syllable] = found.get(syllable, "") + char
    return found
