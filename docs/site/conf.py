"""How Sphinx makes the site at /docs/ of the pages that ``build.py`` has gathered."""

from pathlib import Path

HERE = Path(__file__).parent

project = html_title = "Doable"
language = "en"
extensions = ["myst_parser"]
myst_heading_anchors = 3  # the levels that links name, with the anchors of GitHub

suppress_warnings = ["misc.highlighting_failure"]  # what is shown in parts, with … for the rest

html_theme = "furo"
templates_path = [str(HERE / "_templates")]
html_static_path = [str(HERE / "_static")]
html_css_files = ["doable.css"]
html_copy_source = html_show_sourcelink = html_show_sphinx = html_show_copyright = False
html_use_index = False
html_permalinks_icon = "#"
