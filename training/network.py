"""The reader in torch: a BERT of the bundled weights, its lower layers frozen, with a start/end head.

Matrices are kept in float32 and multiplied in bfloat16, which two cores with avx512_bf16 do five times as fast; what
runs past them from layer to layer, and its norms, stay in float32. The
score of "not here" is that of the first token, as in SQuAD 2.0 (Devlin et al. 2019).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.encoding.bundled_weights import BLOCK, BundledWeights

FROZEN = 4  # lowest layers left as they are
DROPOUT = 0.1
VECTORS = ("q.b", "k.b", "v.b", "ao.b", "fi.b", "fo.b", "aln.w", "aln.b", "oln.w", "oln.b")
MATRICES = ("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w")


class ReaderNetwork(nn.Module):
    """Start and end logits over a batch of sequences.

    ``tensors`` holds what is trained, by the weights' names with ``_`` for ``.``, which torch does not allow in one.
    """

    def __init__(self, weights: BundledWeights, kind: torch.dtype = torch.bfloat16, frozen: int = FROZEN) -> None:
        super().__init__()
        self.layers, self.heads, self.epsilon, self.kind = weights.layers, weights.heads, weights.epsilon, kind
        self.hidden, self.frozen = weights.hidden, frozen
        words = weights.matrices["emb.word"]
        self.register_buffer("levels", torch.from_numpy(words.levels), persistent=False)
        self.register_buffer("scales", torch.from_numpy(words.scales.copy()), persistent=False)
        places = weights.vectors["emb.pos"].reshape(-1, self.hidden) + weights.vectors["emb.type"][: self.hidden]
        self.register_buffer("places", torch.from_numpy(places), persistent=False)
        below = [name for layer in range(frozen) for name in _layer_names(layer)]
        self.fixed = {name: _tensor(weights, name) for name in (*below, "emb.ln.w", "emb.ln.b")}
        self.fixed |= {name: values.to(kind) for name, values in self.fixed.items() if values.dim() == 2}
        self.tensors = nn.ParameterDict(
            {_key(name): _tensor(weights, name) for layer in range(frozen, self.layers) for name in _layer_names(layer)}
        )
        self.tensors["head_w"] = nn.Parameter(torch.randn(2, self.hidden) * 0.02)
        self.tensors["head_b"] = nn.Parameter(torch.zeros(2))

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """``ids`` int64 (batch, length), ``lengths`` int64 (batch); logits float32 (batch, length, 2)."""
        states = self.states(ids, lengths)
        return functional.linear(self._drop(states), self.tensors["head_w"], self.tensors["head_b"])

    def states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """What the last layer makes of each token: float32 (batch, length, hidden)."""
        seen = torch.arange(ids.shape[1], device=ids.device)[None, :] < lengths[:, None]
        mask = torch.zeros(seen.shape, dtype=self.kind, device=ids.device).masked_fill(~seen, -1e4)[:, None, None, :]
        with torch.no_grad():
            state = self._norm("emb.ln", self._embed(ids))
            for layer in range(self.frozen):
                state = self._layer(layer, state, mask)
        for layer in range(self.frozen, self.layers):
            state = self._layer(layer, state, mask)
        return state

    def _embed(self, ids: Tensor) -> Tensor:
        levels, scales = self.levels[ids].float(), self.scales[ids].float()
        words = (levels.unflatten(-1, (-1, BLOCK)) * scales[..., None]).flatten(-2)
        return words + self.places[: ids.shape[1]]

    def _layer(self, layer: int, state: Tensor, mask: Tensor) -> Tensor:
        name = f"l{layer}."
        batch, length, _ = state.shape
        low = state.to(self.kind)
        query, key, value = (
            self._linear(name + part, low).view(batch, length, self.heads, -1).transpose(1, 2) for part in "qkv"
        )
        weights = functional.softmax((query * query.shape[-1] ** -0.5) @ key.transpose(2, 3) + mask, dim=-1)
        mixed = self._linear(name + "ao", (weights @ value).transpose(1, 2).reshape(batch, length, -1))
        state = self._norm(name + "aln", self._drop(mixed) + state)
        inner = functional.gelu(self._linear(name + "fi", state.to(self.kind)))
        return self._norm(name + "oln", self._drop(self._linear(name + "fo", inner)) + state)

    def _drop(self, state: Tensor) -> Tensor:
        """Dropout of a sequence's features, the same at every place: as good here, and far cheaper to draw."""
        if not self.training or not torch.is_grad_enabled():
            return state
        kept = torch.rand(state.shape[0], 1, state.shape[2], device=state.device) >= DROPOUT
        return state * (kept / (1 - DROPOUT)).to(state.dtype)

    def _linear(self, name: str, state: Tensor) -> Tensor:
        return functional.linear(state, self._value(name + ".w").to(self.kind), self._value(name + ".b").to(self.kind))

    def _norm(self, name: str, state: Tensor) -> Tensor:
        weight, bias = self._value(name + ".w"), self._value(name + ".b")
        return functional.layer_norm(state, (self.hidden,), weight, bias, self.epsilon)

    def _value(self, name: str) -> Tensor:
        return self.fixed[name] if name in self.fixed else self.tensors[_key(name)]


def _layer_names(layer: int) -> list[str]:
    return [f"l{layer}.{name}" for name in (*MATRICES, *VECTORS)]


def _key(name: str) -> str:
    return name.replace(".", "_")


def _tensor(weights: BundledWeights, name: str) -> Tensor:
    values = weights.matrices[name].to_float() if name in weights.matrices else weights.vectors[name]
    return torch.from_numpy(np.array(values, dtype=np.float32))
