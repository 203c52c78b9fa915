"""What a clue of the division is called in Chinese: the one table of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.clues import WEIGHTS, Clue

_SHOWN = 5  # the rest weighs little
# What every article costs: it tells nothing about this one.
_ALWAYS = frozenset({Clue.ARTICLE})

WORDS: Mapping[Clue, str] = {
    Clue.ARTICLE: "另起一篇",
    Clue.HEADLESS: "没有自己的标题",
    Clue.OPENER: "以本报讯或署名开头",
    Clue.OPENER_INSIDE: "以本报讯或署名开头",
    Clue.BYLINE_BELOW: "下面是署名",
    Clue.OPENER_BELOW: "下文以本报讯或署名开头",
    Clue.MARK: "上接别的版",
    Clue.MARK_INSIDE: "上接别的版",
    Clue.MARK_BELOW: "下文上接别的版",
    Clue.MARK_TAIL: "下文上接别的版",
    Clue.NO_OPENER_BELOW: "下文不像别篇那样开头",
    Clue.NO_SIGN_BELOW: "下文没有署名",
    Clue.SHORT_BELOW: "下文很短",
    Clue.NOTHING_BELOW: "下面没有正文",
    Clue.PREVIOUS_CLOSED: "上一篇已经结束",
    Clue.UNSIGNED: "上一篇没有署名",
    Clue.GAP: "前面空行多",
    Clue.PHOTO: "是图片说明",
    Clue.CAPTION_INSIDE: "是图片说明",
    Clue.PARTED: "上下文用词不同",
    Clue.PARTED_TEXT: "上下文用词不同",
    Clue.ABOVE: "标题的词在上文出现",
    Clue.BELOW: "标题的词在下文再现",
    Clue.LOOSE: "可能是正文的一行",
    Clue.RUNS_IN: "与上一行连成词语",
    Clue.RUNS_OUT: "与下一行连成词语",
    Clue.JOIN_RUNS_IN: "与上一行连成词语",
    Clue.SHORTFALL: "句子没完却不满一行",
    Clue.COMMA: "有逗号, 不像标题",
    Clue.SMALL_WORDS: "虚词多, 不像标题",
    Clue.HABIT: "本版标题印在文前",
    Clue.TOP_MARK: "有本版标题的标记",
    Clue.LOW_MARK: "有低一级的标题标记",
    Clue.NO_MARK: "没有标题标记",
    Clue.DOCUMENT: "像公告、通知的名称",
    Clue.ATTACHED: "像上文的附件或链接",
    Clue.NUMBERED: "带序号, 像文中的一部分",
    Clue.NO_BODY: "前面的标题没有正文",
    Clue.JOIN: "与上面的标题相连",
    Clue.JOIN_PART: "带序号, 像文中的一部分",
    Clue.TAIL: "标题印在文后",
    Clue.STORY_BELOW: "下面另起一篇",
    Clue.INSIDE_CLOSED: "上文已经结束",
    Clue.INSIDE_SPOKEN: "下文的署名另有标题",
    Clue.INSIDE_TOP_MARK: "有本版标题的标记",
    Clue.SECTION: "是栏目名",
    Clue.COLUMN_NAME: "是下文的栏目名",
    Clue.ORPHAN: "下面又是标题, 没有正文",
    Clue.COLUMN_WORDS: "是栏目常用的名称",
    Clue.SERIES: "是系列名",
    Clue.AFTER_INSIDE: "上面是小题",
    Clue.AFTER_TAIL: "上一篇已以标题收尾",
    Clue.NAMES_FRONT: "署名印在文前",
    Clue.NAMES_AFTER_TAIL: "署名在文后标题之下",
    Clue.SIGNED_TWICE: "已有署名",
    Clue.RESUMED: "上文已以署名收尾",
    Clue.NO_GAP: "前面没有多空行",
    Clue.NOTICE_ABOVE: "上文像公告的结尾",
    Clue.SIBLING: "附近有同样节奏的小题",
    Clue.LENGTH: "比小题长",
    Clue.LIST: "像清单的一行",
    Clue.LIST_ABOVE: "上文像清单",
    Clue.PLAIN_ABOVE: "上文是正文, 下文像清单",
    Clue.ASIDE: "不属于任何文章",
    Clue.SCRAP: "是零星字符",
    Clue.FOLIO: "像报头、版次或编辑名单",
    Clue.HEADLESS_ABOVE: "上一篇还没有标题",
    Clue.INSIDE_HEADLINE: "标题印在文中",
    Clue.GAP_TEXT: "前面空行多",
    Clue.INSIDE_ABOVE: "标题的词在上文出现",
    Clue.INSIDE_BELOW: "标题的词在下文再现",
    Clue.INSIDE_PARTED: "上下文用词不同",
    Clue.PAGE_END: "到了版面末尾",
}
# What it is called where the page shows the contrary.
CONTRARY: Mapping[Clue, str] = {
    Clue.PARTED: "上下文用词相近",
    Clue.PARTED_TEXT: "上下文用词相近",
    Clue.INSIDE_PARTED: "上下文用词相近",
    Clue.RUNS_IN: "与上一行不连",
    Clue.RUNS_OUT: "与下一行不连",
    Clue.JOIN_RUNS_IN: "与上一行不连",
    Clue.LENGTH: "短得像小题",
    Clue.HABIT: "本版标题印在文后",
}


def reasons_line(reasons: Sequence[tuple[Clue, float]]) -> str:
    """The weightiest clues for an opening (+) and against it (−), in words."""
    telling = [(clue, gain) for clue, gain in reasons if clue not in _ALWAYS]
    words = [f"{'+' if gain > 0 else '−'} {_words(clue, gain)}" for clue, gain in telling[:_SHOWN]]
    return "  ".join(words) or "没有直接的线索"


def _words(clue: Clue, gain: float) -> str:
    """What the page shows: the contrary of what the weight is for, where the gain is."""
    shown = gain * WEIGHTS[clue][1] > 0
    return WORDS[clue] if shown else CONTRARY.get(clue, WORDS[clue])
