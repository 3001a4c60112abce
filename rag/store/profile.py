"""What made the rows of a store: the encoder, how its tokens are packed, the versions of chunker and analyser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rag.encoding.encoder import Fingerprint
from rag.encoding.loading import load_token_code, token_code_name
from rag.encoding.token_codes import INT8, TokenCode
from rag.errors import IndexMismatchError

REBUILD_COMMAND = "python -m rag index --rebuild"


@dataclass(frozen=True, slots=True)
class Profile:
    """What made the rows: rows of different profiles cannot be searched together."""

    fingerprint: Fingerprint
    chunker: int
    analyser: int
    token_code: str = INT8  # all there was before it had a name

    @classmethod
    def current(cls, fingerprint: Fingerprint) -> Profile:
        """The profile of this program with the given encoder."""
        from rag.text.analyser import ANALYSER_VERSION
        from rag.text.chunking import CHUNKER_VERSION

        return cls(fingerprint, CHUNKER_VERSION, ANALYSER_VERSION, token_code_name(fingerprint))

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """The inverse of :meth:`to_json`."""
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Profile:
        """Raises KeyError or TypeError for what is no profile."""
        return cls(**{**value, "fingerprint": Fingerprint(**value["fingerprint"])})

    def to_json(self) -> str:
        """One line of JSON, the same for the same profile."""
        return json.dumps(asdict(self), sort_keys=True)

    def load_token_code(self) -> TokenCode:
        """What packed the token vectors. Raises IndexMismatchError when this program cannot read them."""
        code = load_token_code(self.token_code, self.fingerprint.dimension)
        if code is None:
            raise IndexMismatchError(
                f"The token codes {self.token_code!r} are not for {self.fingerprint.dimension} dimensions.",
                f"Make the index again: {REBUILD_COMMAND}",
            )
        return code

    def require(self, wanted: Profile) -> None:
        """Raises IndexMismatchError, naming the first difference, unless this profile is ``wanted``."""
        ours, theirs = _flat(self), _flat(wanted)
        for name, value in ours.items():
            if value != theirs[name]:
                raise IndexMismatchError(
                    f"The index was made with {name} {value!r}; the program now has {theirs[name]!r}.",
                    f"Make it again: {REBUILD_COMMAND}",
                )


def _flat(profile: Profile) -> dict[str, object]:
    return {
        **{f"encoder {name}": value for name, value in profile.fingerprint.to_dict().items()},
        "chunker version": profile.chunker,
        "analyser version": profile.analyser,
        "token code": profile.token_code,
    }
