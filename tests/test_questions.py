"""The questions of one message: taken apart only where there are several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions import left_over, questions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # one question stays as it was written
        ("辽源市栽了多少棵树?", ["辽源市栽了多少棵树?"]),
        ("我想知道\n辽源市栽了多少棵树?", ["我想知道\n辽源市栽了多少棵树?"]),
        ("辽源市栽了多少棵树?谢谢!", ["辽源市栽了多少棵树?谢谢!"]),
        ("真的吗??辽源市栽了多少棵树?!", ["真的吗??辽源市栽了多少棵树?!"]),
        ("市长说:“地铁什么时候通车?”这是哪天的报道", ["市长说:“地铁什么时候通车?”这是哪天的报道"]),
        ("辽源日报\n2021年1月27日", ["辽源日报\n2021年1月27日"]),
        ("", [""]),
        # several
        ("辽源市栽了多少棵树?谁主持了培训会?", ["辽源市栽了多少棵树?", "谁主持了培训会?"]),
        ("辽源市栽了多少棵树\n谁主持了培训会", ["辽源市栽了多少棵树", "谁主持了培训会"]),
        (
            "辽源市栽了多少棵树？　谁主持了培训会？\n\n订报打什么电话？",
            ["辽源市栽了多少棵树？", "谁主持了培训会？", "订报打什么电话？"],
        ),
        # what asks nothing stays with what does
        (
            "您好\n辽源市栽了多少棵树?\n还有\n谁主持了培训会?\n谢谢",
            ["您好 辽源市栽了多少棵树?", "还有 谁主持了培训会? 谢谢"],
        ),
        ("“法治进校园”去了哪里?”\n栽了多少棵树?", ["“法治进校园”去了哪里?”", "栽了多少棵树?"]),
    ],
)
def test_a_message_is_taken_apart_where_it_asks_several_things(text: str, found: list[str]) -> None:
    assert list(questions(text)) == found


@given(st.text(st.sampled_from("谁什么多少哪里 辽源市植树?？!\n”吗。"), max_size=60))
def test_no_word_is_lost_or_added(text: str) -> None:
    parts = questions(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert parts
    assert len(parts) == 1 or all(parts)


def test_what_is_too_much_is_counted() -> None:
    assert [left_over("?" * n) for n in (1, 5, 6, 9)] == [0, 0, 1, 4]
