"""An archive opened beside another shares its dictionary and model, as long as they are the same."""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import msgspec

from retrieval.modelfiles import BUILTIN
from retrieval.settings import EncoderSettings, Settings
from retrieval.tools import open_tools


def test_tools_are_shared_while_they_are_open(tmp_path: Path) -> None:
    first, second = open_tools(tmp_path, Settings()), open_tools(tmp_path, Settings())
    assert first.encoder is second.encoder
    assert first.segmenter is second.segmenter
    other = open_tools(tmp_path, Settings(words=("水塔村 100 ns",)))
    assert other.segmenter is not first.segmenter
    assert other.encoder is first.encoder


def test_a_model_that_changed_on_disk_is_read_anew(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(BUILTIN, folder)
    settings = msgspec.structs.replace(Settings(), encoder=EncoderSettings(model=str(folder)))
    before = open_tools(tmp_path, settings)
    (folder / "README.md").write_text("another card", encoding="utf-8")
    assert open_tools(tmp_path, settings).encoder is not before.encoder


def test_tools_are_let_go_with_the_last_that_uses_them(tmp_path: Path) -> None:
    tools = open_tools(tmp_path, Settings(words=("别处没有的词 3 n",)))
    gone = weakref.ref(tools.segmenter)
    del tools
    gc.collect()
    assert gone() is None
