"""The report as one HTML file: light and dark, prints well, no script, nothing loaded from outside."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cms_backend.core.report_model import Report
from cms_backend.report.view import report_view
from cms_backend.resources import resource


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )


def render_html(report: Report) -> str:
    """One self-contained page. Every text is escaped; a content security policy forbids loads and scripts."""
    return _environment().get_template("report.html.j2").render(view=report_view(report))
