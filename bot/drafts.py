"""What ``jiwen articles --draft`` prints: the corrections that pin a page as it is divided now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.corrections import bare, places, sidecar_of
from retrieval.errors import PageError
from retrieval.pages import line_of
from retrieval.records import Article, Form, Imprint, Kind, Page, Span

_HEAD = """\
# {page}: 改正表。改好后与页面放在一起, 存为 {file}, 再运行 jiwen index。
# lines 是行号, 从 1 数起, 如 "3-23, 40"; 没有写到的行仍按规则分。不用改的文章可以整段删去。
# 标题、作者、栏目必须是这一页上的原文(空格不论); 没有标题写 title = "", 没有作者写 byline = []。
# kind: news 报道, photo 图片, notice 公告。furniture: 报头版务, 不属于任何文章的行。
# 报名、日期、版次、期号: 去掉行首的 # 就以这里写的为准; 写 "" 表示没有。
"""


def draft(page: Page, articles: Sequence[Article]) -> str:
    """The text of a sidecar that pins these articles of the page; a person edits it.

    Raises:
        PageError: the page comes already separated, or its division cuts a line in two.
    """
    if page.form is Form.JSONL:
        raise PageError(f"{page.id}: is already separated into articles; correct its rows")
    if line := _shared(page.text, articles):
        raise PageError(f"{page.id}: line {line} is cut in its midst; break it in the page")
    stories = [article for article in articles if article.kind is not Kind.FURNITURE]
    furniture = [span for a in articles if a.kind is Kind.FURNITURE for span in a.spans]
    lines = [_HEAD.format(page=_shown(page.id), file=_shown(sidecar_of(page.id)))]
    lines += _imprint(page)
    if furniture:
        lines.append(f"furniture = {_string(_lines(page.text, furniture))}")
    for article in stories:
        lines += _article(page.text, article)
    return "\n".join(lines) + "\n"


def _shared(raw: str, articles: Sequence[Article]) -> int | None:
    """The first line with two ranges: form feeds and the like end lines that no number names."""
    held = sorted((line_of(raw, s), line_of(raw, e - 1)) for a in articles for s, e in a.spans)
    return next((b[0] for a, b in pairwise(held) if b[0] == a[1]), None)


def _imprint(page: Page) -> Iterator[str]:
    """Newspaper, day, page and issue: pinned where they are pinned, else as comments."""
    pinned = page.corrections.stated if page.corrections else Imprint()
    for name in ("newspaper", "date", "page", "issue"):
        mark = "# " if getattr(pinned, name) is None else ""
        yield f"{mark}{name} = {_string(getattr(page.imprint, name) or '')}"


def _article(raw: str, article: Article) -> Iterator[str]:
    """The table of an article, its first words as a comment."""
    first = article.body.text.replace("\n", " ")[:40]
    yield f"\n[[article]]  # {_shown(first)}"
    yield f"lines = {_string(_lines(raw, article.spans))}"
    yield f"title = {_string(article.title or '')}"
    names = [name for name in article.byline if _stands(raw, article.spans, name)]
    if len(names) == len(article.byline):
        yield f"byline = [{', '.join(map(_string, names))}]"
    yield f"kind = {_string(article.kind.value)}"
    section = article.section or ""
    if not section or _stands(raw, [(0, len(raw))], section):
        yield f"section = {_string(section)}"


def _stands(raw: str, spans: Sequence[Span], text: str) -> bool:
    return bool(bare(text)) and any(places(raw, span, text) for span in spans)


def _lines(raw: str, spans: Sequence[Span]) -> str:
    """The lines of these ranges, as corrections name them; blank lines between them join them."""
    runs: list[tuple[int, int]] = []
    before = 0
    for start, end in spans:
        first, last = line_of(raw, start), line_of(raw, end - 1)
        blank, before = not raw[before:start].strip(), end
        if runs and blank:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _string(text: str) -> str:
    """A TOML string; what cannot be printed is escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escape(c) for c in quoted)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _shown(text: str) -> str:
    """The text for a comment."""
    return "".join(c if c.isprintable() else " " for c in text)
