"""``python -m tests.quality.fit QUESTIONS.jsonl …``: fits weights, curve and thresholds.

Each question is read once under the model in force; then weights are searched over what was read.
Cross-validation says what the fit is worth on questions, and on pages, that it has not seen: take
the weights only where those figures rise, too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path

import click
import msgspec

from bot.settings import SHIPPED, read_config
from retrieval.archive import Archive
from retrieval.measures import Question, answerable, near_miss, read_questions
from retrieval.reliability import reliability
from retrieval.settings import Settings
from retrieval.weights import PATH, Curve, Weights, shipped

from .cases import Case, Outcome, read_cases
from .tuning import Fit, Plan, fit, objective, outcomes
from .writing import write

ROOT = Path(__file__).parent.parent.parent


def opened(seeds: Path, index: Path, settings: Settings) -> Archive:
    """The archive of the pages, brought up to date."""
    Archive.build(seeds, index, settings)
    return Archive.open(seeds, index, settings)


def by_question(n_folds: int) -> Callable[[int, Case], Hashable]:
    """Every n-th question in turn."""
    return lambda i, case: i % n_folds


def by_page(n_folds: int) -> Callable[[int, Case], Hashable]:
    """The questions on one page together; those on none in turn."""
    return lambda i, case: case.gold.file or i % n_folds


def cross_validated(
    cases: Sequence[Case], fold_of: Callable[[int, Case], Hashable], plan: Plan
) -> list[Outcome]:
    """What comes of each fold's questions with what the others teach.

    Questions without a page are held out with the page of their number.
    """
    folds = [fold_of(i, case) for i, case in enumerate(cases)]
    pages = sorted({fold for fold in folds if isinstance(fold, str)})
    folds = [pages[f % len(pages)] if pages and isinstance(f, int) else f for f in folds]
    found: list[Outcome] = []
    for fold in dict.fromkeys(folds):
        rest = [case for case, own in zip(cases, folds, strict=True) if own != fold]
        held_out = [case for case, own in zip(cases, folds, strict=True) if own == fold]
        found += outcomes(held_out, fit(rest, plan))
        click.echo(f"fold {fold}: {len(held_out)} of {len(cases)} questions", err=True)
    return found


def figures(found: Sequence[Outcome]) -> dict[str, float]:
    """The measures of these outcomes."""
    asked = [o for o in found if answerable(o.gold)]
    near = [o for o in found if not answerable(o.gold) and near_miss(o.gold)]
    rest = [o for o in found if not answerable(o.gold) and not near_miss(o.gold)]
    sure = reliability([(o.confidence, o.best) for o in found])
    return {
        "objective": objective(found),
        "found@1": _mean([o.at_1 for o in asked]),
        "found@3": _mean([o.at_3 for o in asked]),
        "right": _mean([o.right for o in asked]),
        "paraphrase": _mean([o.at_1 for o in asked if o.gold.type == "paraphrase"]),
        "near answered": _mean([1 - o.right for o in near]),
        "none not refused": _mean([1 - o.right for o in rest]),
        "ece": sure.ece,
        "brier": sure.brier,
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def values(weights: Weights) -> dict[str, float]:
    """The weights by name, those of the curves by curve and name."""
    plain: dict[str, float] = {}
    for name, value in msgspec.structs.asdict(weights).items():
        if isinstance(value, Curve):
            factors = msgspec.structs.asdict(value)
            plain |= {f"{name}.{of}": factor for of, factor in factors.items()}
        else:
            plain[name] = value
    return plain


def changed(before: Fit, after: Fit) -> Iterator[str]:
    """What a fit changes, a line each."""
    was, now = values(before.weights), values(after.weights)
    for name, old in was.items():
        if abs(old - now[name]) > 1e-4:
            yield f"{name:16} {old:8.4f} -> {now[name]:8.4f}"
    for name in ("related_at", "answered_at"):
        old, new = getattr(before.settings, name), getattr(after.settings, name)
        yield f"{name:16} {old:8.2f} -> {new:8.2f}"


def show(rows: dict[str, dict[str, float]]) -> None:
    """Print the measures, a row each."""
    names = list(next(iter(rows.values())))
    click.echo(" " * 24 + "  ".join(f"{name:>9}" for name in names))
    for label, row in rows.items():
        cells = (f"{row[name]:>{max(9, len(name))}.3f}" for name in names)
        click.echo(f"{label:24}" + "  ".join(cells))


def show_reliability(found: Sequence[Outcome]) -> None:
    """Print how often answers of each confidence were right."""
    click.echo("confidence    n  mean  right   (held out, by question)")
    for one in reliability([(o.confidence, o.best) for o in found]).bins:
        click.echo(
            f"{one.low:.1f}–{one.high:.1f}  {one.n:7d}  {one.confidence:.2f}   {one.right:.2f}"
        )


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--seeds", default=ROOT / "seeds", type=click.Path(path_type=Path))
@click.option("--index", type=click.Path(path_type=Path), help="Where to build it [temporary].")
@click.option("--folds", default=5, show_default=True)
@click.option("--rounds", default=3, show_default=True, help="Of the search; 0: curve and cuts.")
@click.option("--pull", default=0.02, show_default=True, help="What leaving the start costs.")
@click.option(
    "--write", "wanted", is_flag=True, help="Put weights and thresholds into their files."
)
def main(
    paths: Sequence[Path],
    seeds: Path,
    index: Path | None,
    folds: int,
    rounds: int,
    pull: float,
    wanted: bool,
) -> None:
    """Fit weights, curve and thresholds on question sets, and say what they are worth."""
    settings = read_config().archive
    with tempfile.TemporaryDirectory() as folder:
        archive = opened(seeds, index or Path(folder) / "index", settings)
        gold: list[Question] = [one for path in paths for one in read_questions(path)]
        cases = list(read_cases(archive, gold))
    before = Fit(shipped(), settings.answer)
    plan = Plan(shipped(), settings.answer, rounds=rounds, pull=pull)
    after = fit(cases, plan)
    for line in changed(before, after):
        click.echo(line)
    held_out = cross_validated(cases, by_question(folds), plan)
    cuts = Plan(plan.start, plan.settings, rounds=0)
    rows = {
        "in force": figures(outcomes(cases, before)),
        "fitted, in sample": figures(outcomes(cases, after)),
        f"{folds}-fold, by question": figures(held_out),
        "  curve and cuts alone": figures(cross_validated(cases, by_question(folds), cuts)),
        "leave one page out": figures(cross_validated(cases, by_page(folds), plan)),
    }
    show(rows)
    show_reliability(held_out)
    if wanted:
        evidence = {
            "how": f"python -m tests.quality.fit, {len(cases)} questions, {folds} folds",
            "model": archive.manifest.model,
            "encoder": archive.manifest.encoder,
        } | {
            f"{name}, {label}": round(v, 3)
            for label, row in rows.items()
            for name, v in row.items()
        }
        write(after, evidence, weights=PATH, config=SHIPPED / "jiwen.toml")


if __name__ == "__main__":
    main()
