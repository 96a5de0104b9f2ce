"""Sphinx settings. `python3 dev.py docs` builds the pages; a warning is an error."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import libops

project = "libops"
author = "libops contributors"
copyright = "libops contributors"
release = version = libops.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "house_directives",
    "reference_directives",
    "settings_directive",
]
exclude_patterns = ["_build", "_ext"]
html_theme = "furo"
html_title = "libops"
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# A short name in a signature may fit two classes.
suppress_warnings = ["ref.python"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
# Every object in every table of contents made the build four times as long.
toc_object_entries = False
add_module_names = False
python_use_unqualified_type_names = True
