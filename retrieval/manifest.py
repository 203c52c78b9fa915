"""What an index is made of: the manifest beside its stores, and the folder they live in.

INDEX/current                  the name of the generation in use, one line
INDEX/lock                     held by the one writer
INDEX/cache/                   jieba's prefix table
INDEX/shards/NAME.records/     records.sqlite · columns.npy          each written once, sealed,
INDEX/shards/NAME.lexicon/     tantivy's files                       named by what it is made of,
INDEX/shards/NAME.vectors/     vectors.faiss · codes.faiss           and never changed
INDEX/generations/NAME/        manifest.json · register.sqlite · layout.npy · dead-*.npy
INDEX/building/                what the one writer has not finished

A generation is a list of shards and a register of which page is to be read in which.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from functools import cache
from pathlib import Path

import msgspec

from retrieval.errors import IndexBroken, IndexMissing, IndexStale
from retrieval.seals import FileSeal, differing
from retrieval.settings import Settings

FORMAT = 3
MANIFEST, LAYOUT = "manifest.json", "layout.npy"
CURRENT, LOCK, CACHE, GENERATIONS, BUILDING = "current", "lock", "cache", "generations", "building"
SHARDS = "shards"
MODEL = "model"  # where `jiwen adapt` writes
_OURS = {
    *(CURRENT, f"{CURRENT}.new", LOCK, CACHE, GENERATIONS, BUILDING, SHARDS),
    *(MODEL, f"{MODEL}.new"),
}
_REBUILD = "run `jiwen index`"
# The modules whose rules decide what is stored; a change in them makes the index stale.
_RULES = """almanac articles blocks bylines catalogue cleaning clues codes context continuations corrections cutters dead division entries filenames
files folding folios headlines imprint inverted joints layout ledger legibility lexicon lines lookalikes marks names pages passages pinned readings records
recurrence register rowfile rows scan sequences shapes signs spelling stories surroundings tokens vectors wordrows""".split()  # noqa: SIM905 -- reads better
_DATA = ("lookalikes.txt", "sequences.safetensors")  # what those modules read
_PACKAGES = ("jiwen", "faiss-cpu", "tantivy", "jieba", "rjieba", "numpy", "tokenizers", "daachorse")


class Shard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stores of a shard by name, and how many rows it has, dead ones among them."""

    records: str
    lexicon: str
    vectors: str
    rows: int

    @property
    def stores(self) -> tuple[str, str, str]:
        """The names of its three stores."""
        return self.records, self.lexicon, self.vectors


class Nearest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the nearest vectors are looked for, as measured when there were so many ``rows``.

    ``form`` is ``exact`` or ``codes``; of these ``reread`` rows are read again. ``recall`` is the
    share of the ten truly nearest that are found.
    """

    form: str
    reread: int
    recall: float
    rows: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that must agree before an index is opened."""

    format: int
    generation: str
    model: str
    dimension: int
    encoder: str
    segmenter: str
    rules: str
    seeds: str
    counts: dict[str, int]
    versions: dict[str, str]
    shards: tuple[Shard, ...]
    nearest: Nearest
    files: dict[str, FileSeal]  # those of the shards' stores by their path in the index
    own: str = ""  # SHA-256 of the manifest with this field empty


def rules_digest(settings: Settings) -> str:
    """The digest of all that shapes articles, passages and terms: settings and the code itself."""
    shaped = msgspec.json.encode(shaping(settings), order="deterministic")
    return hashlib.sha256(shaped + _code()).hexdigest()


@cache
def _code() -> bytes:
    """The source of the modules that decide and their data, as this process first saw them."""
    names = [*(f"{name}.py" for name in _RULES), *_DATA]
    return b"\0".join(Path(__file__).with_name(name).read_bytes() for name in names)


def shaping(settings: Settings) -> tuple[object, ...]:
    """The settings that shape what is stored; the encoder and the words have their own digests."""
    return settings.passages, settings.newspapers, settings.pages


def generation_name(parts: list[str]) -> str:
    """The name of the generation that is made of exactly these digests."""
    return hashlib.sha256("\0".join([str(FORMAT), *parts]).encode()).hexdigest()[:12]


