"""The browser that opens the pages."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium: the system's, or the one that `playwright install` has put beside it."""
    with sync_playwright() as driver:
        places = [*map(shutil.which, NAMES), driver.chromium.executable_path]
        path = next((place for place in places if place and Path(place).exists()), None)
        if path is None:
            message = "no Chromium found: install Debian's package chromium to test the pages"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        # root has no sandbox, and containers little shared memory
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        started = driver.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()
