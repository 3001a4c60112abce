"""A trained reranker as a folder in the format of Hugging Face, which ISNAD_RERANKER can name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.encoding.bundled_encoder import PASSAGE_PREFIX, QUERY_PREFIX
from rag.encoding.bundled_tokenizer import BEGIN, END
from rag.encoding.bundled_weights import BundledWeights
from training.hub_folders import tensor_name, write_encoder_folder

_HEAD = {  # of the network to BertForSequenceClassification
    "head_pool_w": "bert.pooler.dense.weight",
    "head_pool_b": "bert.pooler.dense.bias",
    "head_w": "classifier.weight",
    "head_b": "classifier.bias",
}
_OF_AN_ENCODER = ("modules.json", "sentence_bert_config.json", "config_sentence_transformers.json")


def write_reranker_folder(trained: Mapping[str, Float32], weights: BundledWeights, folder: Path) -> Path:
    """``trained``: the network's tensors by its names; ``weights``: the others. Replaces what is there."""
    from safetensors.numpy import load_file, save_file

    shutil.rmtree(folder, ignore_errors=True)
    write_encoder_folder(folder, weights)
    tensors = {f"bert.{name}": values for name, values in load_file(folder / "model.safetensors").items()}
    for name, values in trained.items():
        known = _HEAD.get(name) or f"bert.{tensor_name(name.replace('_', '.'))}"
        tensors[known] = np.ascontiguousarray(values)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    for name in _OF_AN_ENCODER:
        (folder / name).unlink()
    shutil.rmtree(folder / "1_Pooling")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    label = {"id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}}
    told = {**config, **label, "architectures": ["BertForSequenceClassification"]}
    (folder / "config.json").write_text(json.dumps(told), "utf-8")
    _put_pairs_as_trained(folder / "tokenizer.json")
    return folder


def _put_pairs_as_trained(path: Path) -> None:
    """``<s> query: QUESTION </s> passage: TEXT </s>``, as :class:`rag.reader.bundled_reader.ReadingTokens` has it."""
    from tokenizers import Tokenizer, processors

    tokenizer = Tokenizer.from_file(str(path))
    lead: list[dict[str, object]] = []
    for name, prefix in (("query", QUERY_PREFIX), ("passage", PASSAGE_PREFIX)):
        encoded = tokenizer.encode(prefix.rstrip(), add_special_tokens=False)
        lead.append({"id": name, "ids": encoded.ids, "tokens": encoded.tokens})
    ends = [{"id": name, "ids": [number], "tokens": [name]} for name, number in (("<s>", BEGIN), ("</s>", END))]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> query $A </s> passage $B </s>", special_tokens=[*ends, *lead]
    )
    tokenizer.save(str(path), pretty=False)
