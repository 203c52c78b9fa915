"""A transformer of bge-small-zh-v1.5's shape with random weights: ``transformer.py FOLDER``.

For speed and memory only: it has learned nothing. The shape is that of the published
configuration; the tokeniser, made here, gives each Han character a token, as BERT's Chinese one does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

SEED = 0
_SHAPE = {
    "vocab_size": 21128,
    "hidden_size": 512,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "intermediate_size": 2048,
    "max_position_embeddings": 512,
}
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_HAN = range(0x4E00, 0x9FA6)
_POOLING = {
    "word_embedding_dimension": _SHAPE["hidden_size"],
    "pooling_mode_cls_token": True,
    "pooling_mode_mean_tokens": False,
}
_MODULES = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]


def make(folder: Path) -> None:
    """Write the model to ``folder``, as sentence-transformers keeps one."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(SEED)
    BertModel(BertConfig(**_SHAPE)).save_pretrained(folder)
    _save_tokenizer(folder)
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (path, kind) in enumerate(_MODULES)
    ]
    for path, _ in _MODULES:
        (folder / path).mkdir(exist_ok=True)
    _write(folder / "modules.json", modules)
    _write(folder / "1_Pooling" / "config.json", _POOLING)
    limit = {"max_seq_length": _SHAPE["max_position_embeddings"], "do_lower_case": False}
    _write(folder / "sentence_bert_config.json", limit)


def _save_tokenizer(folder: Path) -> None:
    """Write a tokeniser with a token a character and as many as the shape has."""
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import PreTrainedTokenizerFast

    ascii_chars = [chr(c) for c in range(0x21, 0x7F)]
    known = [*_SPECIAL, *ascii_chars, *map(chr, _HAN), *"，。、；：？！“”‘’（）《》"]
    known += [f"[unused{n}]" for n in range(_SHAPE["vocab_size"] - len(known))]
    numbers = {token: n for n, token in enumerate(known)}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token=_SPECIAL[1]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = (("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"]))
    tokenizer.post_processor = processors.BertProcessing(*ends)
    names = {"unk": "[UNK]", "pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=_SHAPE["max_position_embeddings"],
        **{f"{name}_token": token for name, token in names.items()},
    ).save_pretrained(folder)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
