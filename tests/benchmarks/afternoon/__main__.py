"""``python -m tests.benchmarks.afternoon``: the product beside simple systems and peer frameworks.

All are given the same pages and questions, each in a process of its own with one thread.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import click
import msgspec

from bot.settings import read_config
from retrieval.files import FORMS, find_files
from retrieval.measures import read_questions
from retrieval.pages import decode
from retrieval.records import Form

from .judge import read_articles
from .records import Job, Outcome, RawPage
from .report import Asked, report
from .systems import OURS, SYSTEMS, System

ROOT = Path(__file__).parents[3]
_SETS = tuple(ROOT / "tests" / f"questions{n}.jsonl" for n in ("", "_2", "_3", "_4"))
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
_QUIET = {"HAYSTACK_TELEMETRY_ENABLED": "false", "TOKENIZERS_PARALLELISM": "false"}
_FILE = click.Path(path_type=Path, exists=True)


class _Row(msgspec.Struct, frozen=True):
    """A row of distractors; what else it says of itself only the product reads."""

    text: str
    title: str | None = None


_ROWS = msgspec.json.Decoder(_Row)


@click.command()
@click.argument("sets", type=_FILE, nargs=-1)
@click.option("--distractors", type=_FILE, help="articles beside the pages, .jsonl; asked again")
@click.option("--system", "names", multiple=True, type=click.Choice([*SYSTEMS]), help="only these")
@click.option("--model", default=str(ROOT / "retrieval" / "builtin"), help="of the other systems")
@click.option("--chars", default=200, show_default=True, help="of a window")
@click.option("--overlap", default=50, show_default=True, help="characters it shares with the last")
@click.option("--seeds", type=_FILE, default=ROOT / "seeds")
@click.option("--markdown", "path", type=click.Path(path_type=Path), help="write the tables there")
def main(
    sets: tuple[Path, ...],
    distractors: Path | None,
    names: tuple[str, ...],
    model: str,
    chars: int,
    overlap: int,
    seeds: Path,
    path: Path | None,
) -> None:
    """Print how well each system finds what answers, and what it costs."""
    if not 0 <= overlap < chars:
        raise click.BadParameter("--overlap must be at least 0 and less than --chars")
    chosen = {name: SYSTEMS[name] for name in SYSTEMS if not names or name in (*names, OURS)}
    asked = {one.stem: read_questions(one) for one in sets or _SETS}
    articles = read_articles(seeds, read_config().archive)
    parts: list[str] = []
    for beside in (None, distractors) if distractors else (None,):
        with tempfile.TemporaryDirectory() as folder:
            pages = written(seeds, beside, Path(folder))
            questions = tuple(one.question for group in asked.values() for one in group)
            job = Job(
                folder, f"{folder}/pages.jsonl", f"{folder}/seeds", questions, model, chars, overlap
            )
            parts.append(f"{pages:,} pages, windows of {chars} characters, {overlap} shared\n")
            parts.append(report(Asked(asked, dict(measured(chosen, job))), articles))
    text = "\n".join([*parts, *left_out(chosen)])
    print(text)
    if path:
        path.write_text(text, encoding="utf-8")


def written(seeds: Path, distractors: Path | None, folder: Path) -> int:
    """How many raw pages were written to ``pages.jsonl``; ``seeds/`` holds the same as files."""
    shutil.copytree(seeds, folder / "seeds")
    if distractors:
        shutil.copyfile(distractors, folder / "seeds" / distractors.name)
    pages = list(raw_pages(folder / "seeds"))
    lines = b"".join(msgspec.json.encode(page) + b"\n" for page in pages)
    (folder / "pages.jsonl").write_bytes(lines)
    return len(pages)


def raw_pages(seeds: Path) -> Iterator[RawPage]:
    """The pages of a folder as text; a row of a ``.jsonl`` file is a page, headline first."""
    for name in find_files(seeds)[0]:
        form = FORMS.get(PurePosixPath(name).suffix.lower())
        text, _ = decode((seeds / name).read_bytes()) if form else ("", "")
        if form is Form.TEXT:
            yield RawPage(name, text)
        elif form is Form.JSONL:
            for number, row in enumerate(_ROWS.decode_lines(text), 1):
                yield RawPage(f"{name}#{number}", "\n".join(filter(None, (row.title, row.text))))


def measured(systems: dict[str, System], job: Job) -> Iterator[tuple[str, Outcome]]:
    """What each system that can be built here makes of a job, in a process of its own."""
    for name, system in systems.items():
        if not system.missing():
            print(f"{name}: {len(job.questions)} questions", file=sys.stderr)
            yield name, _process(name, system, job)


def _process(name: str, system: System, job: Job) -> Outcome:
    """What a system makes of a job; what it writes down goes away with the job's folder."""
    own = Path(job.folder) / f"system-{[*SYSTEMS].index(name)}"
    own.mkdir()
    given, found = own / "job.json", own / "outcome.json"
    given.write_bytes(msgspec.json.encode(replace(job, folder=str(own))))
    env = {**os.environ, **_THREADS, **_QUIET, "TMPDIR": str(own)}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), env.get("PYTHONPATH"))))
    module = "tests.benchmarks.afternoon.subject"
    command = [sys.executable, "-m", module, system.door, str(given), str(found)]
    subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return msgspec.json.decode(found.read_bytes(), type=Outcome)


def left_out(systems: dict[str, System]) -> Sequence[str]:
    """A line for each system that is not measured, with what to install for it."""
    return [
        f"{name} was left out: pip install {' '.join(missing)}"
        for name, system in systems.items()
        if (missing := system.missing())
    ]


if __name__ == "__main__":
    main()
