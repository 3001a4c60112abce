"""LangChain's own retriever tests, in process and over HTTP, and the tool."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from langchain_core.retrievers import BaseRetriever

from rag.client import IsnadClient, answer_from_dict
from rag.documents import Filters, Question, Status, Turn
from rag.errors import AccessError, IsnadError, LimitError, NotFoundError, QuestionError
from rag.langchain_adapter import IsnadRetriever, ask_tool
from rag.serving.api import build_api
from rag.settings import Settings
from tests.fake_assistant import ARTICLES, SAHEL, STAFF_SENTENCE, VISIT_SENTENCE_FR, FakeAssistant
from tests.loopback import serving


def _published_tests() -> Any:
    """LangChain's retriever tests, read alone: their package imports pytest plugins that nothing here uses."""
    package = importlib.util.find_spec("langchain_tests")
    if package is None or not package.submodule_search_locations:
        pytest.skip("needs langchain-tests", allow_module_level=True)
    path = Path(package.submodule_search_locations[0]) / "integration_tests" / "retrievers.py"
    spec = importlib.util.spec_from_file_location("published_retriever_tests", path)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module.RetrieversIntegrationTests


RetrieversIntegrationTests = _published_tests()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(index_dir=tmp_path_factory.mktemp("index"), questions_per_minute=1000)
    with serving(build_api(settings, FakeAssistant())) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[IsnadClient]:
    with IsnadClient.connect(address) as client:
        yield client


class _PublishedTests(RetrieversIntegrationTests):  # type: ignore[misc, valid-type]
    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return IsnadRetriever

    @property
    def retriever_query_example(self) -> str:
        return "missiles"

    async def _asynchronous(self, retriever: BaseRetriever) -> None:
        await super().test_ainvoke_returns_documents(retriever)

    def test_ainvoke_returns_documents(self, retriever: BaseRetriever) -> None:
        asyncio.run(self._asynchronous(retriever))


class TestInProcess(_PublishedTests):
    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"isnad": FakeAssistant()}


class TestOverHttp(_PublishedTests):
    @pytest.fixture(autouse=True)
    def _serve(self, client: IsnadClient) -> None:
        self._client = client

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"isnad": self._client}


def test_documents_carry_what_is_needed_to_cite_them() -> None:
    document = IsnadRetriever(isnad=FakeAssistant(), k=1).invoke("x")[0]

    assert document.page_content == SAHEL.text[document.metadata["start"] : document.metadata["end"]]
    assert document.metadata["title"] == SAHEL.title
    assert document.metadata["score"] == 0.42
    assert document.id == f"{SAHEL.id}:0-{document.metadata['end']}"


def test_filters_narrow_the_retriever(client: IsnadClient) -> None:
    found = IsnadRetriever(isnad=client, filters=Filters(languages=("fr",))).invoke("x")

    assert [document.metadata["language"] for document in found] == ["fr"]


def test_the_tool_speaks_with_sources_and_hands_over_the_answer(client: IsnadClient) -> None:
    call = {"name": "ask_articles", "args": {"question": "pays"}, "id": "1", "type": "tool_call"}
    message = ask_tool(client).invoke(call)

    assert f"[1] {SAHEL.title} · {SAHEL.source} · 2011-10-12" in message.content
    assert STAFF_SENTENCE in message.content
    assert message.artifact["citations"][0]["quote"] == STAFF_SENTENCE


def test_the_tool_names_every_state_and_says_what_is_only_related(client: IsnadClient) -> None:
    tool = ask_tool(client)
    said = tool.invoke({"question": "Combien la visite a-t-elle coûté ?"})

    assert all(state in tool.description for state in get_args(Status))
    assert said.startswith("related: Les articles ne répondent peut-être pas à cette question.")
    assert f"“{VISIT_SENTENCE_FR}”" in said


def test_the_tool_says_in_its_text_what_is_not_borne_out(client: IsnadClient) -> None:
    text = ask_tool(client).invoke({"question": "a summary, please"})
    assert "Six of the missiles were found again in 2013. (not borne out by the articles)" in text
    assert "\n\nNote: One sentence is not borne out by the articles.\n\n[1] " in text


@pytest.mark.parametrize("question", ["pays", "summary", "visit", "ما عاصمة اليابان؟", "hostile"])
def test_an_answer_is_the_same_on_both_sides(client: IsnadClient, question: str) -> None:
    assert client.ask(question) == FakeAssistant().ask(question)
    assert answer_from_dict(FakeAssistant().ask(question).to_dict()) == FakeAssistant().ask(question)


def test_the_client_has_the_assistants_options_and_articles(client: IsnadClient) -> None:
    answer = client.ask(Question("missiles", (Turn("user", "x"),), Filters(languages=("fr",)), language="ar", top_k=3))

    assert {citation.language for citation in answer.citations} == {"fr"}
    assert client.article(SAHEL.id) == SAHEL
    assert client.search("x", top_k=2) == FakeAssistant().search("x", top_k=2)
    assert replace(ARTICLES[0]) == SAHEL


def test_errors_come_back_as_what_they_were(client: IsnadClient, tmp_path_factory: Any) -> None:
    with pytest.raises(QuestionError, match="empty"):
        client.ask(" ")
    with pytest.raises(NotFoundError):
        client.article("none")
    with IsnadClient.connect("http://127.0.0.1:9") as nobody, pytest.raises(IsnadError, match="did not answer"):
        nobody.ask("x")

    api = build_api(Settings(index_dir=tmp_path_factory.mktemp("keyed"), questions_per_minute=1), FakeAssistant())
    _, key = api.state.site.keys.create("me", ["ask"])
    with serving(api) as keyed:
        with IsnadClient.connect(keyed) as stranger, pytest.raises(AccessError):
            stranger.ask("pays")
        with IsnadClient.connect(keyed, key) as known:
            assert known.ask("pays").status == "answered"
            with pytest.raises(LimitError):
                known.ask("pays")
