"""Bylines: who wrote it, at either end of a story or on a line of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retrieval import bylines


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报讯(记者 张敏)清河大桥", ("张敏",)),
        ("本报讯（记者 张敏 通讯员 李建强）清河", ("张敏", "李建强")),
        ("本报讯 赵晓东王芳 记者 徐明\n远报道 清河", ("赵晓东", "王芳", "徐明远")),
        ("本报讯赵晓东 记者 王芳 报道 清河", ("赵晓东", "王芳")),
        ("新华社沈阳6月9日电（记者张敏、李建强）清河", ("张敏", "李建强")),
        ("中新社沈阳6月9日电 (张敏 李建强)清河", ("张敏", "李建强")),
        ("本报讯 清河大桥合龙", ()),
        ("（见第三版）清河", ()),
    ],
)
def test_a_story_opens_with_its_authors(text: str, names: tuple[str, ...]) -> None:
    found = bylines.opening(text)
    assert (found.names if found else ()) == names


@pytest.mark.parametrize(
    ("text", "names", "photo"),
    [
        ("预计年底通车。(张敏)", ("张敏",), False),
        ("预计年底通车。松江日报记者 张敏 李建强", ("张敏", "李建强"), False),
        ("工人正在生产。 张敏 /摄", ("张敏",), True),
        ("工人正在生产。（欧阳晓芳 摄）", ("欧阳晓芳",), True),
        ("预计年底通车。（张敏 王 芳）", ("张敏", "王芳"), False),
        ("增长两成（同比）", (), False),
        ("记者从会上获悉", (), False),
        ("完成投资两亿元(含配套)", (), False),
    ],
)
def test_a_story_closes_with_its_authors(text: str, names: tuple[str, ...], photo: bool) -> None:
    found = bylines.closing(text)
    assert ((found.names, found.photo) if found else ((), False)) == (names, photo)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("本报记者 张敏", ("张敏",)),
        ("□ 本报通讯员 李建强 王芳", ("李建强", "王芳")),
        ("文/张敏 图/王芳", ("张敏", "王芳")),
        ("本报记者 张敏 摄影报道", ("张敏",)),
        ("松江日报全媒体记者 张敏 实习生 王芳", ("张敏", "王芳")),
        ("记者走基层", ()),
        ("清河大桥合龙", ()),
    ],
)
def test_a_line_of_names_is_a_byline(line: str, names: tuple[str, ...]) -> None:
    found = bylines.standalone(line)
    assert (found.names if found else ()) == names


def test_glued_names_are_cut_by_surname() -> None:
    assert bylines.split_names("赵晓东王芳司马长风", sure=True) == ("赵晓东", "王芳", "司马长风")
    assert bylines.split_names("高文林江马超", sure=True) == ("高文林", "江马超")
    assert bylines.split_names("买买提·艾力", sure=True) == ("买买提·艾力",)
    assert bylines.split_names("热烈欢迎", sure=False) == ()


@pytest.mark.parametrize(
    ("read", "text", "credited"),
    [
        (
            bylines.opening,
            "本报讯（记者 张敏 通讯员 李建强 王芳）清河",
            [("张敏", "记者", "本报"), ("李建强", "通讯员", None), ("王芳", "通讯员", None)],
        ),
        (bylines.opening, "新华社沈阳6月9日电（记者张敏）清河", [("张敏", "记者", "新华社")]),
        (
            bylines.opening,
            "本报讯 赵晓东 记者 徐明远 报道 清河",
            [("赵晓东", None, None), ("徐明远", "记者", "本报")],
        ),
        (
            bylines.opening,
            "本報訊（記者陳志明 通訊員劉國強）清河",
            [("陳志明", "記者", "本報"), ("劉國強", "通訊員", None)],
        ),
        (bylines.standalone, "本報記者 陳志明 攝", [("陳志明", "記者", "本報")]),
        (bylines.standalone, "歐陽曉芳 攝", [("歐陽曉芳", "攝", None)]),
        (
            bylines.standalone,
            "松江日报全媒体记者 张敏 实习生 王芳",
            [("张敏", "全媒体记者", "松江日报"), ("王芳", "实习生", None)],
        ),
        (bylines.standalone, "文/张敏 图/王芳", [("张敏", "文", None), ("王芳", "图", None)]),
        (bylines.closing, "工人正在生产。 张敏 /摄", [("张敏", "摄", None)]),
        (bylines.closing, "预计年底通车。(张敏)", [("张敏", None, None)]),
    ],
)
def test_role_and_agency_are_kept_as_they_are_printed(
    read: Callable[[str], bylines.Byline | None],
    text: str,
    credited: list[tuple[str, str | None, str | None]],
) -> None:
    found = read(text)
    assert found is not None
    assert [(c.name, c.role, c.agency) for c in found.credits] == credited
    assert found.names == tuple(c.name for c in found.credits)


def test_glued_traditional_names_are_cut_by_surname() -> None:
    assert bylines.split_names("陳志明劉國強", sure=True) == ("陳志明", "劉國強")
