"""A second reader of the protocol, written from docs/protocol.md and the standards it cites only.

It shares no code with the system: where the two disagree over tests/vectors, the text or one of them is wrong.
Scope: sections 1 to 9 as a verifier needs them, with verdict and ETSI indication, state, revision, as-of, tail, open
items, checks, void events, first bad event, time windows and exit code. Not here: headlines and words, merging, contact
cards' use, ledger calls.

The reader: canonical, texts, forms, documents, proofs, merkle, notes (bytes and forms); evidence, intake (the file);
logs, chain (which logs, what is proven of them); standing, state, replay (what counts); waiting, tail, verify.

The tests: test_second_reader runs it over every vector. test_two_readers compares it with the system's verifier over
made-up files (story: what people sign; forge: keys and logs; histories: the file; damage: what may happen to it),
`python -m tests.second_reader --files N` over more of them. test_two_readers_of_texts compares what both take for a
key, a note or JSON (mutants). test_hostile_files puts it before the files of tests/adversary, judged by its invariants.
"""
