"""Vectors of the protocol: JSON files for whoever writes a second implementation, made from fixed keys.

`python -m tests.vectors.generate` writes them anew; a test holds that nothing changes. docs/protocol.md names
them as `file#id`. All keys and seeds here are public test material.
"""
