"""The pressroom: newspaper pages made from known stories, and broken as scanning breaks them.

By it the division of pages is measured. A page has one of seventeen layouts and any of nineteen
faults; its seed decides everything. The layouts and faults come from how Chinese local newspapers
are made and how recognition and PDF extraction spoil them, not from the rules that divide pages.

``python -m tests.pressroom --seeds 0:200`` prints how well pages are divided.

What is fair. A careful person who reads the text alone could part every page as the truth does:

- a story keeps at least one sign of where it begins: a headline (above, within or after it), an
  opening (本报讯, a news agency's line), or it is a caption, notice or advertisement by its words;
- a story that lost its headline opens with 本报讯 or an agency's line; so does one whose headline
  stands after or inside its body;
- a story that lost its first words has its headline above it;
- where no blank lines are left, small items (captions, notices) are left out, and stories are signed;
- an unsigned page keeps its headlines and its blank lines;
- headings inside features stand on signed pages that have blank lines;
- no two stories of a page are the same, and writers' names are never misread;
- masthead, folio, contents box, credits, scraps and the names of columns belong to no story.

Not modelled: columns whose lines alternate, rotated text, tables, pages in two languages.
"""

from .make import make_page
from .measure import PageScore, score
from .records import Fault, Layout, MadePage, Truth
from .stories import Shelf, invented, of_corpus

__all__ = [
    "Fault",
    "Layout",
    "MadePage",
    "PageScore",
    "Shelf",
    "Truth",
    "invented",
    "make_page",
    "of_corpus",
    "score",
]
