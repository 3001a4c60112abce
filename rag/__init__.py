"""Isnad: answers over a folder of articles, every sentence traced to an exact quote."""

import os

__version__ = "0.2.0"

# numpy, FAISS and onnxruntime each keep threads of their own, which by default go on spinning for the next product and
# so hold the cores that another library's threads need now: reading took twice as long after a product of numpy. Read
# when those libraries are loaded, so set before any of them is.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # 2 to this power, in cycles; by default 26
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Offline means offline: what counts its users is told not to, by the switch it reads when it is loaded. onnxruntime
# looks up a host at its start and keeps a device id in the user's cache; its own call to stop that comes too late.
# What the user has set stands.
for _switch, _off in {
    "ORT_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "RAY_USAGE_STATS_ENABLED": "0",
}.items():
    os.environ.setdefault(_switch, _off)
