"""Encoders: text to vectors, the bundled one on onnxruntime or any other by sentence-transformers."""
