"""What the OpenAPI document shows: each error status with one of its bodies, and answers.

The code that writes real answers writes these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from fastapi import Depends
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from rag.answering.citations import strip_markers
from rag.answering.outcome_texts import as_related
from rag.answering.writing import AnswerDraft
from rag.asking import Cited, Delta, Ended, Event, Started
from rag.documents import Answer, AnswerSentence, Citation, Evidence, Gloss, ShortAnswer, Translation
from rag.serving.schemas.errors import error_body
from rag.serving.schemas.frames import DONE, data_frame, frame_of, typed_frame
from rag.serving.schemas.openai import chunk_of, completion_of
from rag.serving.schemas.openai_requests import ChatIn, ChatMessage
from rag.serving.schemas.openai_responses import ResponseEvents, ResponsesIn, response_of
from rag.serving.schemas.responses import ErrorOut, OpenAIErrorOut

Responses = dict[int | str, dict[str, Any]]

# For the document only: the gate has checked the key before any route runs.
BEARER: Final = Depends(HTTPBearer(auto_error=False, description="needed where the server has keys"))

_WAIT = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "the way to send a key", "schema": {"type": "string"}}}
_HEADERS: Final[Mapping[int, dict[str, Any]]] = {401: _CHALLENGE, 429: _WAIT, 503: _WAIT}
# status: when, and one of the errors it stands for: code, message, hint
_ERRORS: Final[Mapping[int, tuple[str, str, str, str]]] = {
    400: ("the request cannot be read", "bad_request", "Content-Length is not a number.", ""),
    401: ("no key, or a wrong one", "key_needed", "A key is needed.", "Send `Authorization: Bearer KEY`."),
    403: (
        "the key's scope does not reach, or another site asked",
        "scope_missing",
        "This key lacks the scope 'ingest'.",
        "Create one with `python -m rag keys create --scope ingest`.",
    ),
    404: ("it is not there", "not_found", "There is no article 'none'.", "GET /api/v1/articles lists them."),
    413: ("the body is too large", "too_large", "The body is over 1,048,576 bytes.", "Send less at a time."),
    415: ("neither JSON nor multipart", "bad_media_type", "text/plain is not read.", "Send JSON or form data."),
    421: (
        "without keys, a host name that is not this machine's",
        "unknown_host",
        "This host name is not served.",
        "Add it to ISNAD_ALLOWED_HOSTS.",
    ),
    422: (
        "a field is missing, unknown or out of range",
        "bad_request",
        "top_k: Input should be less than or equal to 50",
        "See /docs for the fields and their limits.",
    ),
    429: ("too many requests in a minute", "rate_limited", "More than 60 requests in a minute.", "Wait 17 s."),
    500: (
        "a mistake of the program",
        "internal_error",
        "Something went wrong here.",
        "The log tells more under the request id.",
    ),
    502: (
        "the language model fails",
        "answerer_failed",
        "The model's endpoint cannot be reached.",
        "Check OPENAI_BASE_URL and that the server is running.",
    ),
    503: (
        "busy, stopping or without an index",
        "busy",
        "Too many questions at once.",
        "Ask again in a moment.",
    ),
    507: (
        "the disk is full or refuses",
        "storage_failed",
        "The vote could not be kept: No space left on device.",
        "Free some space.",
    ),
}
_ALWAYS: Final = (400, 401, 403, 413, 421, 422, 429, 500, 503)


def errors(*more: int) -> Responses:
    """What any of our routes may answer, and the statuses ``more`` that this one adds, each with an example."""
    return _responses("", ErrorOut, more)


def openai_errors(*more: int) -> Responses:
    """The same in OpenAI's shape."""
    return _responses("/v1/", OpenAIErrorOut, more)


