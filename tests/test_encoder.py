"""The encoder: both ways to read a static model agree, torch stays out, and damage is said."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from retrieval.encoder import StaticEncoder, TransformerEncoder, open_encoder
from retrieval.errors import EncoderError
from retrieval.folding import fold
from retrieval.modelfiles import BUILTIN
from retrieval.settings import EncoderSettings
from retrieval.training.evaluate import random_twin

TEXTS = [
    "",
    " ",
    "，。！？",
    "\n\n",
    "𠀀𠀁𪚥",
    "😀",
    "辽源市冬季植树一共栽了多少棵树?",
    "将23个品种总计2677棵树木在11月30日前按规划设计植入城区指定地点",
    "副市长徐晖主持培训会并讲话",
    "市第十四中学",
    "“法治进校园”巡讲团走进市第十四中学，为该校200余名师生上了一堂生动的普法讲座",
    "遼源市冬季植樹一共栽了多少棵樹？",
    "臺灣、國務院與農業農村部發佈規劃綱要",
    "ＡＢＣ１２３ Windows 11 与 iPhone 15 Pro Max",
    "GDP 增长 5.2%，达 126.06 万亿元",
    "hello world",
    "x",
    "7",
    "2.54 平 方 公 里",
    "黎海淀 字诵集团 关平人选问题",
    "占地2.54平\n方公里的高新技\n术产业开发区",
    "本报讯(记者 张三)昨日上午,",
    "０４３７－３２２９７８８",
    "习近平主持召开中央全面深化改革委员会会议",
    "乡下路修好了吗",
    "的的的的",
    "吗呢吧",
    "天天天天天天天天天天",
    "a1b2c3d4",
    "第 1 2 3 期\t总第4567期",
    "“”‘’「」",
    "m² ㎡ ℃ …… ——",
    "é ü ñ Ω я",
    "日本語テキスト 한국어",
    "一",
    "〇二四年",
    "二〇二四年十二月三十一日",
    "农" * 300,
    "全市经济社会发展" * 60,
    "中国农业发展银行辽源市分行",
    "养老金 什么时候 涨",
    "退休人员基本养老金调整",
    "看病能报多少钱",
    "城乡居民医保报销比例",
    "小孩上学 学区 划分",
    "义务教育招生入学政策",
    "暖气费",
    "居民供热收费标准",
    "堵车",
    "交通拥堵治理",
    "�乱码 □□ ■",
]

# What people say, and what the paper prints.
PARAPHRASES = [
    ("种了多少树", "城区绿化栽植苗木两千余株"),
    ("看病能报销多少钱", "城乡居民基本医疗保险住院费用支付比例"),
    ("老人养老钱涨了吗", "退休人员基本养老金水平调整提高"),
    ("堵车怎么办", "整治交通拥堵，优化路口信号灯配时"),
    ("小孩上学去哪报名", "义务教育阶段学校招生入学登记"),
    ("暖气不热找谁", "居民供热温度不达标可拨打服务热线投诉"),
    ("骗子打电话骗钱", "公安机关破获电信网络诈骗案件"),
    ("酒后开车被抓", "交警查处饮酒驾驶机动车违法行为"),
    ("庄稼受灾了", "强降雨致农作物减产，农户获得保险赔付"),
    ("找工作难", "举办招聘会，促进高校毕业生就业创业"),
    ("盖新房子给穷人住", "保障性住房和棚户区改造项目开工"),
    ("河水变干净了", "流域水污染治理成效显著，断面水质达标"),
    ("修路什么时候完工", "公路改扩建工程预计年底竣工通车"),
    ("有人放火烧山", "森林防火期严禁野外用火，消防扑救山林火灾"),
    ("警察抓住小偷", "民警抓获盗窃犯罪嫌疑人"),
    ("得糖尿病怎么吃", "医生讲解血糖控制与饮食健康知识"),
    ("厂子搬到开发区", "企业入驻高新技术产业园区投资项目"),
    ("当官的贪钱", "纪委监委对严重违纪违法干部立案审查"),
    ("大雪封路", "受寒潮降雪影响高速公路临时关闭"),
    ("免费看电影听戏", "文化惠民演出和公益放映走进社区"),
]


@pytest.fixture(scope="module")
def builtin() -> StaticEncoder:
    encoder = open_encoder(EncoderSettings())
    assert isinstance(encoder, StaticEncoder)
    return encoder


@pytest.fixture(scope="module")
def transformers() -> Iterator[ModuleType]:
    """sentence_transformers, whose import warns of things that are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import sentence_transformers

        yield sentence_transformers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the built-in model."""
    return Path(shutil.copytree(BUILTIN, tmp_path / "model"))


def _settings(model: Path | str, **more: str) -> EncoderSettings:
    return EncoderSettings(model=str(model), **more)


def test_equals_sentence_transformers(builtin: StaticEncoder, transformers: ModuleType) -> None:
    oracle = transformers.SentenceTransformer(str(BUILTIN), device="cpu", trust_remote_code=True)
    expected = oracle.encode(TEXTS, show_progress_bar=False).astype(np.float64)  # raw text
    lengths = np.linalg.norm(expected, axis=1)
    found = builtin.encode_passages(TEXTS)
    assert found.dtype == np.float32
    assert found.shape == (len(TEXTS), builtin.dimension)
    empty = lengths == 0
    assert list(empty[:6]) == [True] * 6
    assert (found[empty] == 0).all()
    cosines = (found[~empty] * expected[~empty]).sum(axis=1) / lengths[~empty]
    assert cosines.min() >= 0.9999
    np.testing.assert_allclose(np.linalg.norm(found[~empty], axis=1), 1, atol=1e-5)


def test_sentence_transformers_asks_before_it_loads_our_module(transformers: ModuleType) -> None:
    with pytest.raises(ValueError, match="trust_remote_code=True"):
        transformers.SentenceTransformer(str(BUILTIN), device="cpu")


def test_sentence_transformers_saves_what_we_read(
    builtin: StaticEncoder, transformers: ModuleType, tmp_path: Path
) -> None:
    model = transformers.SentenceTransformer(str(BUILTIN), device="cpu", trust_remote_code=True)
    model.save(str(tmp_path / "saved"))
    assert not list((tmp_path / "saved").rglob("*.bin"))
    again = open_encoder(_settings(tmp_path / "saved"))
    assert isinstance(again, StaticEncoder)
    np.testing.assert_allclose(
        again.encode_passages(TEXTS), builtin.encode_passages(TEXTS), atol=1e-5
    )


def test_one_by_one_equals_in_bulk(builtin: StaticEncoder) -> None:
    many = TEXTS * 22  # more than one block of 1024
    alone = np.stack([builtin.encode_query(text) for text in many])
    np.testing.assert_allclose(builtin.encode_passages(many), alone, atol=1e-6)
    assert builtin.encode_passages([]).shape == (0, builtin.dimension)


def test_words_are_cut_from_the_text(builtin: StaticEncoder) -> None:
    for text in TEXTS:
        words = builtin.words(text)
        assert [fold(text)[a:b] for _, a, b in words] == [word for word, _, _ in words]
        ends = [0, *(place for _, a, b in words for place in (a, b))]
        assert ends == sorted(ends)


def test_word_vectors_add_up_to_the_text_vector(builtin: StaticEncoder) -> None:
    for text in TEXTS:
        vectors, weights = builtin.word_vectors(text)
        assert vectors.shape == (len(builtin.words(text)), builtin.dimension)
        total = (vectors * weights[:, None]).sum(axis=0)
        total /= np.linalg.norm(total) or 1
        np.testing.assert_allclose(total, builtin.encode_query(text), atol=1e-5)


def test_the_words_of_many_texts_are_those_of_each(builtin: StaticEncoder) -> None:
    folded = [fold(text) for text in TEXTS]
    found = builtin.words_of(folded)
    rows = (found.rows * found.scale[:, np.newaxis])[found.which]
    ends = np.cumsum(found.counts)
    for text, n, end in zip(folded, found.counts.tolist(), ends.tolist(), strict=True):
        ranges = [(a, b) for _, a, b in builtin.words(text)]
        assert [tuple(r) for r in found.ranges[end - n : end].tolist()] == ranges
        vectors, weights = builtin.word_vectors(text)
        np.testing.assert_allclose(rows[end - n : end], vectors * weights[:, np.newaxis], atol=1e-6)
    assert len(found.rows) == len(np.unique(found.which)) < len(found.which)
    assert len(builtin.words_of([]).which) == 0


def test_function_words_weigh_less(builtin: StaticEncoder) -> None:
    text = "请问植树的棵树是多少"
    words = [word for word, _, _ in builtin.words(text)]
    weights = dict(zip(words, builtin.word_vectors(text)[1], strict=True))
    assert max(weights["的"], weights["是"]) < weights["植树"] / 2


def test_paraphrases_are_found_better_than_by_random_vectors(builtin: StaticEncoder) -> None:
    def found(encoder: StaticEncoder) -> int:
        passages = encoder.encode_passages([official for _, official in PARAPHRASES])
        queries = [encoder.encode_query(asked) for asked, _ in PARAPHRASES]
        return sum(int(np.argmax(passages @ q) == i) for i, q in enumerate(queries))

    twin = random_twin(BUILTIN, builtin.dimension)
    assert found(builtin) >= 15
    assert found(builtin) >= found(twin) + 5


def test_leaves_torch_out() -> None:
    code = (
        "import sys; from retrieval.encoder import open_encoder;"
        "from retrieval.settings import EncoderSettings;"
        "e = open_encoder(EncoderSettings()); e.encode_query('植树'); e.fingerprint;"
        "print({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_static_folder_elsewhere(folder: Path, builtin: StaticEncoder) -> None:
    encoder = open_encoder(_settings(folder))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name == str(folder)
    np.testing.assert_array_equal(encoder.encode_query("植树"), builtin.encode_query("植树"))
    assert encoder.fingerprint == builtin.fingerprint


def test_prompts_go_before_the_text(folder: Path, builtin: StaticEncoder) -> None:
    encoder = open_encoder(_settings(folder, query_prompt="新闻", passage_prompt="报纸"))
    np.testing.assert_array_equal(encoder.encode_query("植树"), builtin.encode_query("新闻植树"))
    passages = encoder.encode_passages(["植树"])
    np.testing.assert_array_equal(passages, builtin.encode_passages(["报纸植树"]))


@pytest.mark.parametrize(
    "part",
    ["0_WordEmbedding/model.safetensors", "0_WordEmbedding/vocabulary.txt", "modules.json"],
)
def test_fingerprint_changes_with_one_byte(folder: Path, builtin: StaticEncoder, part: str) -> None:
    content = bytearray((folder / part).read_bytes())
    if part.endswith(".json"):
        content += b" "
    elif part.endswith(".txt"):
        content[:3] = "鿿".encode()  # another word, of the first row
    else:
        content[-1] ^= 1
    (folder / part).write_bytes(content)
    assert open_encoder(_settings(folder)).fingerprint != builtin.fingerprint


def test_fingerprint_changes_with_prompts() -> None:
    settings = [
        EncoderSettings(),
        EncoderSettings(query_prompt="问"),
        EncoderSettings(passage_prompt="问"),
    ]
    assert len({open_encoder(s).fingerprint for s in settings}) == 3


def _cut(folder: Path) -> None:
    path = folder / "0_WordEmbedding" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def _garble(folder: Path) -> None:
    (folder / "0_WordEmbedding" / "vocabulary.txt").write_bytes(b"\xff\xfe")


def _lose_weights(folder: Path) -> None:
    (folder / "0_WordEmbedding" / "model.safetensors").unlink()


def _lose_modules(folder: Path) -> None:
    (folder / "modules.json").unlink()


def _empty_modules(folder: Path) -> None:
    (folder / "modules.json").write_text("[]")


def _odd_modules(folder: Path) -> None:
    (folder / "modules.json").write_text('{"a": 1}')


def _shorten(folder: Path) -> None:
    """Drop the last word, whose row stays."""
    path = folder / "0_WordEmbedding" / "vocabulary.txt"
    words = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(words[:-1]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        (_cut, "model.safetensors"),
        (_garble, "vocabulary.txt"),
        (_lose_weights, "model.safetensors"),
        (_lose_modules, "modules.json"),
        (_empty_modules, "modules.json"),
        (_odd_modules, "modules.json"),
        (_shorten, "rows"),
    ],
)
def test_damage_is_said_in_one_line(
    folder: Path, damage: Callable[[Path], None], names: str
) -> None:
    damage(folder)
    with pytest.raises(EncoderError) as caught:
        open_encoder(_settings(folder))
    message = str(caught.value)
    assert names in message
    assert str(folder) in message
    assert "\n" not in message
    assert "again" in message or "encoder.model" in message


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"no folder .*/nowhere: .*config/jiwen\.local\.toml"):
        open_encoder(_settings(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    "variables", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}]
)
def test_unreachable_hub(tmp_path: Path, variables: dict[str, str]) -> None:
    code = (
        "from retrieval.encoder import open_encoder\n"
        "from retrieval.settings import EncoderSettings\n"
        "from retrieval.errors import EncoderError\n"
        "try: open_encoder(EncoderSettings(model='nobody/no-such-model'))\n"
        "except EncoderError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HF_HOME": str(tmp_path), "PATH": "/usr/bin", **variables},
        cwd=BUILTIN.parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.stdout.startswith("no folder nobody/no-such-model and the hub cannot be reached")
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory, transformers: ModuleType) -> Path:
    """A random BERT of two layers over single characters, saved by sentence-transformers."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    base = tmp_path_factory.mktemp("bert")
    chars = sorted({c for text in TEXTS for c in fold(text) if not c.isspace()})
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *chars]
    (base / "vocab.txt").write_text("\n".join(vocab), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocab),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(base / "hf", safe_serialization=True)
    BertTokenizerFast(str(base / "vocab.txt")).save_pretrained(base / "hf")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = transformers.SentenceTransformer(str(base / "hf"), device="cpu")
        model.prompts = {"query": "问:", "document": ""}
        model.save(str(base / "st"), create_model_card=False)
    return base / "st"


