"""Isnad: answers over a folder of articles, every sentence traced to an exact quote."""

__version__ = "0.1.0"
