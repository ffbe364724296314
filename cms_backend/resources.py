"""Where the files lie that are shipped beside the code: schemas, ABI, report templates."""

from pathlib import Path

_PACKAGED = Path(__file__).resolve().parent.parent / "cms_desktop" / "_data" / "resources"
_CHECKOUT = Path(__file__).resolve().parent.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of a shipped resource, such as ``resource("abi", "ContractLedger.json")``.

    A wheel carries the resources inside a package; a checkout has them at its top level.
    """
    root = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    return root.joinpath(*parts)
