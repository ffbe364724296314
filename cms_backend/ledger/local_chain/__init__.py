"""The embedded ledger: an EVM inside the backend process, with its chain in one SQLite file.

Its one writer is this process, so a block is final the moment it is on the disk. It proves no more than
the signed log does; it is there so that everything works without a node and without a network.
"""
