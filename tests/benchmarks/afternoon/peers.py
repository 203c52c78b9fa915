"""Peer frameworks, used as their own documentation says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .records import Ask, Job, K, Reply, Shown, ranked
from .windows import cut, read_pages

# Where a page is cut, the coarsest first; the framework's own default ends sentences in English.
_SEPARATORS = ["\n\n", "[。！？]", "\n", " "]
_SPACED = r"\S+"  # tokens of text whose words stand apart


def haystack(job: Job) -> Ask:
    """Haystack's BM25 over its recursive splitter; its tokens are single Chinese characters."""
    return _haystack(job, {}, lambda text: text)


def haystack_words(job: Job) -> Ask:
    """The same with jieba's words, set apart by spaces, which its regular expression then finds."""
    import jieba

    return _haystack(
        job, {"bm25_tokenization_regex": _SPACED}, lambda text: " ".join(jieba.cut(text))
    )


def txtai(job: Job) -> Ask:
    """Txtai's hybrid of vectors and BM25; its tokens are those of Unicode, single characters."""
    from txtai import Embeddings

    texts = cut(job)
    embeddings = Embeddings(
        path=job.model,
        method="sentence-transformers",
        vectors={"trust_remote_code": True},
        hybrid=True,
    )
    embeddings.index((row, one.text) for row, one in enumerate(texts))
    return lambda question: ranked(texts[row] for row, _ in embeddings.search(question, K))


def _haystack(job: Job, options: dict[str, Any], spell: Callable[[str], str]) -> Ask:
    """A store of what the splitter cuts, each text spelled for the store's tokeniser."""
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    texts = list(_split(job))
    store = InMemoryDocumentStore(**options)
    rows = enumerate(texts)
    store.write_documents([Document(content=spell(t.text), meta={"row": n}) for n, t in rows])
    retriever = InMemoryBM25Retriever(store, top_k=K)

    def ask(question: str) -> Reply:
        found = retriever.run(query=spell(question))["documents"]
        return ranked(texts[one.meta["row"]] for one in found)

    return ask


def _split(job: Job) -> Iterator[Shown]:
    """The texts that the framework's splitter cuts of the pages."""
    from haystack import Document
    from haystack.components.preprocessors import RecursiveDocumentSplitter

    splitter = RecursiveDocumentSplitter(
        split_length=job.max_chars,
        split_overlap=job.overlap_chars,
        split_unit="char",
        separators=_SEPARATORS,
    )
    pages = [Document(content=p.text, meta={"file": p.file}) for p in read_pages(job)]
    for one in splitter.run(documents=pages)["documents"]:
        start = one.meta["split_idx_start"]
        if one.content.strip():
            yield Shown(one.meta["file"], ((start, start + len(one.content)),), one.content)
