"""What an encoder wants before a question and before a passage: its configuration's prompts, else its family's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Prefixes(NamedTuple):
    """Of a question, and of a passage; empty for nothing."""

    query: str = ""
    passage: str = ""


_QUERY_NAMES = ("query", "search_query", "Retrieval-query", "retrieval.query")
_PASSAGE_NAMES = ("passage", "document", "search_document", "Retrieval-document", "retrieval.passage")
_TASK = "Given a web search query, retrieve relevant passages that answer the query"
_BGE = "Represent this sentence for searching relevant passages: "

# What model cards ask for and configurations often leave out: a pattern of the short name, the first that is met.
_FAMILIES = tuple(
    (re.compile(pattern, re.IGNORECASE), prefixes)
    for pattern, prefixes in (
        (r"(?<![a-z0-9])e5(?![0-9]).*instruct", Prefixes(f"Instruct: {_TASK}\nQuery: ")),
        (r"(?<![a-z0-9])e5(?![0-9])", Prefixes("query: ", "passage: ")),
        (r"^bge-.*-zh", Prefixes("为这个句子生成表示以用于检索相关文章：")),
        (r"^bge-(small|base|large)-en", Prefixes(_BGE)),
        (r"^gte-qwen.*instruct", Prefixes(f"Instruct: {_TASK}\nQuery: ")),
        (r"arctic-embed.*-v2", Prefixes("query: ")),
        (r"arctic-embed", Prefixes(_BGE)),
        (r"embedding-?gemma", Prefixes("task: search result | query: ", "title: none | text: ")),
        (r"qwen3-embedding", Prefixes(f"Instruct: {_TASK}\nQuery:")),
    )
)


def prefixes_of(short_name: str, prompts: Mapping[str, str] | None) -> Prefixes:
    """``prompts``: what the model's configuration declares."""
    declared = Prefixes(*(_first(prompts or {}, names) for names in (_QUERY_NAMES, _PASSAGE_NAMES)))
    if any(declared):
        return declared
    return next((prefixes for pattern, prefixes in _FAMILIES if pattern.search(short_name)), Prefixes())


def _first(prompts: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((prompts[name] for name in names if prompts.get(name)), "")
