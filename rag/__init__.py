"""Isnad: answers over a folder of articles, every sentence traced to an exact quote."""

import os

__version__ = "0.2.0"

# numpy, FAISS and onnxruntime each keep threads of their own, which by default go on spinning for the next product and
# so hold the cores that another library's threads need now: reading took twice as long after a product of numpy. Read
# when those libraries are loaded, so set before any of them is.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # 2 to this power, in cycles; by default 26
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
