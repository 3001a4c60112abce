"""Training of the reader: the bundled encoder's upper layers taught to mark the words that answer a question.

Nothing here runs in the product: it needs torch, and data that stay outside the repository. ``python -m training``
says how to use it; ``rag/calibration/READER.md`` says what came of it.
"""
