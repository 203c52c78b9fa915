"""What a turn does: a request that is nothing else is a move, anything with a matter asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.moves import Move, move_of

MOVES = {
    Move.MORE: "还有吗? 还有没有 还有别的不 还有其他的吗 还有什么? 还有啥 再来一个 下一条 更多 继续 接着说 换一条",
    Move.DETAIL: "详细点 再详细点 多说点 说具体点 详细说说 展开说说 細說 上下文 前后文 能不能再详细一点? 刚才那个再说详细些",
    Move.WHOLE: "原文 全文 整篇 完整的 给我看看原文 把全文发给我 这篇文章的原文呢 看看整篇报道 麻烦给我全文,谢谢",
    Move.BACK: "上一个 上一个问题 刚才那个 前一个问题",
    Move.RESET: "换个问题 换个话题吧 不问这个了 重新来 重新开始 清空 问点别的 /reset /new",
}
QUESTIONS = (
    "还有谁去讲课了? 还有多少人没打疫苗? 继续教育学院在哪? 更多大学生回来了吗 下一任市长是谁 原文是谁写的?"
    " 全文有多少字 完整的名单有哪些 详细地址是什么 前后花了多少钱 清空河道垃圾 那总投资呢? 他还说了什么?"
    " 换了几个主任 新问题学生有多少 辽源日报 ? 😀"
)


@pytest.mark.parametrize(
    ("text", "move"),
    [(t, m) for m, texts in MOVES.items() for t in texts.split()],
)
def test_a_request_that_is_nothing_else_is_a_move(text: str, move: Move) -> None:
    assert move_of(text) is move


@pytest.mark.parametrize("text", QUESTIONS.split())
def test_what_has_a_matter_of_its_own_asks(text: str) -> None:
    assert move_of(text) is Move.ASK


@pytest.mark.parametrize("text", ["還有嗎?", "看看全文。", " 詳細點 !", "“原文”"])
def test_script_and_punctuation_do_not_matter(text: str) -> None:
    assert move_of(text) is not Move.ASK


@given(st.text(st.sampled_from("还有吗再来一个详细点看原文的那换问题,? "), max_size=60))
def test_any_text_is_one_move_and_a_long_one_asks(text: str) -> None:
    assert move_of(text) in Move
    assert move_of(text + "辽源市冬季植树一共栽了多少棵") is Move.ASK


def test_a_request_without_end_asks_and_is_read_at_once() -> None:
    assert move_of("还有别的" + "其他" * 5_000) is Move.ASK
    assert move_of("还有" + "别的" * 11) is Move.MORE
    assert move_of("还有" + "别的" * 12) is Move.ASK
