"""The pages that are tested without a run."""

from pathlib import Path

import pytest

from tests.browser.gallery import write_gallery


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a page with every kind of drawing and a table of 60 rows."""
    path = tmp_path_factory.mktemp("gallery") / "gallery.html"
    write_gallery(path)
    return path
