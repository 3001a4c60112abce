"""What the endpoints of known providers and servers do, as far as each is a case of its own.

Each case has the row of ``docs/models.md`` that tells it. The bodies are those that the providers send, shortened.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

SAID = "Four states met [1]."
Case = Callable[[Any, dict[str, Any]], None]
_SILENCE_S = 1.5  # longer than the first-token deadline of the tests, shorter than the whole
_DOTS = ": OPENROUTER PROCESSING\n\n"


def _refuse(status: int, message: str, code: str | None = None, **more: str) -> Case:
    return lambda h, body: h.refuse(status, message, code, **more)


def _reply(status: int, value: object) -> Case:
    return lambda h, body: h.reply(status, json.dumps(value).encode())


def _stream(*texts: object, finish: str = "stop", field: str = "content") -> Case:
    def case(h: Any, body: dict[str, Any]) -> None:
        h.begin()
        for text in texts:
            h.event({"choices": [{"index": 0, "delta": {field: text}, "finish_reason": None}]})
        h.event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        h.event(b"[DONE]")

    return case


def _unless(refused: Callable[[dict[str, Any]], bool], refusal: Case, then: Case | None = None) -> Case:
    """Refuses a request, and answers any other."""
    return lambda h, body: (refusal if refused(body) else then or _stream(SAID))(h, body)


def _raw(start: str, *events: object, kind: str = "text/event-stream", end: str = "\n\n") -> Case:
    """Events as bytes, ended in the server's own way."""

    def case(h: Any, body: dict[str, Any]) -> None:
        h.begin(start.encode(), kind)
        for event in events:
            h.send(("data: " + (event if isinstance(event, str) else json.dumps(event)) + end).encode())

    return case


def _after_silence(first: Callable[[Any], None]) -> Case:
    def case(h: Any, body: dict[str, Any]) -> None:
        h.begin()
        first(h)
        h.say(SAID)
        h.stop()

    return case


def _processing(h: Any) -> None:
    for _ in range(round(_SILENCE_S / 0.3)):
        h.send(_DOTS.encode())
        time.sleep(0.3)


def _role_then_silence(h: Any) -> None:
    h.event({"choices": [{"delta": {"role": "assistant", "content": ""}}]})
    time.sleep(_SILENCE_S)


def _chunk(content: object, finish: str | None = None, **more: object) -> dict[str, Any]:
    return {
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": finish}]
    } | more


def _long(body: dict[str, Any]) -> bool:
    return "passage 2" in json.dumps(body["messages"])


def _dated(h: Any, body: dict[str, Any]) -> None:
    known = "api-version=" in h.path and h.headers.get("api-key")
    (_stream(SAID) if known else _refuse(404, "Resource not found", "404"))(h, body)


