"""Sphinx's settings for the documentation site, which `make docs` builds.

The source folder is the whole checkout, so that links between pages inside and outside docs/ are
the same on the site and in the files. `include_patterns` says which files are pages.
"""

import sys
from pathlib import Path

import numpy.typing

from deeplift_genomics.version import __version__

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs" / "_extensions"))

project = "deeplift_genomics"
author = "the authors of deeplift_genomics"
copyright = author
version = release = __version__

root_doc = "docs/index"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "mathml",
    "public_names",
    "front_door",
    "long_names",
]
include_patterns = [
    "docs/**",
    "config/README.md",
    "resources/demo/README.md",
    "resources/demo/chrombpnet/README.md",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
]
# folders that Sphinx need not walk through
_WITH_PAGES = {"docs", "config", "resources"}
exclude_patterns = [
    *sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in _WITH_PAGES),
    *("docs/_build", "docs/_extensions", "**/.ipynb_checkpoints"),
]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}

# --- Markdown and notebooks -----------------------------------------------------------------------
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # notebooks are stored with their outputs, and tests hold them
nb_ipywidgets_js = {}  # nothing is loaded from a network

# --- docstrings -----------------------------------------------------------------------------------
# by their names, and not by all that they stand for
_OF_NUMPY = {"__module__": "numpy.typing", "__class_getitem__": classmethod(lambda cls, item: cls)}
numpy.typing.ArrayLike = type("ArrayLike", (), _OF_NUMPY)
numpy.typing.NDArray = type("NDArray", (), _OF_NUMPY)
smartquotes = False  # messages and names are searched for as they are written
default_role = "code"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
nitpicky = True
# types of other packages, whose documentation is not at hand without a network, and of docstrings,
# which are words
nitpick_ignore_regex = [("py:.*", r"(?!deeplift_genomics).*")]

# --- HTML -----------------------------------------------------------------------------------------
html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # fetched by a script, which a page opened from disk may not do
html_use_index = True
html_domain_indices = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b57a4", "color-brand-content": "#0b57a4"},
    "dark_css_variables": {"color-brand-primary": "#8fc1ff", "color-brand-content": "#8fc1ff"},
}
