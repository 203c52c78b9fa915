"""What a question says beside the matter: who asks, what for, and how the answer is wanted.

俺们种地的想知道, 写稿急用, 一个都别落下 are said to whoever answers; no page is looked for by them. Only
whole clauses without a question word are set aside, and only such as speak of the asking itself.
"""

from __future__ import annotations

import re

from retrieval.asking import asks
from retrieval.records import Span

_CLAUSE = re.compile(r"[^,.。?!;\s~…]+")
_I = r"(?:我|俺|咱|我们|俺们|咱们|本人)"
_ASKING = re.compile(
    rf"(?:{_I}?.{{0,6}}(?:想知道|想问|想打听|想了解|打听(?:一?下|个事)?|问(?:一?下|个事|问)|请教|求助|求问|请问|麻烦|劳驾)(?:一?下|您|你|了)?)"
    rf"|(?:多?谢谢?|急|挺急|着急|在线等|急用|急等).{{0,3}}"
    rf"|.{{0,6}}(?:写稿子?|备课|登记|做表|填表|写论文|论文|作业|核对|核实|存档|引用|展览|写书|编志|修志|留念|参考)(?:用|要用|急用|呢|时用)"
    rf"|{_I}(?:要|想|在|得|正).{{0,4}}(?:写稿|备课|登记|做表|填表|写论文|核对|核实|存档|写书|编志|修志)"
    r"|.{0,4}(?:数|念|说|讲|列|发|报|抄)(?:给|一?下给|出来给)(?:我|俺).{0,3}|.{0,3}一个(?:都|也)(?:别|不能|不要)(?:落|少|漏).{0,3}"
    rf"|{_I}?找(?:他|她|它|这个)?(?:了)?(?:好久|好几年|好多年|很久|多年|半天)了?"
    rf"|{_I}是.{{1,6}}|{_I}?(?:记得|忘了|记不清了?|不知道|不太清楚)"
)


def asides(folded: str) -> list[Span]:
    """The ranges of the clauses of a folded question that are said beside the matter."""
    return [
        clause.span()
        for clause in _CLAUSE.finditer(folded)
        if _ASKING.fullmatch(clause[0]) and not asks(clause[0])
    ]
