"""Measurements, each with the command that makes it again."""

import rag as rag  # before numpy: it says how the threads of libraries wait
