"""LangChain's doors: a retriever and a tool, over an assistant in this process or a server elsewhere.

::

    retriever = IsnadRetriever(isnad=Assistant.load(Settings.load()), k=5)
    retriever = IsnadRetriever(isnad=IsnadClient.connect("http://127.0.0.1:7860"))
    tool = ask_tool(IsnadClient.connect("http://127.0.0.1:7860"))
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import ConfigDict, Field

from rag.answering.standing import noted, told
from rag.asking import Answering
from rag.documents import Answer, Evidence, Filters

_ABOUT_ASK = (
    "Answer a question, asked in any language, from the indexed articles. The status is answered: every sentence with "
    "an exact quote, in the article's language, and its source; related: the nearest quotes, which may not answer, so "
    "claim nothing from them; or not_found: the articles do not answer."
)


class IsnadRetriever(BaseRetriever):
    """The best passages as documents, best first. ``k``: how many; ``filters``: which articles."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    isnad: Answering
    k: int = Field(default=5, ge=1, le=50)
    filters: Filters = Filters()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **options: Any
    ) -> list[Document]:
        k, filters = options.get("k", self.k), options.get("filters", self.filters)
        return [document_of(passage) for passage in self.isnad.search(query, filters=filters, top_k=k)]


def document_of(passage: Evidence) -> Document:
    """The passage as LangChain has it; offsets and score are in the metadata."""
    fields = asdict(passage)
    text = fields.pop("text")
    return Document(id=f"{passage.article_id}:{passage.start}-{passage.end}", page_content=text, metadata=fields)


def ask_tool(isnad: Answering) -> BaseTool:
    """A tool named ``ask_articles``. Its content is text for a model, its artifact the whole Answer as a dict."""

    def ask(question: str) -> tuple[str, dict[str, Any]]:
        answer = isnad.ask(question)
        return spoken(answer), answer.to_dict()

    return StructuredTool.from_function(
        ask, name="ask_articles", description=_ABOUT_ASK, response_format="content_and_artifact"
    )


def spoken(answer: Answer) -> str:
    """An answer as plain text with its sources, for a reader that sees nothing else; what is no answer says so first.

    The status comes before what is only related, in the word that the tool's description explains.
    """
    sources = [
        f"[{c.number}] {' · '.join(filter(None, (c.title, c.source, c.date, c.url)))}\n“{c.quote}”"
        for c in answer.quoted
    ]
    if answer.status != "related":
        return "\n\n".join([told(answer), *sources])
    return "\n\n".join([f"{answer.status}: {answer.lead}", *sources, *noted(answer)])
