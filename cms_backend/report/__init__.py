"""Renders a verification report: one screen of text, one HTML file, one PDF with the evidence inside.

All three say what `cms_backend.core.report_model.Report` holds, and nothing that it does not hold.
"""
