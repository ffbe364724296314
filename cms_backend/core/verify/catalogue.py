"""Every check of section 9: its plain question, where the rule stands, and what a failure counts as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cms_backend.core.report_model import Source, Verdict


@dataclass(frozen=True, slots=True)
class CheckKind:
    """What all checks of one id share. `counts_as`: None when a failure harms nothing but its own event."""

    question: str
    section: str
    source: Source
    counts_as: Verdict | None
    remedy: str | None


_COPY = "Ask another party for its own copy, and compare."
_NEWER = "Ask for the file again: something that belongs to it is missing."
_C, _F, _L, _O = Source.computed, Source.file, Source.ledger, Source.operator

CATALOGUE: Final[Mapping[str, CheckKind]] = MappingProxyType(
    {
        "FILE-PARSE": CheckKind(
            "Is it an evidence file?", "Protocol, sections 1 and 8", _C, Verdict.no_proof, _COPY
        ),
        "FILE-DIGEST": CheckKind("Is the file undamaged?", "Protocol, section 8", _C, Verdict.altered, _COPY),
        "DOC-ROOT": CheckKind(
            "Is it the text that was signed?",
            "Protocol, section 2; RFC 6962, 2.1",
            _C,
            Verdict.altered,
            _COPY,
        ),
        "DOC-LEAF": CheckKind(
            "Do the shown parts belong to the signed text?",
            "Protocol, section 2; RFC 9162, 2.1.3.2",
            _C,
            Verdict.altered,
            _COPY,
        ),
        "DOC-ATTACH": CheckKind(
            "Are the attachments those that were named?", "Protocol, section 2", _C, Verdict.altered, _COPY
        ),
        "DOC-RULES": CheckKind("May this text be proposed?", "Protocol, section 2", _C, None, None),
        "DOC-HIDDEN": CheckKind("Is a part of the text hidden?", "Protocol, section 2", _C, None, None),
        "EVT-FORM": CheckKind(
            "Is the event in its one form?", "Protocol, section 3", _C, Verdict.no_proof, _COPY
        ),
        "EVT-INTENT": CheckKind(
            "Does it say what was meant?", "Protocol, section 3", _C, Verdict.no_proof, _COPY
        ),
        "SIG-SUITE": CheckKind(
            "Is the signature of the kind that the key makes?",
            "Protocol, section 4",
            _C,
            Verdict.altered,
            _COPY,
        ),
        "SIG-ACTOR": CheckKind(
            "Does the signature fit the key?",
            "Protocol, section 4; RFC 8032, 5.1.7",
            _C,
            Verdict.altered,
            _COPY,
        ),
        "KEY-PIN": CheckKind("Is it the key that the document names?", "Protocol, section 5", _C, None, None),
        "KEY-END": CheckKind("Was the key still in use?", "Protocol, section 5", _C, None, None),
        "KEY-BIND": CheckKind(
            "Was the key theirs?",
            "Protocol, section 5",
            _C,
            Verdict.not_recognised,
            "Resolve the DID yourself, and compare its key.",
        ),
        "EVT-CHAIN": CheckKind(
            "Is the event there that it stands on?", "Protocol, section 3", _C, Verdict.incomplete, _NEWER
        ),
        "EVT-AFTER": CheckKind(
            "Are the decisions there that it builds on?",
            "Protocol, section 3",
            _C,
            Verdict.incomplete,
            _NEWER,
        ),
        "LIFE-WHO": CheckKind("Might this person do that?", "Protocol, section 3", _C, None, None),
        "LIFE-STATE": CheckKind("Was it possible at that point?", "Protocol, section 3", _C, None, None),
        "LIFE-STEP": CheckKind("Was it their turn?", "Protocol, section 3", _C, None, None),
        "LIFE-FORK": CheckKind(
            "Is there one history only?",
            "Protocol, section 3",
            _C,
            Verdict.undecided,
            "Ask those who signed the rivals which one holds.",
        ),
        "LIFE-COMPLETE": CheckKind("Has everyone decided?", "Protocol, section 3", _C, None, None),
        "LOG-NOTE": CheckKind(
            "Did the log sign its checkpoint?",
            "Protocol, section 6; C2SP tlog-checkpoint",
            _C,
            Verdict.altered,
            _COPY,
        ),
        "LOG-INCLUSION": CheckKind(
            "Is it under the checkpoint?",
            "Protocol, section 6; RFC 9162, 2.1.3.2",
            _C,
            Verdict.altered,
            _COPY,
        ),
        "LOG-SLOT": CheckKind(
            "Is it alone in its place?",
            "Protocol, section 6",
            _C,
            Verdict.incomplete,
            "Keep this file: it proves that the log is broken.",
        ),
        "LOG-CONSISTENT": CheckKind(
            "Is the log's history one?",
            "Protocol, section 6; RFC 9162, 2.1.4.2",
            _C,
            Verdict.incomplete,
            "Keep both checkpoints: together they prove that the log showed two histories.",
        ),
        "ANCHOR-LEDGER": CheckKind(
            "Is it the ledger that the log named?", "Protocol, section 7", _L, Verdict.altered, _COPY
        ),
        "ANCHOR-MATCH": CheckKind(
            "Does a block hold that root?", "Protocol, section 7", _L, Verdict.altered, _COPY
        ),
        "ANCHOR-FINAL": CheckKind("Is that block final?", "Protocol, section 7", _L, None, None),
        "TIME-SEEN": CheckKind("Is what the signer had seen real?", "Protocol, section 9", _L, None, None),
        "TIME-WINDOW": CheckKind(
            "Does the claimed time fit what is proven?", "Protocol, section 9", _L, None, None
        ),
        "TAIL": CheckKind(
            "Did anything come later?",
            "Protocol, section 9",
            _C,
            Verdict.incomplete,
            "Ask for the newest file of this contract.",
        ),
    }
)
