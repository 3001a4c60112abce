"""Settings: one table of (name, default, help), read from the environment and ``.env``.

Every name is the upper-case field with the prefix ``ISNAD_`` (``ISNAD_PORT=8000``); the model endpoint itself
uses the customary ``OPENAI_BASE_URL`` and ``OPENAI_API_KEY``. Unknown ``ISNAD_`` names and ill-typed values fail
at start, so that a misspelt setting is never silently ignored.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import SettingsError
from rag.resources import prompts_folder

PREFIX = "ISNAD_"
MAX_TOP_K = 50  # passages a question may draw on: a bound, since each is ranked and sent back
CUSTOMARY = {"openai_base_url": "OPENAI_BASE_URL", "openai_api_key": "OPENAI_API_KEY"}

T = TypeVar("T")


def _flag(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    return words[value.strip().lower()]


def _words(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


# type name -> (how to read it, what was wanted when that fails)
_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "str": (str, "text"),
    "int": (int, "a whole number"),
    "float": (float, "a number"),
    "bool": (_flag, "true or false"),
    "Path": (lambda value: Path(value).expanduser(), "a path"),
    "tuple[str, ...]": (_words, "a comma-separated list"),
}


def _setting(default: T, help: str, *, secret: bool = False, empty: bool = False) -> T:
    """``empty``: that one set to nothing means nothing, not the default."""
    value: T = field(default=default, repr=not secret, metadata={"help": help, "secret": secret, "empty": empty})
    return value


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "isnad"


@dataclass(frozen=True)
class Settings:
    """All settings, typed. Build with :meth:`load`; the constructor only stores."""

    host: str = _setting("127.0.0.1", "address to listen on; any other than loopback needs API keys")
    port: int = _setting(7860, "port to listen on")
    corpus_dir: Path = _setting(Path("corpus"), "folder of articles indexed by `index` and `make run`")
    index_dir: Path = _setting(Path(".isnad"), "folder of the store and the index")
    cache_dir: Path = _setting(_cache_home(), "folder for the converted encoder")
    prompts_dir: Path = _setting(prompts_folder(), "folder of the prompts")
    encoder: str = _setting("bundled", "`bundled`, or a sentence-transformers model: a hub name or a local folder")
    encoder_dimension: int = _setting(0, "dimensions kept of a vector, for models that allow it (Matryoshka); 0: all")
    reader: str = _setting(
        "bundled", "`bundled`, empty for none, or a question answering model: a hub name or a local folder", empty=True
    )
    device: str = _setting("auto", "where models other than the bundled ones run: auto, cpu or cuda")
    backend: str = _setting("torch", "what runs models other than the bundled ones: torch, onnx, onnx-int8 or openvino")
    reranker: str = _setting("", "cross-encoder that reranks the best passages: a hub name or a local folder")
    rerank_passages: int = _setting(20, "passages of a question that the reranker scores")
    qdrant_url: str = _setting("", "address of a Qdrant server that searches the index; empty: FAISS on this machine")
    qdrant_api_key: str = _setting("", "key of the Qdrant server", secret=True)
    reading: bool = _setting(True, "read the best passages: short answers, a better order; false is twice as quick")
    top_k: int = _setting(5, "passages an answer may draw on")
    min_confidence: float = _setting(0.0, "confidence that an answer needs besides, 0 to 1; 0: the learnt rule alone")
    max_question_chars: int = _setting(2000, "longest question accepted, in characters")
    llm_model: str = _setting("", "model of the OpenAI-compatible endpoint; empty: extractive answers only")
    openai_base_url: str = _setting("", "address of the OpenAI-compatible endpoint")
    openai_api_key: str = _setting("", "key of the OpenAI-compatible endpoint", secret=True)
    llm_seconds: float = _setting(60.0, "longest a model may take for one answer, retries included, in seconds")
    llm_first_token_seconds: float = _setting(20.0, "longest a model may take to begin its answer, in seconds")
    llm_context_tokens: int = _setting(8192, "context of the model, in tokens; passages beyond it are left out")
    llm_max_tokens: int = _setting(500, "longest answer asked of the model, in tokens")
    llm_thinking_tokens: int = _setting(0, "tokens to think in besides; 0: three times the answer's where asked for so")
    llm_reasoning: str = _setting(
        "", "effort asked of a model that thinks: low, medium ...; empty leaves it to the model"
    )
    llm_concurrent: int = _setting(4, "questions put to the model at once")
    insecure: bool = _setting(False, "serve an address other than loopback without API keys")
    allowed_hosts: tuple[str, ...] = _setting((), "host names answered besides loopback while there are no API keys")
    trusted_proxies: tuple[str, ...] = _setting((), "addresses of proxies whose X-Forwarded-For is believed")
    questions_per_minute: int = _setting(60, "questions a minute for each key, embed and address")
    max_concurrent: int = _setting(4, "questions worked on at once; a few more wait, the rest are told to come back")
    max_upload_mb: int = _setting(20, "largest upload accepted, in megabytes")
    keep_conversations: bool = _setting(True, "the browser keeps a reader's conversations; else its tab keeps one")
    log_questions: bool = _setting(False, "keep the text of questions in the log and beside readers' votes")
    language: str = _setting("", "language of the interface: ar, en or fr; empty follows the reader's browser")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
        """Read ``env_file`` (if it exists), then ``environ`` (default: the process's), which wins.

        Raises SettingsError for an unknown ``ISNAD_`` name or a value of the wrong type.
        """
        given = {**_read_env_file(env_file), **(os.environ if environ is None else environ)}
        known = {setting_name(f.name): f for f in fields(cls)}
        for name in given:
            if name.startswith(PREFIX) and name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else "`python -m rag doctor` lists the settings."
                raise SettingsError(f"Unknown setting {name}.", hint)
        told = {name: f for name, f in known.items() if given.get(name) or (name in given and f.metadata["empty"])}
        return cls(**{f.name: _parse(name, given[name], str(f.type)) for name, f in told.items()})


def unused_endpoint(settings: Settings) -> tuple[str, str]:
    """(what is wrong, the cure) where half of what a language model needs is set; ("", "") where nothing is amiss."""
    given = [setting_name(name) for name in CUSTOMARY if getattr(settings, name)]
    if given and not settings.llm_model:
        said = f"{' and '.join(given)} {'are' if len(given) > 1 else 'is'} set, but ISNAD_LLM_MODEL is not"
        return f"{said}: answers are extractive.", f"Set ISNAD_LLM_MODEL to have them written, or unset {given[0]}."
    if settings.llm_model and not given:
        hint = "Set OPENAI_BASE_URL (a server of your own) or OPENAI_API_KEY (OpenAI), or unset ISNAD_LLM_MODEL."
        return f"ISNAD_LLM_MODEL is {settings.llm_model!r}, but there is no endpoint to ask.", hint
    return "", ""


def setting_name(field_name: str) -> str:
    """The environment variable of a field."""
    return CUSTOMARY.get(field_name, PREFIX + field_name.upper())


def table() -> list[tuple[str, str, str]]:
    """(name, default, help) of every setting, for `doctor` and docs/settings.md."""
    return [(setting_name(f.name), _shown(f.default), f.metadata["help"]) for f in fields(Settings)]


def _shown(default: object) -> str:
    if isinstance(default, Path):
        try:
            return "~/" + str(default.relative_to(Path.home()))
        except ValueError:
            return default.name if default.is_absolute() else str(default)
    return ",".join(default) if isinstance(default, tuple) else str(default)


def _parse(name: str, value: str, kind: str) -> Any:
    read, wanted = _READERS[kind]
    try:
        value.encode()  # a name of other bytes could be written nowhere
        return read(value)
    except (ValueError, KeyError):
        raise SettingsError(f"{name} is {value!r}, wanted {wanted}.", f"Correct {name} or remove it.") from None


def _read_env_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    from dotenv import dotenv_values  # lazy: most starts have no .env

    try:
        return {name: value for name, value in dotenv_values(path).items() if value is not None}
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8.", "Save it as UTF-8, or remove it.") from None