def test_transformer_equals_sentence_transformers(bert: Path, transformers: ModuleType) -> None:
    encoder = open_encoder(_settings(bert))
    assert isinstance(encoder, TransformerEncoder)
    assert encoder.dimension == 32
    oracle = transformers.SentenceTransformer(str(bert), device="cpu")
    texts = ["", *TEXTS[6:12]]
    expected = oracle.encode([fold(t) for t in texts], normalize_embeddings=True)
    found = encoder.encode_passages(texts)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)
    asked = oracle.encode("问:植树", normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_query("植樹"), asked, atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, 32)


def test_transformer_prompts_of_the_settings(bert: Path) -> None:
    encoder = open_encoder(_settings(bert, query_prompt="市", passage_prompt="树"))
    plain = open_encoder(_settings(bert, query_prompt="树"))
    np.testing.assert_allclose(
        encoder.encode_passages(["植树"])[0], plain.encode_query("植树"), atol=1e-5
    )
    assert not np.allclose(encoder.encode_query("植树"), plain.encode_query("植树"), atol=1e-3)
    assert encoder.fingerprint != plain.fingerprint


def test_pickled_weights_are_refused(bert: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bert, tmp_path / "st"))
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04N.")
    with pytest.raises(EncoderError, match=r"pytorch_model\.bin: pickled weights are not loaded"):
        open_encoder(_settings(folder))


def test_damaged_transformer(bert: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bert, tmp_path / "st"))
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EncoderError, match="download or train the model again") as caught:
        open_encoder(_settings(folder))
    assert "\n" not in str(caught.value)
