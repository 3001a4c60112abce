"""Examples of answers for the OpenAPI document: the program's own values, written by the code that writes real ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from rag.documents import (
    Answer,
    AnswerSentence,
    Citation,
    Cited,
    Delta,
    Ended,
    Event,
    Evidence,
    Gloss,
    ShortAnswer,
    Started,
)
from rag.serving.routes.sse import frame_of
from rag.serving.schemas.documented_errors import Responses
from rag.serving.schemas.openai import DONE, chunk_of, completion_of, data_frame

_QUOTE = (
    "اختفى نحو ألف صاروخ أرض-جو من المخازن الليبية عقب سقوط نظام معمر القذافي، ولا أحد يعرف على وجه اليقين أين ذهبت."
)
_TITLE = "صواريخ مفقودة في ليبيا تثير قلق دول الجوار"
_URL = "https://example.org/ar/libya/2011/10/missing-missiles"
_ARTICLE_ID, _SOURCE, _DATE = "e024061907b35bf5", "مكتب إسناد لشمال إفريقيا", "2011-10-08"
_START: Final = 294
_CITATION = Citation(
    1, _ARTICLE_ID, _TITLE, _SOURCE, _DATE, _URL, "ar", _QUOTE, _START, _START + len(_QUOTE), 0.7475,
    highlights=((304, 307),), glosses=(Gloss(304, 307, "ألف", "1,000"),),
)  # fmt: skip
_PASSAGE = Evidence(
    _ARTICLE_ID, _START, _START + len(_QUOTE), _QUOTE, 0.7475, _TITLE, _SOURCE, _DATE, _URL, "ar"
)  # fmt: skip
_ANSWER = Answer(
    id="b208a54da3791992",
    question="How many missiles disappeared in Libya?",
    language="en",
    status="answered",
    answer=f"{_QUOTE} [1]",
    plain_answer=_QUOTE,
    short_answer=ShortAnswer("ألف", 1, 304, 307, gloss="1,000", confidence=0.2465),
    sentences=(AnswerSentence(_QUOTE, (1,)),),
    citations=(_CITATION,),
    passages=(_PASSAGE,),
    confidence=0.7475,
    answerer="extractive",
    timings_ms={"encode": 5.1, "search": 0.6, "rerank": 9.8, "answer": 21.4, "total": 36.9},
)
_EVENTS: Final[tuple[Event, ...]] = (
    Started(_ANSWER.id, _ANSWER.question, _ANSWER.language), Cited(_CITATION), Delta(_ANSWER.answer), Ended(_ANSWER),
)  # fmt: skip
_ABOUT_EVENTS = (
    "The answer, or with `stream` its events: `start`, `citation` and `delta` as they come, then `end` with the whole "
    "answer, which replaces what came before, or `error`. Comments are heartbeats."
)
_ABOUT_CHUNKS = (
    "The completion, or with `stream` its chunks, the last with the whole Answer in `isnad`; then `[DONE]`. "
    "Comments are heartbeats."
)


def _shown(description: str, example: Any, stream: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": example}, **(stream or {})}}


def _streamed(item: dict[str, Any], frames: Iterable[bytes]) -> dict[str, Any]:
    return {"text/event-stream": {"itemSchema": item, "example": b"".join(frames).decode()}}


def _event_schema(name: str, data: dict[str, Any]) -> dict[str, Any]:
    return _object(event={"const": name}, data=_json(data))


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}


def _texts(*names: str) -> dict[str, Any]:
    return _object(**{name: {"type": "string"} for name in names})


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(model: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{model}"}


def _chunks() -> Iterator[bytes]:
    for event in _EVENTS:
        if chunk := chunk_of(event, _ANSWER.id, "isnad", _then):
            yield data_frame(chunk)
    yield DONE


def _then() -> float:
    return 1_778_000_000.0  # a moment in 2026


_EVENT = {
    "oneOf": [
        _event_schema("start", _texts("id", "question", "language")),
        _event_schema("citation", _ref("Citation")),
        _event_schema("delta", _texts("text")),
        _event_schema("end", _ref("Answer")),
        _event_schema("error", _ref("ErrorOut")),
    ]
}
_CHUNK = _texts("id", "object", "model")
_CHUNK["properties"] |= {"created": {"type": "integer"}, "choices": {"type": "array"}, "isnad": _ref("Answer")}
_DATA = {"anyOf": [{"const": "[DONE]"}, _json({"anyOf": [_CHUNK, _ref("OpenAIErrorOut")]})]}

_PASSAGES = {"query": "missiles in Libya", "passages": [asdict(_PASSAGE)]}
FOUND: Final[Responses] = {200: _shown("The passages", _PASSAGES)}
ANSWERED: Final[Responses] = {200: _shown(_ABOUT_EVENTS, _ANSWER.to_dict(), _streamed(_EVENT, map(frame_of, _EVENTS)))}
COMPLETED: Final[Responses] = {
    200: _shown(_ABOUT_CHUNKS, completion_of(_ANSWER, "isnad", _then), _streamed(_object(data=_DATA), _chunks()))
}
