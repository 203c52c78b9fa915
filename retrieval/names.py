"""Names of people in a run of text: glued together or pulled apart, cut again by surname."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# Common single-character surnames, and rarer ones met in bylines of the northeast; a list kept by
# hand, with no claim to be complete: an unlisted surname only keeps glued names from being parted.
_SINGLE = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜"
    "吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖"
    "糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺付肖闫"
    "初战历才门由宿刑隗邴兴代崇苍矫修乌纳敬鹿仝车滑逄隽咸"
    # the same in Traditional characters
    "萬叢嚴烏樂喬習於餘黨蘭關興馮劉華單盧衛歷臺葉呂吳鹹婁孫寧宮嶽鞏莊應龐張強戰揚時晉來楊欒歐畢湯塗溫遊暢"
    "蓋矯竇簡紀納練羅聶蘆蒼蘇範荊蕭蔣藍藺計許談諶謝譚費賀賈賴趙車邊連遲鄧鄔鄒鬱鄭鍾錢銀門閆閔閻陽陸陳雋韋韓項"
    "顧顏饒馬魯鮑黃齊龍龔"
)
_COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛夏侯东方皇甫尉迟公孙令狐慕容司徒端木南宫呼延长孙宇文轩辕独孤拓跋"
        "歐陽司馬諸葛東方尉遲公孫南宮長孫軒轅獨孤",
    )
)
_SPLIT = re.compile(r"[\s、,，/／]+")
# A name of three characters is likelier than one of two, a compound surname than its halves.
_NAME_COSTS = {2: 1.1, 3: 1.0, 4: 0.8}
# Words that stand where names stand but are none.
_NOT_NAMES = re.compile(
    "本[报報][讯訊]?|新[华華]社|[报報][道導]|[摄攝]影|[记記]者|通[讯訊][员員]|[实實][习習]生|[图圖]文|文[图圖]|综合|整理|供稿|编辑|特约|作者|完|待续|"
    "单位|全文|摘要|资料|图片|文章|调查|观察|手记|述评|见闻|札记|日记|来信"
)


def is_surname(text: str) -> bool:
    """Whether a text is a surname of the list."""
    return text in _SINGLE or text in _COMPOUND


def split_names(text: str, *, sure: bool) -> tuple[str, ...]:
    """The names in a run of names, or nothing; ``sure`` where a role says that names follow."""
    tokens = _merged([t for t in _SPLIT.split(text) if t])
    names: list[str] = []
    for token in tokens:
        if _NOT_NAMES.fullmatch(token) or re.search(r"[^\u4e00-\u9fff·]", token):
            return ()
        foreign = "·" in token.strip("·")
        plain = (token,) if foreign or (sure and 2 <= len(token) <= 3) else ()
        parts = plain if foreign else _glued(token) or plain
        if not parts:
            return ()
        names += parts
    return tuple(names)


def _merged(tokens: Sequence[str]) -> list[str]:
    """Tokens with a lone character joined to its neighbour: ``王 茵``, ``吴 连祥``, ``徐文 君``."""
    merged: list[str] = []
    for token in tokens:
        last = merged[-1] if merged else ""
        surname = token in _SINGLE
        opened = len(last) == 1
        closes = len(token) == 1 and len(last) == 2 and not surname
        if opened or closes:
            merged[-1] += token
        else:
            merged.append(token)
    return merged


@lru_cache(maxsize=4096)
def _glued(token: str) -> tuple[str, ...]:
    """The names a token is made of, by surname: few, compound surnames and long names first."""
    if len(token) > 24:
        return ()
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(token)
    for end in range(2, len(token) + 1):
        for size, cost in _NAME_COSTS.items():
            earlier = best[end - size] if end >= size else None
            name = token[end - size : end]
            if earlier is None or not _is_name(name):
                continue
            candidate = (earlier[0] + cost, (*earlier[1], name))
            best[end] = min(best[end] or candidate, candidate)
    return best[-1][1] if best[-1] else ()


def _is_name(text: str) -> bool:
    """Whether these characters can be one full name."""
    if text[:2] in _COMPOUND:
        return 3 <= len(text) <= 4
    return text[0] in _SINGLE and 2 <= len(text) <= 3
