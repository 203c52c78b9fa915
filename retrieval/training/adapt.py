"""The static model fitted to one archive, and kept only where it finds more there than before."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path

from retrieval.build import Progress
from retrieval.cutters import LongestWords, open_cutter
from retrieval.encoder import StaticEncoder
from retrieval.errors import EncoderError, JiwenError
from retrieval.folding import fold
from retrieval.modelfiles import find_folder, is_static, read_modules
from retrieval.settings import EncoderSettings, Settings
from retrieval.training.card import Card, write_card
from retrieval.training.compare import (
    Gain,
    Ranks,
    exam_ranks,
    exam_scores,
    gain,
    mean_reciprocal_rank,
)
from retrieval.training.evaluate import Score, everyday_task, measure
from retrieval.training.everyday import EVERYDAY
from retrieval.training.export import write_model
from retrieval.training.growth import grow, in_eight_bits, moved
from retrieval.training.material import (
    Exam,
    Shares,
    examine,
    part,
    read_items,
    training_texts,
)
from retrieval.training.newwords import find_words
from retrieval.training.record import RECORD
from retrieval.training.tune import Jury, Lessons, lessons, tune
from retrieval.wordrows import Floats, WordRows

# With 308 articles (132 questions) the interval of the gain was .047 wide, with 4,000 .02.
LEAST_ARTICLES = 200
_MOST_WORDS = 4000
_RESERVE = 6  # times what one exam takes: the one after, and watching the development share
# An archive teaches how papers print, and unteaches how people ask: on 4,000 reports the rows at the
# end of training found .012 less of everyday words and .047 less of colloquial questions (MRR), those
# half way nothing less, with four fifths of the gain. This much may be lost over both.
_EVERYDAY_LOSS = 0.005
_PLAIN_CHARS = (2, 8)  # of a name in the settings that gets a row


class Result(StrEnum):
    """How an adaptation ended."""

    KEPT = "kept"
    NO_BETTER = "no-better"
    TOO_LITTLE = "too-little"


@dataclass(frozen=True, slots=True)
class Order:
    """Where to write, for how long at most, by which seed; ``today`` goes into the card."""

    out: Path
    minutes: float
    seed: int
    today: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. ``articles`` are those read, learnt from, watched and held out.

    ``words`` are the new ones; scores are those of the held-out tasks, by name.
    """

    result: Result
    articles: tuple[int, int, int, int]
    words: tuple[str, ...] = ()
    before: tuple[tuple[str, Score], ...] = ()
    after: tuple[tuple[str, Score], ...] = ()
    gain: Gain | None = None
    alpha: float = 0.0
    epochs: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """A static model whose words are listed, and the settings that it is used with."""

    cutter: LongestWords
    rows: WordRows
    settings: EncoderSettings

    @classmethod
    def open(cls, settings: EncoderSettings) -> Model:
        """The model that the settings name.

        Raises:
            EncoderError: it is another kind of model, or cannot be read.
        """
        folder = find_folder(settings.model)
        modules = read_modules(folder)
        inside = folder / modules[0]["path"]
        cutter = open_cutter(inside) if is_static(modules) else None
        if not isinstance(cutter, LongestWords):
            raise EncoderError(
                f"{settings.model}: only a static model with a list of words can be adapted, such as"
                " the built-in one; set encoder.model in config/jiwen.local.toml to 'builtin'"
            )
        return cls(cutter, in_eight_bits(WordRows.open(inside)), settings)

    def encoder(self) -> StaticEncoder:
        """The encoder that serves it."""
        return StaticEncoder(self.cutter, self.rows, self.settings, Path(self.settings.model))


def adapt(seeds: Path, settings: Settings, order: Order, *, progress: Progress) -> Outcome:
    """Fit the configured static model to the archive in ``seeds``; write it where it is better.

    1. read the articles and part them; 2. look for new words; 3. ask the model about the held-out
    share; 4. train; 5. ask again; 6. write the model where the whole interval of the gain is above
    zero, and nothing otherwise.

    Raises:
        EncoderError: the configured model is no static one.
        PageError: there is no seeds folder.
        JiwenError: the model's folder cannot be written.
    """
    ends = time.monotonic() + 60 * order.minutes
    _check(order.out)
    old = Model.open(settings.encoder)
    items = read_items(seeds, settings, progress)  # 1
    shares = part(items, seed=order.seed)
    counts = len(items), len(shares.train), len(shares.dev), len(shares.test)
    if len(items) < LEAST_ARTICLES:
        return Outcome(Result.TOO_LITTLE, counts)
    fresh = _with_words(old, settings, shares, progress)  # 2
    exam = examine(shares, shares.test, seed=order.seed)
    progress("measure", 0, 2)
    before, took = _timed(lambda: exam_ranks(old.encoder(), exam))  # 3
    new, alpha, epochs = _trained(
        fresh, shares, order, on=_clock(ends - _RESERVE * took, progress)
    )  # 4
    progress("measure", 1, 2)
    after = exam_ranks(new.encoder(), exam)  # 5
    progress("measure", 2, 2)
    found = gain(exam, before, after, seed=order.seed)
    outcome = Outcome(
        Result.KEPT if found.low > 0 else Result.NO_BETTER,
        counts,
        new.cutter.listed[len(old.rows) :],
        _scores(exam, before),
        _scores(exam, after),
        found,
        alpha,
        epochs,
    )
    if outcome.result is Result.KEPT:
        _write(order, new, outcome)  # 6
    return outcome


