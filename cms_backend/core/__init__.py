"""The pure kernel: what is hashed, signed, logged and verified (docs/protocol.md).

Everything here takes values and returns values. No clock, socket, disk, environment, session or window.
"""
