"""What made the rows of a store: the encoder, and the versions of chunker and analyser."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from rag.encoding.encoder import Fingerprint
from rag.errors import IndexMismatchError

REBUILD_COMMAND = "python -m rag index --rebuild"


@dataclass(frozen=True, slots=True)
class Profile:
    """What made the rows: rows of different profiles cannot be searched together."""

    fingerprint: Fingerprint
    chunker: int
    analyser: int

    @classmethod
    def current(cls, fingerprint: Fingerprint) -> Profile:
        """The profile of this program with the given encoder."""
        from rag.text.analyser import ANALYSER_VERSION
        from rag.text.chunking import CHUNKER_VERSION

        return cls(fingerprint, CHUNKER_VERSION, ANALYSER_VERSION)

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """The inverse of :meth:`to_json`."""
        value = json.loads(text)
        return cls(Fingerprint(**value["fingerprint"]), value["chunker"], value["analyser"])

    def to_json(self) -> str:
        """One line of JSON, the same for the same profile."""
        return json.dumps(asdict(self), sort_keys=True)

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
    }
