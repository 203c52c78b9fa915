"""Whether the bot is well: told by what it leaves behind, without asking the bot itself.

The bot beats each time that the server has given what updates there are. `jiwen health` looks for
the beat, the state folder and the index; it loads no model, so that it can be asked each minute.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.places import Places
from retrieval import manifest as manifests
from retrieval.errors import JiwenError
from retrieval.register import REGISTER, Register

STATE_VARIABLE: Final = "JIWEN_STATE"
# The bot asks for updates every ten seconds, and waits at most some thirty for a server in trouble.
SILENT_S: Final = 120.0


def heartbeat(index: Path, environ: Mapping[str, str]) -> Path:
    """The file that the bot beats: beside its state, else in a folder beside the index."""
    state = environ.get(STATE_VARIABLE, "").strip()
    folder = Path(state).parent if state else index.absolute().parent / ".jiwen-bot"
    return folder / "heartbeat"


def beat(path: Path) -> None:
    """Leave a mark of the time; a disk that cannot take it is no reason to stop answering."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return  # `jiwen health` says so


def ailments(places: Places, heart: Path, *, now: float | None = None) -> Iterator[str]:
    """What is wrong with a bot over this index, and what to do; nothing where it is well."""
    try:
        folder = manifests.current(places.index)
        manifests.read_manifest(folder)
        Register.open(folder / REGISTER).close()
    except JiwenError as error:
        yield str(error)
    effective = os.access in os.supports_effective_ids
    if not os.access(heart.parent, os.W_OK, effective_ids=effective):
        yield f"{heart.parent}: cannot be written; the bot keeps its state there"
    if not heart.exists():
        yield f"{heart}: no heartbeat; is `jiwen bot` running?"
        return
    silent_s = (time.time() if now is None else now) - heart.stat().st_mtime
    if silent_s > SILENT_S:
        yield f"{heart}: no heartbeat for {silent_s:.0f} s; the bot hears nothing from Telegram"
