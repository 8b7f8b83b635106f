"""A page at the top of the built site that leads to the first page, which is in docs/."""

from pathlib import Path

from sphinx.application import Sphinx

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={first}">
<a href="{first}">{title}</a>
</html>
"""


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the page when the build has ended well."""
    if error is None and app.builder.name == "html":
        first = app.builder.get_target_uri(app.config.root_doc)
        page = PAGE.format(title=app.config.html_title, first=first)
        Path(app.outdir, "index.html").write_text(page, "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the page after each build."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
