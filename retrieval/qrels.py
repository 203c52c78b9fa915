"""Questions and answers in the forms of TREC: qrels, what is relevant, and runs, what was found.

``trec_eval`` and ``ir_measures`` read them. Here a passage is relevant if it stands in the file of
the question and holds one of its evidences or all of its answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.catalogue import Catalogue
from retrieval.measures import Question, answerable, shows, sliced
from retrieval.records import Answer, Passage

_TAG = "jiwen"
# Bounds of legibility: below the first a passage is called doubtful as shipped (`legible_at`); of our
# own 115 answerable questions 9 lie below it, 24 between the two.
_BANDS = (0.88, 0.95)


def judged(questions: Sequence[Question], catalogue: Catalogue) -> list[list[Passage]]:
    """The relevant passages of each question, in the order of the catalogue."""
    pages = [page_id for page_id, _ in catalogue.pages()]
    held: dict[str, list[Passage]] = {}
    out: list[list[Passage]] = []
    for question in questions:
        own = [page for page in pages if question.file and page.endswith(question.file)]
        for page in own:
            if page not in held:
                ids = [article.id for article in catalogue.articles_of(page)]
                held[page] = [p for one in ids for p in catalogue.passages_of(one)]
        out.append(relevant(question, [p for page in own for p in held[page]]))
    return out


def slices(
    questions: Sequence[Question], answers: Sequence[Answer], catalogue: Catalogue
) -> dict[str, dict[str, dict[str, float]]]:
    """The measures by page, by newspaper and by how legible the worst relevant passage is."""
    passages = judged(questions, catalogue)
    papers = [
        next((catalogue.article(p.article_id).imprint.newspaper or "?" for p in own), "?")
        for own in passages
    ]
    kinds: dict[str, list[str | None]] = {
        "page": [question.file for question in questions],
        "newspaper": [*papers],
        "legibility": [_band(own) for own in passages],
    }
    return {kind: sliced(questions, answers, parts) for kind, parts in kinds.items()}


def _band(passages: Sequence[Passage]) -> str:
    """The band of legibility of the worst passage."""
    if not passages:
        return "?"
    worst = min(passage.legibility for passage in passages)
    low, high = _BANDS
    return f"<{low}" if worst < low else f"{low}–{high}" if worst < high else f"≥{high}"


def relevant(question: Question, passages: Sequence[Passage]) -> list[Passage]:
    """The passages of the question's file that answer it, in their order."""
    evidence = ["".join(one.split()) for one in question.evidence]
    return [
        passage
        for passage in passages
        if answerable(question)
        and (all(_shown(question, passage)) or _holds(passage.clean.text, evidence))
    ]


def _shown(question: Question, passage: Passage) -> list[bool]:
    return shows(question, passage.clean.text, passage.article_id.rpartition("/")[0])


def _holds(text: str, evidence: Sequence[str]) -> bool:
    bare = "".join(text.split())
    return any(one in bare for one in evidence if one)


def qids(questions: Sequence[Question]) -> list[str]:
    """An id for each question without white space: its own, or its number."""
    return ["_".join((q.id or f"q{n}").split()) for n, q in enumerate(questions, start=1)]


def qrels_lines(qid: str, passages: Sequence[Passage]) -> Iterator[str]:
    """``qid 0 passage relevance``."""
    for passage in passages:
        yield f"{qid} 0 {_id(passage.id)} 1"


def run_lines(qid: str, answer: Answer) -> Iterator[str]:
    """``qid Q0 passage rank score tag``, a passage once, at its best rank.

    Programs that read runs go by the score alone, so that it falls from rank to rank.
    """
    best = dict.fromkeys(quote.passage_id for quote in answer.quotes)
    last = float("inf")
    scores = {q.passage_id: q.score for q in reversed(answer.quotes)}
    for rank, passage_id in enumerate(best, start=1):
        last = min(scores[passage_id], last - 1e-4)
        yield f"{qid} Q0 {_id(passage_id)} {rank} {last:.4f} {_TAG}"


def _id(passage_id: str) -> str:
    """A passage id as one word: a file's name may hold spaces."""
    return "_".join(passage_id.split())