def _with_words(model: Model, settings: Settings, shares: Shares, tell: Progress) -> Model:
    """The model with rows for the settings' names and the archive's new words."""
    tell("words", 0, 1)
    texts = (f"{item.title}\n{item.body}" for item in shares.train)
    found = (word.text for word in find_words(model.cutter, texts, most=_MOST_WORDS))
    cutter, rows = grow(model.cutter, model.rows, chain(_names(settings), found))
    tell("words", 1, 1)
    return Model(cutter, rows, model.settings)


def _names(settings: Settings) -> Iterator[str]:
    """What the settings name: user dictionary, newspapers and what they are called, places."""
    entries: Iterable[str] = (line.split()[0] for line in settings.words)
    papers = ((p.name, *p.aliases, *p.places) for p in settings.newspapers)
    for name in map(fold, chain(entries, chain.from_iterable(papers))):
        if _PLAIN_CHARS[0] <= len(name) <= _PLAIN_CHARS[1]:
            yield name


def _trained(
    model: Model, shares: Shares, order: Order, *, on: Callable[[int, int], bool]
) -> tuple[Model, float, int]:
    """The model after training, how far it went from its start, and in how many epochs."""
    taught = lessons(model.cutter, training_texts(shares))
    watched = examine(shares, shares.dev, seed=order.seed)
    start = model.rows.take(taught.used.tolist())

    def likes(target: Floats) -> float:
        tried = _moved(model, taught, target, alpha=1.0)
        return mean_reciprocal_rank(exam_ranks(tried.encoder(), watched))

    least = _everyday(model) - _EVERYDAY_LOSS

    def allows(target: Floats) -> bool:
        return _everyday(_moved(model, taught, target, alpha=1.0)) >= least

    tuned = tune(start, taught, Jury(likes, allows), seed=order.seed, on=on)
    return _moved(model, taught, tuned.rows, alpha=tuned.alpha), tuned.alpha, tuned.epochs


def _everyday(model: Model) -> float:
    """How well the model knows what people say for what papers print: a mean reciprocal rank."""
    found = [measure(model.encoder(), everyday_task(source)).mrr for source in EVERYDAY]
    return sum(found) / len(found)


def _moved(model: Model, taught: Lessons, target: Floats, *, alpha: float) -> Model:
    rows = moved(model.rows, taught.used, target, alpha=alpha)
    return Model(model.cutter, rows, model.settings)


def _clock(ends: float, tell: Progress) -> Callable[[int, int], bool]:
    """What shows each step and says whether there is time for it."""

    def on(done: int, planned: int) -> bool:
        tell("train", done + 1, planned)
        return time.monotonic() < ends

    return on


def _timed(work: Callable[[], Ranks]) -> tuple[Ranks, float]:
    """What ``work`` gives, and how many seconds it took."""
    began = time.monotonic()
    return work(), time.monotonic() - began


def _scores(exam: Exam, found: Ranks) -> tuple[tuple[str, Score], ...]:
    return tuple(exam_scores(exam, found).items())


def _check(out: Path) -> None:
    """Raise if ``out`` is something else than a model that was adapted before."""
    if out.exists() and not (out / RECORD).is_file():
        raise JiwenError(f"{out}: exists and was not written by `jiwen adapt`; give another --out")


def _write(order: Order, model: Model, outcome: Outcome) -> None:
    """Write model and card aside, then put the folder in the place of the last one."""
    fresh = order.out.with_name(f"{order.out.name}.new")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        write_model(fresh, model.cutter, model.rows)
        write_card(fresh, _card(order, model, outcome))
        shutil.rmtree(order.out, ignore_errors=True)
        fresh.rename(order.out)
    except OSError as error:
        raise JiwenError(f"{order.out}: cannot be written ({error}); give another --out") from error


def _card(order: Order, model: Model, outcome: Outcome) -> Card:
    return Card(
        base=model.settings.model,
        made=order.today,
        articles=outcome.articles[0],
        learnt=outcome.articles[1],
        held_out=outcome.articles[3],
        words=len(outcome.words),
        seed=order.seed,
        alpha=outcome.alpha,
        epochs=outcome.epochs,
        before=outcome.before,
        after=outcome.after,
        gain=outcome.gain,
    )
