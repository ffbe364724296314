"""A second reader of the protocol, written from docs/protocol.md and the standards it cites only.

It shares no code with the system: where the two disagree over tests/vectors, the text or one of them is wrong.
Scope: sections 1 to 9 as a verifier needs them, with verdict, state, as-of, tail, open items, checks, void events,
first bad event, time windows and exit code. Not here: headlines and words, merging, contact cards' use, ledger calls.

test_second_reader runs it over every vector; test_two_readers compares it with the system's verifier over made-up
files (story: what people sign; forge: keys and logs; histories: the file; damage: what may happen to it).
"""
