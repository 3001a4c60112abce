"""What the site takes from outside ``docs/``, so that one text serves the repository and the site.

Pages that live elsewhere are read where they stand. Links are written as they work in the repository. One to a page or
picture of the site is turned into the site's; one to any other file becomes its text, since the site has no sources.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from properdocs.exceptions import PluginError
from properdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "articles.md": "corpus/README.md",
    "changelog.md": "CHANGELOG.md",
    "cities.md": "rag/assets/CITIES.md",
    "contributing.md": "CONTRIBUTING.md",
    "measurements.md": "bench/RESULTS.md",
    "reader.md": "rag/calibration/READER.md",
}
PICTURES = {f"results/{path.name}": f"bench/results/{path.name}" for path in ROOT.glob("bench/results/*.svg")}
LINK = re.compile(r"(?P<shown>!?\[[^\]]*\])\((?![a-z]+:|#)(?P<path>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add what stands outside ``docs/``."""
    for uri, path in {**PAGES, **PICTURES}.items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn the repository's links into the site's. Raises PluginError for a file that is not there."""
    home = Path(PAGES.get(page.file.src_uri, f"docs/{page.file.src_uri}")).parent

    def on_the_site(link: re.Match[str]) -> str:
        path = os.path.normpath(home / link["path"])
        if not (ROOT / path).exists():
            raise PluginError(f"{page.file.src_uri} links to {link['path']}, which is not there.")
        if uri := SITE_URIS.get(path) or (path.startswith("docs/") and path.removeprefix("docs/")):
            return f"{link['shown']}({uri}{link['anchor'] or ''})"
        return link["shown"].strip("![]")

    return LINK.sub(on_the_site, markdown)


SITE_URIS = {path: uri for uri, path in {**PAGES, **PICTURES}.items()}
