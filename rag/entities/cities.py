"""Cities by their names in Arabic letters, from GeoNames (``assets/cities.tsv``; made by ``training/city_table.py``).

For reading short answers only: in running text too many of their names are other words too.
"""

from __future__ import annotations

from functools import lru_cache

from rag.resources import asset


@lru_cache(maxsize=4)
def cities(language: str) -> dict[str, str]:
    """Arabic form as written -> the city's name for a reader of ``language``: the French one, or the English."""
    found: dict[str, str] = {}
    for line in asset("cities.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            arabic, english, *french = line.split("\t")
            shown = french[0] if french and language == "fr" else english
            found.update(dict.fromkeys(arabic.split("|"), shown))
    return found
