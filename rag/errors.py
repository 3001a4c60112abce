"""Every error the program raises on purpose.

::

    IsnadError
    ├── SettingsError        a setting is unknown or ill-typed
    ├── QuestionError        the question cannot be used (empty, too long, not text)
    ├── ArticleError         one article cannot be read; never stops a batch
    ├── FetchError           a page of the web cannot be fetched; the others are
    ├── CorpusError          the folder of articles is missing or holds nothing
    ├── EvaluationError      an evaluation set is malformed
    ├── EncoderError         the encoder cannot be built, found or trusted
    ├── IndexMissingError    there is no index yet
    ├── IndexMismatchError   the index was made by another encoder, chunker or analyser
    ├── IndexDamagedError    a file of the index fails its hash
    ├── IndexLockedError     another process is writing
    ├── QdrantError          the Qdrant server cannot be reached, refuses, or lacks the index
    ├── StorageError         the disk is full or refuses a write
    ├── NotFoundError        no such article, job, key or embed
    ├── PromptError          a prompt file is missing or lacks a variable
    ├── AnswererError        the language model failed; the extractive answer takes over
    ├── AccessError          no key, a wrong key, or a scope that does not reach
    ├── LimitError           too large, too many, too fast
    └── FaultError           what the program did not expect

A message names the value, what was wanted, and (in ``hint``) the cure.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import ClassVar

_FORBIDDEN = (errno.EACCES, errno.EPERM)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class IsnadError(Exception):
    """Base of the tree. ``code`` is stable and part of the API; ``hint`` is the cure in one sentence."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SettingsError(IsnadError):
    """A setting is unknown or ill-typed."""

    code = "bad_setting"


class QuestionError(IsnadError):
    """The question cannot be used: empty, too long, or not valid text."""

    code = "bad_question"


class ArticleError(IsnadError):
    """One article cannot be read; the batch goes on without it."""

    code = "bad_article"


class NotPublishedError(ArticleError):
    """What it holds was never published, or was taken back: it is left out, and nothing failed."""


class FetchError(IsnadError):
    """A page of the web cannot be fetched; the others are.

    ``passing``: another time may do; ``after_s``: not before so many seconds, as its server asks, 0 if it does not.
    """

    code = "fetch_failed"

    def __init__(self, message: str, hint: str = "", *, passing: bool = False, after_s: float = 0.0) -> None:
        super().__init__(message, hint)
        self.passing = passing
        self.after_s = after_s


class CorpusError(IsnadError):
    """The folder of articles is missing or holds nothing readable."""

    code = "bad_corpus"


class EvaluationError(IsnadError):
    """An evaluation set is malformed."""

    code = "bad_evaluation_set"


class EncoderError(IsnadError):
    """The encoder cannot be built, found or trusted."""

    code = "encoder_unavailable"


class IndexMissingError(IsnadError):
    """There is no index yet."""

    code = "index_missing"


class IndexMismatchError(IsnadError):
    """The index was made by another encoder, chunker or analyser."""

    code = "index_mismatch"


class IndexDamagedError(IsnadError):
    """A file of the index fails its hash."""

    code = "index_damaged"


class IndexLockedError(IsnadError):
    """Another process is writing to the index."""

    code = "index_locked"


class QdrantError(IsnadError):
    """The Qdrant server cannot be reached, refuses, or does not hold the index."""

    code = "qdrant_unavailable"


class StorageError(IsnadError):
    """The disk is full or refuses a write."""

    code = "storage_failed"

    @classmethod
    def of(cls, error: OSError, message: str = "", kept: str = "") -> StorageError:
        """What the system refused, with the cure. Without ``message`` the error's own words are told."""
        own = f"{error.strerror or error}: {error.filename or 'no file named'}."
        return cls(message or own, f"{cure_of(error)} {kept}".strip())


def cure_of(error: OSError) -> str:
    """What helps against what the system refused: space, a folder's owner, a disk that can be written to."""
    if error.errno in _FULL:
        return "Free some disk space and run the same command again."
    if error.errno == errno.EROFS:
        return "It lies on a read-only file system: mount a folder there that can be written to, or name another."
    if error.errno in _FORBIDDEN and error.filename:
        folder = next(each for each in Path(os.fsdecode(error.filename)).absolute().parents if each.exists())
        owner, user = folder.stat().st_uid, os.geteuid()
        if owner != user:
            return f"{folder} belongs to user {owner}, and this runs as user {user}: `chown -R {user} {folder}`."
    return "Check the disk and the folder's permissions and run the same command again."


class NotFoundError(IsnadError):
    """No such article, job, key or embed."""

    code = "not_found"


class PromptError(IsnadError):
    """A prompt file is missing or lacks a variable."""

    code = "bad_prompt"


class AnswererError(IsnadError):
    """The language model failed; the extractive answer takes over.

    ``outcome`` is a stable word (see :mod:`rag.generation.endpoint_outcomes`), ``partial`` what had been written.
    """

    code = "answerer_failed"

    def __init__(self, message: str, hint: str = "", outcome: str = "failed", partial: str = "") -> None:
        super().__init__(message, hint)
        self.outcome = outcome
        self.partial = partial


class AccessError(IsnadError):
    """No key, a wrong key, or a scope that does not reach."""

    code = "access_denied"


class LimitError(IsnadError):
    """Too large, too many or too fast."""

    code = "limit_exceeded"


class FaultError(IsnadError):
    """What the program did not expect: a fault of its own, or too little memory."""

    code = "fault"

    @classmethod
    def of(cls, error: Exception) -> FaultError:
        """In words, with the way to see where it happened."""
        if isinstance(error, MemoryError):
            return cls("There is not enough memory.", "Free some, or index fewer and smaller files at a time.")
        told = f"{type(error).__name__}: {error}".rstrip(": ")
        return cls(
            f"Isnad met what it did not expect: {told}.", "Run it with `python -X dev` to see where, and report it."
        )