def versions() -> dict[str, str]:
    """The versions of the packages that wrote the index."""
    return {name: importlib.metadata.version(name) for name in _PACKAGES}


def written(manifest: Manifest) -> bytes:
    """The manifest as its file holds it, sealed like the others."""
    own = msgspec.structs.replace(manifest, own=_digest(manifest))
    return msgspec.json.format(msgspec.json.encode(own))


def damaged(folder: Path, manifest: Manifest) -> list[str]:
    """The files of a generation that differ from their seals, by full checksum."""
    return differing({name: file_of(folder, name) for name in manifest.files}, manifest.files)


def file_of(folder: Path, name: str) -> Path:
    """Where a file that a generation's manifest names lies."""
    return (folder.parent.parent if name.startswith(f"{SHARDS}/") else folder) / name


def foreign(index: Path) -> bool:
    """Whether something else than an index, or room for a new one, lies at ``index``.

    What `jiwen index` makes has a lock before it has anything else.
    """
    if not index.is_dir():
        return index.exists() or index.is_symlink()
    names = {path.name for path in index.iterdir() if not path.name.startswith(".")}
    return bool(names) and (LOCK not in names or not names <= _OURS)


def cache_folder(index: Path) -> Path | None:
    """The folder for jieba's prefix table, where there is an index to keep it in."""
    folder = index / CACHE
    ours = (index / LOCK).is_file()
    return folder if ours and (folder.is_dir() or os.access(index, os.W_OK)) else None


def current(index: Path) -> Path:
    """The folder of the generation in use.

    Raises:
        IndexMissing: nothing was built at ``index``.
        IndexBroken: ``index`` is something else, or its generation is gone.
    """
    pointer = index / CURRENT
    try:
        if foreign(index):
            raise IndexBroken(f"{index}: not an index of jiwen; give another folder with --index")
        if not pointer.is_file():
            raise IndexMissing(f"{index}: no index here yet; {_REBUILD}")
        name = pointer.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexBroken(f"{pointer}: cannot be read ({error}); {_REBUILD}") from error
    folder = index / GENERATIONS / name
    if not name.isalnum() or not folder.is_dir():
        raise IndexBroken(f"{pointer}: names no generation of this index; {_REBUILD}")
    return folder


def read_manifest(folder: Path, *, files: bool = True) -> Manifest:
    """The manifest of a generation; its files must all be there, by size, unless told otherwise.

    Raises:
        IndexBroken: it is missing, damaged, or a file is missing or has another size.
        IndexStale: another version of jiwen wrote it.
    """
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
        found = msgspec.json.decode(raw)
        if isinstance(found, dict) and found.get("format", FORMAT) != FORMAT:
            raise IndexStale(f"{path}: format {found['format']}, not {FORMAT}; {_REBUILD}")
        manifest = msgspec.json.decode(raw, type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IndexBroken(f"{path}: cannot be read ({error}); {_REBUILD}") from error
    if manifest.own != _digest(manifest):
        raise IndexBroken(f"{path}: damaged; {_REBUILD}")
    for name, sealed in manifest.files.items() if files else ():
        file = file_of(folder, name)
        if not file.is_file() or file.stat().st_size != sealed.size:
            raise IndexBroken(f"{file}: missing or damaged; {_REBUILD}")
    return manifest


def check(manifest: Manifest, *, encoder: str, segmenter: str, rules: str, model: str) -> None:
    """Raise IndexStale where the index was built with anything but this."""
    differing = [
        what
        for what, built, now in (
            (f"model {manifest.model!r}, now {model!r}", manifest.encoder, encoder),
            ("tokeniser or user dictionary", manifest.segmenter, segmenter),
            ("rules or settings", manifest.rules, rules),
        )
        if built != now
    ]
    if differing:
        raise IndexStale(
            f"the index was built with another {'; another '.join(differing)}; {_REBUILD}"
        )


def _digest(manifest: Manifest) -> str:
    """SHA-256 over all that the manifest says but this."""
    bare = msgspec.structs.replace(manifest, own="")
    return hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()
