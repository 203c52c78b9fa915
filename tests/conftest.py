"""What tests share: no network, the five pages built once, and `jiwen` called in two ways.

Tests reach nothing but this machine: any other address fails the test.
"""

from __future__ import annotations

import io
import ipaddress
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot import cli, doctor
from bot.settings import read_config
from retrieval import archive as archives
from retrieval.archive import Archive
from retrieval.settings import Settings
from retrieval.tools import Tools

_NOBODY = 65534
NOTHING: Mapping[str, str] = {}
ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
_VARIABLES = ("JIWEN_", "TELEGRAM_", "PYTHON", "LC_", "LANG", "COLUMNS", "FORCE_COLOR", "NO_COLOR")


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


def _guarded(connect: Any) -> Any:  # noqa: ANN401 -- the socket\'s own method
    def guarded(self: socket.socket, address: Any) -> Any:  # noqa: ANN401 -- as the socket takes it
        if self.family != socket.AF_UNIX and not _loopback(str(address[0])):
            raise AssertionError(f"a test reached for the network: {address!r}")
        return connect(self, address)

    return guarded


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class Done:
    """How a call of `jiwen` ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line of an error: it is all there is on stderr, and no traceback."""
        assert self.code == 2, self
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("jiwen: ")
        assert "unexpected: " not in lines[0]
        return lines[0]

    @property
    def rows(self) -> list[Any]:
        """Standard output as JSON Lines, and nothing else there."""
        assert self.out == "" or self.out.endswith("\n")
        return [json.loads(line) for line in self.out.split("\n")[:-1]]


Caller = Callable[..., Done]


def environment(**more: str) -> dict[str, str]:
    """The environment without what would change the outcome; our code is found from anywhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_VARIABLES)}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), **more}


def command(*arguments: object) -> list[str | bytes]:
    """`jiwen` with these arguments, as a process of its own."""
    given = [a if isinstance(a, bytes) else str(a) for a in arguments]
    return [sys.executable, "-m", "bot.cli", *given]


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Caller:
    """`jiwen` as a process, in an empty folder."""
    home = tmp_path_factory.mktemp("elsewhere")

    def run(
        *arguments: object,
        given: str | bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: Path = home,
        encoding: str = "utf-8",
    ) -> Done:
        done = subprocess.run(
            command(*arguments),
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            cwd=cwd,
            env=environment(**(env or {})),
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))

    return run


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Caller:
    """`jiwen` within this process: the same door, without the start of Python."""

    def call(*arguments: object, given: str | bytes = "", env: Mapping[str, str] = NOTHING) -> Done:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(3)]
        streams[0].buffer.write(given.encode() if isinstance(given, str) else given)
        streams[0].seek(0)
        code: Any = None
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(_VARIABLES)]:
                patch.delenv(name)
            for name, value in env.items():
                patch.setenv(name, value)
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["jiwen", *map(str, arguments)])
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            try:
                cli.main()
            except SystemExit as end:
                code = end.code
        out, err = (stream.detach().getvalue().decode() for stream in streams[1:])
        return Done(code or 0, out, err)

    return call


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings as they are shipped."""
    return read_config().archive


@pytest.fixture(scope="session")
def tools_once() -> Iterator[None]:
    """Encoder and segmenter loaded once for each settings: they take most of a small build."""
    loaded: dict[object, Tools] = {}
    load = archives.open_tools

    def open_tools(index: Path, settings: Settings) -> Tools:
        key = (settings.encoder, settings.words)
        if key not in loaded:
            loaded[key] = load(index, settings)
        return replace(loaded[key], settings=settings)

    with pytest.MonkeyPatch.context() as patch:
        for module in (archives, doctor):
            patch.setattr(module, "open_tools", open_tools)
        yield


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory, settings: Settings, tools_once: None) -> Path:
    """An index of the five pages; tests do not change it."""
    folder = tmp_path_factory.mktemp("five") / "index"
    Archive.build(SEEDS, folder, settings)
    return folder


@pytest.fixture(scope="session")
def archive(index: Path, settings: Settings) -> Archive:
    """The archive of the five pages."""
    return Archive.open(SEEDS, index, settings)


@pytest.fixture(scope="session")
def new_index(index: Path) -> Callable[[Path], Path]:
    """An index folder in which nothing is built yet, with jieba's table, which takes a while."""

    def new_index(parent: Path) -> Path:
        folder = parent / "index"
        shutil.copytree(index / "cache", folder / "cache")
        (folder / "lock").touch()
        return folder

    return new_index


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Two of the five pages, to change at will."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number in ("000", "001"):
        shutil.copy(next(SEEDS.glob(f"{number}_*")), folder / f"{number}.txt")
    return folder


@pytest.fixture
def unprivileged(tmp_path: Path) -> Callable[[], AbstractContextManager[None]]:
    """A stretch as a user whom permissions bind: root passes them all."""

    @contextmanager
    def unprivileged() -> Iterator[None]:
        if os.geteuid() != 0:
            yield
            return
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
        for path in tmp_path.rglob("*"):
            os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)
        os.seteuid(_NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return unprivileged


def assert_proven(quote: Mapping[str, Any], folder: Path) -> None:
    """Hold a quote, as JSON gives it, against its file, read here and now by other code."""
    source, spans, text = quote["source"], quote["spans"], quote["text"]
    data = (folder / source["file"]).read_bytes()
    try:
        raw = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raw = data.decode("gb18030")
    assert "".join(raw[start:end] for start, end in spans) == text
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(set(edges)), "ranges must be filled, increasing and apart"
    assert 0 < len(text) <= 300
    assert quote["highlights"]
    for start, end in quote["highlights"]:
        assert 0 <= start < end <= len(text)
    ends = [m.start() for m in re.finditer(r"\r\n|\r|\n", raw)]
    lines = [1 + sum(end < at for end in ends) for at in (edges[0], edges[-1] - 1)]
    assert source["lines"] == lines
