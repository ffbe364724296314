"""Contracts between people without a server: evidence files, and PDFs that carry one."""
