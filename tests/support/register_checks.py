"""What a register must show, told by a verifier of its own export."""

from typing import Any

from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Time
from cms_backend.core.report_model import Report, Verdict
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.support.backend_app import Api

NOW = Time("2026-06-01T12:00:00.000Z")
SOUND = (Verdict.verified, Verdict.undecided, Verdict.not_recognised)


async def exported(api: Api, contract: str) -> bytes:
    """The evidence that a register hands out, with everything logged that waits for it."""
    await api.sequenced()
    data = await api.get(f"/contracts/{contract}/evidence")
    assert isinstance(data, bytes)
    return data


async def shows_what_is_proven(api: Api, contract: str) -> Report:
    """The register says of a contract what a verifier says of its export; the report."""
    data = await exported(api, contract)
    report = verify_evidence(data, LedgerFacts(), Trust(), NOW)
    shown = await api.get(f"/contracts/{contract}")
    failed = [(one.id, one.found) for one in report.checks if one.state == "failed" and one.counts_as]
    assert report.verdict in SOUND, (report.headline, failed)
    assert shown["row"]["status"] == (report.state or "draft"), report.headline
    places = {one.digest: (one.log, one.index) for one in report.events}
    listed = {one["digest"]: (one["log"], one["index"]) for one in shown["entries"]}
    assert listed == {digest: places[digest] for digest in listed}
    assert places.keys() == listed.keys()
    assert Evidence.from_bytes(data).to_bytes() == data
    return report


def proven(report: Report) -> dict[str, Any]:
    """What a report says of state and order, without what the time of its making changes."""
    return {
        "state": report.state,
        "genesis": report.genesis,
        "title": report.title,
        "revision": report.revision,
        "root": report.root,
        "logged": {one.digest: (one.log, one.index) for one in report.events if one.index is not None},
        "decided": [(one.did, one.decision) for one in report.parties],
    }
