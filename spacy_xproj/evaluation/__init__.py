"""Scores, tables and the report page."""

from .alignment import score_links
from .metrics import Score, Scores, score_docs, score_tags
from .report import Layout, ReportExample, ReportTable, layout_links, write_report
from .tables import format_table

__all__ = [
    "Layout",
    "ReportExample",
    "ReportTable",
    "Score",
    "Scores",
    "format_table",
    "layout_links",
    "score_docs",
    "score_links",
    "score_tags",
    "write_report",
]
