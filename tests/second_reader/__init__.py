"""A second reader of the protocol, written from docs/protocol.md and the standards it cites only.

It shares no code with the system: where the two disagree over tests/vectors, the text or one of them is wrong.
"""
