"""Runs published test vectors against this code: `python -m tests.conformance FOLDER [--json]`.

The vectors are not part of the project (their licences differ). FOLDER is laid out by topic, with a README
that names sources. One module under `topics` per topic; `exceptions` lists, one by one and with the reason,
every case whose published outcome is not ours.
"""