_NO_LIMIT = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
_NO_ZERO = (
    "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported."
)
_NO_STREAM = "Your organization must be verified to stream this model."
_EXTRA = {
    "detail": [{"type": "extra_forbidden", "loc": ["body", "max_tokens"], "msg": "Extra inputs are not permitted"}]
}
_FILTERED = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
_KEY = "API key not valid. Please pass a valid API key."
_LARGE = (
    "Request too large for model `llama` on tokens per minute (TPM), please reduce your message size and try again."
)
_CREDITS = "This request requires more credits, or fewer max_tokens."
_WINDOW = "the request exceeds the available context size (4096 tokens), try increasing it"
_ROOM = "'max_tokens' is too large: 500. This model's maximum context length is 4096 tokens."
_ALTERNATE = "Conversation roles must alternate user/assistant/user/assistant/..."
_PULL = 'model "qwen2.5:7b" not found, try pulling it first'
_CRASHED = 'event: error\ndata: {"error": {"message": "The model has crashed."}}\n\n'
_THOUGHT = "The user wants to know who met. Passage 1 says it."
_TOKEN = "If it were not there I would write NOT_IN_PASSAGES, but it is there."
_FILTER_RESULTS: dict[str, Any] = {"content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}}
_PARTS = ([{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}], [{"type": "text", "text": SAID}])
_TEXT_TOO = {"choices": [{"index": 0, "text": SAID, "delta": {"token_id": 1, "role": "assistant", "content": SAID}}]}

# Case -> (what the row says of the endpoint, what it does).
IMITATED: dict[str, tuple[str, Case]] = {
    # OpenAI
    "openai_budget": ("spends its tokens on thoughts that it does not send", _stream("", finish="length")),
    "openai_silent": (
        "thinks in silence for longer than `ISNAD_LLM_FIRST_TOKEN_SECONDS`",
        _after_silence(lambda h: time.sleep(_SILENCE_S)),
    ),
    "openai_role_first": ("names its role at once and thinks in silence then", _after_silence(_role_then_silence)),
    "openai_no_zero": (
        "takes no temperature but `max_tokens`",
        _unless(lambda body: "temperature" in body, _refuse(400, _NO_ZERO, "unsupported_value")),
    ),
    "no_extra": (
        "takes a temperature but no `max_tokens` (422)",
        _unless(lambda body: "max_tokens" in body, _reply(422, _EXTRA)),
    ),
    "openai_refusal": ("refuses in the field `refusal`", _stream("I can't help ", "with that.", field="refusal")),
    "openai_no_stream": (
        "may not be streamed",
        _unless(
            lambda body: body["stream"],
            _refuse(400, _NO_STREAM, "unsupported_value"),
            _reply(200, {"choices": [{"message": {"content": SAID}, "finish_reason": "stop"}]}),
        ),
    ),
    # Azure
    "azure_dated": ("is Azure's, at an address with an `api-version`", _dated),
    "azure_undated": ("is Azure's, without the `api-version` that its address needs", _dated),
    "azure_v1": (
        "sends a filter's verdicts before, within and after its answer",
        _raw(
            "",
            {"choices": [], "prompt_filter_results": []},
            _chunk("", **_FILTER_RESULTS),
            _chunk(SAID, "stop"),
            {"choices": [{"content_filter_offsets": {}, "finish_reason": None, "index": 0}]},
            "[DONE]",
        ),
    ),
    "azure_filtered": ("filters the prompt (400)", _refuse(400, _FILTERED, "content_filter")),
    "azure_filtered_midway": ("filters the answer after a sentence", _stream(SAID, finish="content_filter")),
    # Ollama, vLLM, llama.cpp, LM Studio
    "ollama": (
        "says `stop` in a chunk with a role, then sends usage",
        _raw("", _chunk(SAID), _chunk("", "stop"), {"choices": [], "usage": {"total_tokens": 3}}, "[DONE]"),
    ),
    "ollama_missing": ("has not pulled the model (404)", _refuse(404, _PULL)),
    "think_field": (
        "sends its thoughts in a field of their own",
        _raw(
            "", {"choices": [{"delta": {"reasoning_content": _THOUGHT, "reasoning": _THOUGHT}}]}, _chunk(SAID, "stop")
        ),
    ),
    "thinks_out": (
        "sends thoughts in their field until its tokens are spent",
        _stream(_THOUGHT, finish="length", field="reasoning_content"),
    ),
    "all_in_thoughts": ("sends the whole answer as thoughts", _stream(SAID, field="reasoning_content")),
    "vllm_room": ("finds `max_tokens` too large beside any passages", _refuse(400, _ROOM)),
    "gemma_system": (
        "knows no system role",
        _unless(lambda body: body["messages"][0]["role"] == "system", _refuse(400, "System role not supported")),
    ),
    "alternate": (
        "wants speakers to alternate, from the user on",
        _unless(lambda body: body["messages"][0]["role"] == "system", _refuse(400, _ALTERNATE)),
    ),
    "llamacpp": (
        "says `stop` and `[DONE]`, with its timings",
        _raw("", _chunk(None), _chunk(SAID), _chunk(None, "stop", timings={"prompt_n": 1}), "[DONE]"),
    ),
    "llamacpp_loading": ("is still loading the model (503)", _refuse(503, "Loading model", "unavailable_error")),
    "llamacpp_window": (
        "finds any passages larger than its window",
        _refuse(400, _WINDOW, "exceed_context_size_error"),
    ),
    "lmstudio_none": ("has loaded no model (404)", _refuse(404, "No models loaded.", "model_not_found")),
    "lmstudio_crash": ("reports a crash as an event of its own kind", lambda h, body: h.begin(_CRASHED.encode())),
    # Gemini
    "gemini": (
        "ends with `stop` in a chunk without content",
        _raw(
            "",
            _chunk(SAID),
            {"choices": [{"delta": {"role": "assistant"}, "finish_reason": "stop", "index": 0}]},
            "[DONE]",
        ),
    ),
    "gemini_key": ("says of the key in a 400, in a list", _reply(400, [{"error": {"code": 400, "message": _KEY}}])),
    "gemini_safety": ("stops for safety without a word", _stream("", finish="content_filter: PROHIBITED_CONTENT")),
    "gemini_quota": (
        "answers 429, the quota used up, in a list",
        _reply(429, [{"error": {"code": 429, "message": "You exceeded your current quota. Please retry in 60s."}}]),
    ),
    # Anthropic, Mistral, Groq, Together
    "anthropic_no_temperature": (
        "finds the temperature deprecated",
        _unless(lambda body: "temperature" in body, _refuse(400, "`temperature` is deprecated for this model.")),
    ),
    "anthropic_overloaded": ("is overloaded (529)", _refuse(529, "Overloaded", "overloaded_error")),
    "magistral_parts": ("sends content as parts, thoughts among them", _stream(*_PARTS)),
    "model_length": ("reaches the model's own length after a sentence", _stream(SAID, finish="model_length")),
    "groq": (
        "adds fields of its own",
        _raw("", _chunk(SAID, x_groq={"id": "r"}), _chunk("", "stop", x_groq={}), "[DONE]"),
    ),
    "groq_large": (
        "finds the request too large (413), takes half of the passages",
        _unless(_long, _refuse(413, _LARGE, "rate_limit_exceeded")),
    ),
    "together": (
        "repeats the text beside the delta, ends with `eos`",
        _raw("", _TEXT_TOO, _chunk("", "eos"), "[DONE]"),
    ),
    # OpenRouter
    "openrouter": (
        "sends comments first and an empty chunk last",
        _raw(_DOTS, _chunk(SAID, provider="X"), _chunk("", "stop"), _chunk("", usage={"cost": 0}), "[DONE]"),
    ),
    "openrouter_waits": ("sends comments for longer than the first-token deadline", _after_silence(_processing)),
    "openrouter_error": (
        "reports an error after a sentence",
        _raw("", _chunk(SAID), _chunk("", "error", error={"code": 502, "message": "Provider returned error"})),
    ),
    "openrouter_finish": ("ends a sentence with `finish_reason` `error`", _stream(SAID, finish="error")),
    "openrouter_200": ("sends an error with 200", _reply(200, {"error": {"message": "Provider error", "code": 502}})),
    "openrouter_402": ("has no credit left (402)", _refuse(402, _CREDITS)),
    # endings and bodies
    "length_and_done": ("reaches its token limit after a sentence", _stream(SAID, finish="length")),
    "length_midway": (
        "reaches its token limit in the second sentence",
        _stream(f"{SAID} It sits in Tam", finish="length"),
    ),
    "unknown_ending": ("ends for a reason that nobody knows", _stream(SAID, finish="insufficient_system_resource")),
    "octet": (
        "calls its stream binary, plain text or NDJSON",
        _raw("", _chunk(SAID, "stop"), kind="application/octet-stream"),
    ),
    "cr": ("ends lines with `\\r` alone", _raw("", _chunk(SAID, "stop"), "[DONE]", end="\r\r")),
    "bom": ("begins with a byte order mark", _raw("\ufeff", _chunk(SAID, "stop"), "[DONE]")),
    "unended_event": ("leaves the last event open", _raw(f"data: {json.dumps(_chunk(SAID, 'stop'))}\n\ndata: [DONE]")),
    "tool_calls": ("calls a tool that nobody offered", _stream(None, finish="tool_calls")),
    # thoughts in the text
    "think_no_open": ("closes a thought that it did not open", _stream(_THOUGHT, "</thi", "nk>\n\n", SAID)),
    "think_no_open_token": ("says in such a thought that nothing is there", _stream(_TOKEN, "</think>", SAID)),
    "think_no_open_citing": (
        "cites in a thought that it did not open",
        _stream(f"{_THOUGHT} It sits in Tamanrasset [1]. So I say it.", "</think>", SAID),
    ),
    "think_preamble": (
        "begins with “Let me see.”, thinks, and answers",
        _stream("Let me see. <think>", _THOUGHT, f"</think>{SAID}"),
    ),
    "think_upper": ("thinks in `<Thinking>`", _stream(f"<Thinking>\n{_THOUGHT}\n</Thinking>\n\n{SAID}")),
    "think_thought": ("thinks in `<thought>`", _stream(f"<thought>\n{_THOUGHT}\n</thought>\n\n{SAID}")),
    "think_brackets": ("thinks in `[THINK]`", _stream(f"[THINK]{_THOUGHT}[/THINK]{SAID}")),
    "think_channels": (
        "thinks in a channel (gpt-oss)",
        _stream(
            f"<|channel|>analysis<|message|>{_THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{SAID}<|return|>"
        ),
    ),
    "think_bare": ("thinks in a channel whose marks are gone", _stream(f"analysis{_THOUGHT}assistantfinal{SAID}")),
    "think_midway": (
        "thinks after a sentence",
        _stream(f"It sits in Tamanrasset [1]. <think>{_THOUGHT}</think>{SAID}"),
    ),
    "think_token": ("says in a thought that nothing is there", _stream(f"<think>{_TOKEN}</think>{SAID}")),
    "think_length": ("thinks in tags until its tokens are spent", _stream(f"<think>{_THOUGHT}" * 9, finish="length")),
}
