"""Files: which of a seeds folder's files are pages, and what lies beside a page to correct it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from retrieval.corrections import SUFFIX, Sidecar, sidecar_of
from retrieval.errors import PageError
from retrieval.records import Form

FORMS = {".txt": Form.TEXT, ".md": Form.TEXT, ".jsonl": Form.JSONL}


def find_files(seeds: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The paths of all pages and sidecars within the folder, sorted, with ``/``.

    And the folders that cannot be entered, with the reason.
    """
    names: list[str] = []
    closed: list[tuple[str, str]] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(seeds / folder) as found:
                entries = [entry for entry in found if not entry.name.startswith(".")]
        except OSError as error:
            closed.append(
                (folder or ".", f"{error.strerror or error}: nothing in this folder is read")
            )
            continue
        prefix = f"{folder}/" if folder else ""
        waiting += [prefix + e.name for e in entries if e.is_dir() and not e.is_symlink()]
        names += [prefix + entry.name for entry in entries if _is_seedlike(entry)]
    return sorted(names), sorted(closed)


def _is_seedlike(entry: os.DirEntry[str]) -> bool:
    """Whether a file is a page or a sidecar by its name; it can be a link that leads nowhere."""
    if not entry.name.lower().endswith((*FORMS, SUFFIX)):
        return False
    # A pipe or a device would wait for ever.
    return entry.is_file() or (entry.is_symlink() and not entry.is_dir())


def page_path(seeds: Path, page_id: str) -> Path:
    """The file of a page id, which must lie within the seeds folder."""
    path = seeds / page_id
    try:
        inside = path.resolve().is_relative_to(seeds.resolve())
    except (OSError, ValueError) as error:
        raise PageError(f"{page_id}: not a path") from error
    if not inside or PurePosixPath(page_id).is_absolute():
        raise PageError(f"{page_id}: leaves the seeds folder; name a page within it")
    if path.suffix.lower() not in FORMS:
        raise PageError(f"{page_id}: not a .txt, .md or .jsonl file")
    return path


def takes_sidecar(page_id: str) -> bool:
    """Whether a page can be corrected beside it; rows of a ``.jsonl`` file are corrected there."""
    return FORMS.get(PurePosixPath(page_id).suffix.lower()) is Form.TEXT


def read_sidecar(seeds: Path, page_id: str) -> Sidecar | None:
    """The sidecar of a page, if there is one, readable or not."""
    name = sidecar_of(page_id)
    path = seeds / name
    if not path.exists() and not path.is_symlink():
        return None
    if twin := _twin(seeds / page_id):
        both = f"{PurePosixPath(page_id).name} and {twin}"
        return Sidecar(name, problem=f"{both} share it; give one of the pages another name")
    if not path.resolve().is_relative_to(seeds.resolve()):
        return Sidecar(name, problem="leaves the seeds folder; put the file itself there")
    if not path.is_file():
        return Sidecar(name, problem="not a file")
    try:
        return Sidecar(name, path.read_bytes())
    except OSError as error:
        return Sidecar(name, problem=error.strerror or str(error))


def _twin(page: Path) -> str | None:
    """The name of another page that differs in its ending alone."""
    endings = [e for e, form in FORMS.items() if form is Form.TEXT]
    others = (page.with_suffix(c) for e in endings for c in (e, e.upper(), e.title()))
    return next((p.name for p in others if p.is_file() and not p.samefile(page)), None)
