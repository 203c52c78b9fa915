from __future__ import annotations

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval import legibility as module
from retrieval.legibility import doubts, legibilities, legibility, suspects
from retrieval.sequences import FILE, FIRST, SIZE, Sequences, shipped, triple_bits, triple_keys

# Of the kind that newspapers print, with a name no model knows.
CLEAN = (
    "市人大常委会副主任、开发区党工委书记张凤林出席培训会,副市长徐晖主持培训会并讲话。",
    "黎海滨涉嫌严重违纪违法,目前正接受吉林省纪委监委纪律审查和监察调查。",
    "规划面积由原来的2.54平方公里拓展到29.82平方公里,扩大了11.7倍。",
    "人人都高高兴兴,天天过得实实在在,和和美美,一步一步往前走,一个一个地数。",
    "A股上市公司发布5G手机,售价3999元,比上年下降1.5%。",
)
# Places that the five pages really hold misread, and the character that is wrong.
MISREAD = (
    ("项目建设关平全局、惠及长远,重在谋划。", "平"),
    ("与陕汽集团等国内大型汽车产业集团讲行业务对接。", "讲"),
    ("农特产品的产业发展和技术研发进行了深人交流与紧密合作。", "人"),
    ("推动对接合作项目向具市延伸,推动两地合作走实走深。", "具"),
    ("每个人都都在这里读懂辽源。", "都"),
    ("找准找准支部班子建设问题2个。", "找"),
)
texts = st.text(st.sampled_from("市人大的会议，。（“）”都1. 0Oa\n�\ue000⼈开发区"), max_size=60)


@pytest.mark.parametrize("text", CLEAN)
def test_clean_print_is_legible(text: str) -> None:
    assert legibility(text) >= 0.88
    assert suspects(text) == ()


@pytest.mark.parametrize(("text", "wrong"), MISREAD)
def test_a_misread_character_is_suspect_and_costs(text: str, wrong: str) -> None:
    assert wrong in {text[a:b] for a, b in suspects(text)}
    assert legibility(text) < 0.88


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("面积2. 54平方公里", 3),
        ("共有2O21人参加", 3),
        ("参加会议的�人有很多", 5),
        ("参加会议的\ue001人有很多", 5),
        ("参加会议的⼈有很多", 5),
        ("参加会~议的人有很多", 3),
        ("参加的的人有很多", 2),
        ("有关有关部门表示", 0),
    ],
)
def test_what_no_newspaper_prints_is_found_where_it_stands(text: str, at: int) -> None:
    assert any(a <= at < b for a, b in suspects(text))


@pytest.mark.parametrize("text", ["", " \n", "0437-3229788", "。", "，" * 1000, "COVID-19"])
def test_what_holds_nothing_doubtful_reads_one(text: str) -> None:
    assert legibility(text) == 1.0


def test_the_score_is_the_formula() -> None:
    text = "参加会议的�人有很多（"
    doubt = float(doubts(text).sum()) + module._UNPAIRED  # one bracket without its other
    assert legibility(text) == pytest.approx(
        math.exp(-module.STEEPNESS * doubt / (len(text) + module.SLACK))
    )


@pytest.mark.parametrize("pair", ["（）", "“”", "《》"])
def test_a_bracket_that_does_not_close_costs(pair: str) -> None:
    inside = f"会议通过了{pair[0]}规划{pair[1]}并开始实施"
    assert legibility(inside) > legibility(inside.replace(pair[1], ""))


@given(st.lists(texts, max_size=6))
@settings(deadline=None)
def test_many_at_once_score_as_each_alone(many: list[str]) -> None:
    assert legibilities(many) == pytest.approx([legibility(text) for text in many], abs=1e-5)


@given(texts)
@settings(deadline=None)
def test_scores_and_suspects_stay_within_their_bounds(text: str) -> None:
    assert 0 <= legibility(text) <= 1
    spans = suspects(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(one[1] < two[0] for one, two in pairwise(spans))
    assert doubts(text).shape == (len(text),)
    assert (doubts(text) >= 0).all()


@given(texts)
@settings(deadline=None)
def test_layout_spaces_between_characters_change_no_doubt(text: str) -> None:
    bare = "".join(c for c in text if "一" <= c <= "鿿")
    assert doubts(" ".join(bare))[::2] == pytest.approx(doubts(bare), abs=1e-5)


def test_batches_end_nowhere_that_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [*CLEAN, *(text for text, _ in MISREAD)]
    together = legibilities(many)
    monkeypatch.setattr(module, "_BATCH_CHARS", 10)
    assert legibilities(many) == pytest.approx(together, abs=1e-6)


def test_the_strength_of_a_pair_is_its_step_or_by_chance() -> None:
    model = shipped()
    pairs = np.array([[FIRST, FIRST + 1], [SIZE - 1, SIZE - 2], [FIRST + 7, FIRST + 3]])
    for left, right in pairs:
        level = int(model.levels[left * SIZE + right])
        chance = float(model.counts[left]) * float(model.counts[right]) / float(model.counts.sum())
        unseen = max(math.log(1 / (chance + 1)), -4)
        wanted = -4 + (level - 1) * 9 / 14 if level else unseen
        assert model.strength(pairs[:, 0], pairs[:, 1])[
            (pairs[:, 0] == left).argmax()
        ] == pytest.approx(wanted, abs=1e-3)


def test_a_triple_that_was_put_in_is_there() -> None:
    numbers = np.array([FIRST + 5, FIRST + 9, FIRST + 2])
    keys = triple_keys(numbers)
    assert keys.tolist() == [((FIRST + 5) * SIZE + FIRST + 9) * SIZE + FIRST + 2]
    bits = np.zeros(80, dtype=bool)
    bits[triple_bits(keys, 80)] = True
    model = shipped()
    small = Sequences(
        model.alphabet,
        model.levels,
        model.counts,
        np.packbits(bits, bitorder="little"),
        model.weights,
    )
    assert small._holds(keys).tolist() == [True]
    empty = Sequences(
        model.alphabet, model.levels, model.counts, np.zeros(10, np.uint8), model.weights
    )
    assert empty._holds(keys).tolist() == [False]


def test_the_model_is_small() -> None:
    assert FILE.stat().st_size <= 1_500_000


# What breaks a number and what is a stray sign, as two patterns say that look at every character.
_BROKEN = re.compile(
    r"(?<=[0-9])(?: ?[.．] (?=[0-9])| [.．](?=[0-9])|\.\.(?=[0-9])|[OoIl|](?=[0-9.年月日%万亿元]))"
)
_STRAY = re.compile(r"(?<=[㐀-鿿])[a-z\\^~`_{}|#$@¢£¤¦§¨©«¬®¯´¶¸»¿](?=[㐀-鿿])")


@given(st.text(st.sampled_from("0159 .．..OoIl|年%元azm^~`¿¡ÿ农业的龥鿿㐀䶿，\n"), max_size=20))
@example("1. 5")
@example("1 .5")
@example("1 . 5")
@example("农^业")
@example("1.. 5o年")
def test_broken_numbers_and_stray_signs_are_those_of_the_patterns(text: str) -> None:
    codes = module._codes(text)
    assert module._broken(text, codes) == [m.start() for m in _BROKEN.finditer(text)]
    assert module._strays(codes).tolist() == [m.start() for m in _STRAY.finditer(text)]
