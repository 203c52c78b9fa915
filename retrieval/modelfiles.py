"""A model's files: where they lie, whether they are safe to read, and what they hold."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrieval.cutters import damaged
from retrieval.errors import EncoderError
from retrieval.settings import EncoderSettings

_log = logging.getLogger(__name__)

BUILTIN = Path(__file__).with_name("builtin")
_STATIC = ("StaticEmbedding", "WordEmbedding")  # sentence-transformers' own, and ours
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
_READ = ("*.json", "*.safetensors", "*.txt", "*.model")  # what is fetched and fingerprinted
_HUB_TIMEOUT_S = 5.0
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_MEND = "set encoder.model in config/jiwen.local.toml to 'builtin' or to the model's folder"


def find_folder(model: str) -> Path:
    """The folder that holds the model: the built-in one, the one named, or the hub's copy."""
    folder = BUILTIN if model == "builtin" else Path(model).expanduser()
    if folder.is_dir():
        return folder
    if _HUB_NAME.fullmatch(model):
        return _snapshot(model)
    raise EncoderError(f"no folder {model}: {_MEND}")


def _snapshot(name: str) -> Path:
    """The local copy of hub model ``name``, fetched if there is none and the hub answers."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    try:
        folder = Path(snapshot_download(name, local_files_only=True))
        if (folder / "modules.json").is_file():
            return folder
    except OSError:
        _log.info("no local copy of %s, asking the hub", name)
    try:
        return Path(
            snapshot_download(name, allow_patterns=list(_READ), etag_timeout=_HUB_TIMEOUT_S)
        )
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"no folder {name} and the hub cannot be reached or has no such model"
            f" ({type(error).__name__}): download it on a connected machine and {_MEND}"
        ) from error


def read_modules(folder: Path) -> list[dict[str, Any]]:
    """What ``modules.json`` lists, first module first."""
    try:
        modules: list[dict[str, Any]] = json.loads((folder / "modules.json").read_bytes())
        if [m["path"] for m in modules if m["type"]]:
            return modules
    except FileNotFoundError as error:
        raise EncoderError(
            f"{folder} has no modules.json, so it is no sentence-transformers model: {_MEND}"
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise damaged(folder / "modules.json", error) from error
    raise damaged(folder / "modules.json", "it lists no module")


def is_static(modules: list[dict[str, Any]]) -> bool:
    """Whether a mean of token rows is the whole model."""
    kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
    return kinds[0] in _STATIC and set(kinds[1:]) <= {"Normalize"}


def refuse_pickles(folders: Sequence[Path]) -> None:
    """Raise if one of the modules' folders holds pickled weights and no safetensors beside them."""
    for path in sorted(path for folder in folders for path in folder.glob("*")):
        if path.suffix in _PICKLES and not list(path.parent.glob("*.safetensors")):
            raise EncoderError(
                f"{path}: pickled weights are not loaded, since they can run code:"
                " save the model as safetensors"
            )


def fingerprint_of(root: Path, settings: EncoderSettings) -> str:
    """SHA-256 over the prompts and over the names and contents of the model's files."""
    digest = hashlib.sha256(repr((settings.query_prompt, settings.passage_prompt)).encode())
    for path in sorted(p for pattern in _READ for p in root.rglob(pattern)):
        digest.update(path.relative_to(root).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