def _responses(path: str, model: type[BaseModel], more: Iterable[int]) -> Responses:
    responses: Responses = {}
    for status in (*_ALWAYS, *more):
        when, *said = _ERRORS[status]
        example = error_body(path, status, *said)
        told = {"model": model, "description": when, "content": {"application/json": {"example": example}}}
        responses[status] = {**told, **({"headers": _HEADERS[status]} if status in _HEADERS else {})}
    return responses


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
_ASKED_BESIDE: Final = "Who took the missiles that disappeared in Libya?"
_NEAR = as_related(AnswerDraft("", _ANSWER.sentences, _ANSWER.citations), "en")
_RELATED = replace(
    _ANSWER, id="5f0c1f7a90e4d2b3", question=_ASKED_BESIDE, status="related", answer=_NEAR.text,
    plain_answer=strip_markers(_NEAR.text), short_answer=None, confidence=0.4128,
)  # fmt: skip
_EVENTS: Final[tuple[Event, ...]] = (
    Started(_ANSWER.id, _ANSWER.question, _ANSWER.language), Cited(_CITATION), Delta(_ANSWER.answer), Ended(_ANSWER),
)  # fmt: skip
_ABOUT_EVENTS = (
    "The answer, or with `stream` its events: `start`, with a model `quotes` (an answer in the articles' own words "
    "while it writes), `citation` and `delta` as they come and `verified` (the text so far, once every sentence of it "
    "is borne out), then `end` with the whole answer, which replaces what came before, or `error`. Comments are "
    "heartbeats."
)
_CHAT = ChatIn(model="isnad", messages=[ChatMessage(role="user", content=_ANSWER.question)])
_RESPONSES = ResponsesIn(model="isnad", input=_ANSWER.question)
_ABOUT_RESPONSE = (
    "The response, or with `stream` its events, verified sentences only; the last has it whole, with the Answer in "
    "`isnad`."
)
_ABOUT_CHUNKS = (
    "The completion, or with `stream` its chunks, verified sentences only, the last with the whole Answer in `isnad`; "
    "then `[DONE]`. "
    "Comments are heartbeats."
)


def _shown(description: str, example: Any, stream: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return _content(description, {"example": example}, stream)


def _content(description: str, shown: dict[str, Any], stream: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": shown, **(stream or {})}}


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
        if chunk := chunk_of(event, _ANSWER.id, _CHAT, _then):
            yield data_frame(chunk)
    yield DONE


def _then() -> float:
    return 1_778_000_000.0  # a moment in 2026


_EVENT = {
    "oneOf": [
        _event_schema("start", _texts("id", "question", "language")),
        _event_schema("quotes", _ref("Answer")),
        _event_schema("citation", _ref("Citation")),
        _event_schema("delta", _texts("text")),
        _event_schema("quotes", _ref("Answer")),
        _event_schema("verified", _texts("text")),
        _event_schema("end", _ref("Answer")),
        _event_schema("error", _ref("ErrorOut")),
    ]
}
_CHUNK = _texts("id", "object", "model")
_CHUNK["properties"] |= {"created": {"type": "integer"}, "choices": {"type": "array"}, "isnad": _ref("Answer")}
_DATA = {"anyOf": [{"const": "[DONE]"}, _json({"anyOf": [_CHUNK, _ref("OpenAIErrorOut")]})]}

_PASSAGES = {"query": "missiles in Libya", "passages": [asdict(_PASSAGE)]}
FOUND: Final[Responses] = {200: _shown("The passages", _PASSAGES)}
_TRANSLATION = Translation("About a thousand missiles disappeared.", "en", "llm:qwen2.5:7b", verified=True)
TRANSLATED: Final[Responses] = {200: _shown("The translation", asdict(_TRANSLATION))}
_ANSWERS = {"examples": {answer.status: {"value": answer.to_dict()} for answer in (_ANSWER, _RELATED)}}
ANSWERED: Final[Responses] = {200: _content(_ABOUT_EVENTS, _ANSWERS, _streamed(_EVENT, map(frame_of, _EVENTS)))}
COMPLETED: Final[Responses] = {
    200: _shown(_ABOUT_CHUNKS, completion_of(_ANSWER, _CHAT, _then), _streamed(_object(data=_DATA), _chunks()))
}


def _response_frames() -> Iterator[bytes]:
    events = ResponseEvents(_RESPONSES, _then)
    return (typed_frame(each["type"], each) for event in _EVENTS for each in events.of(event))


_TYPED = _object(event={"type": "string"}, data=_json(_texts("type")))
RESPONDED: Final[Responses] = {
    200: _shown(_ABOUT_RESPONSE, response_of(_ANSWER, _RESPONSES, _then), _streamed(_TYPED, _response_frames()))
}
