"""What the pages need is imported after the first frame, so that the window answers while that goes on.

Modules without Qt are imported on a thread; those that declare types to Qt come one by one, on the thread of the
window, with a turn of the event loop after each.
"""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cms_desktop.session import Tasks

WITHOUT_QT: Final = (
    "cms_desktop.wallet.service",
    "cms_desktop.wallet.key_files",
    "cms_desktop.wallet.replacing",
    "cms_desktop.wallet.vault",
    "cms_desktop.wallet.words",
    "httpx",
    # What httpx and httpcore leave for their first request.
    "httpcore",
    "anyio._backends._asyncio",
    "cms_desktop.backend.supervisor",
    "cms_desktop.api.client",
    "cms_desktop.api.stream",
    "cms_desktop.api.log_watch",
    "cms_desktop.api.node_address",
    "cms_desktop.workflow.workspace",
    "cms_desktop.workflow.key_ends",
    "cms_desktop.workflow.checklist",
    "cms_desktop.workflow.draft_text",
    "cms_desktop.workflow.redline",
    "cms_desktop.workflow.sample",
    "cms_backend.report.html",
    "markdown_it",
    "cms_backend.core.verify",
    "cms_desktop.exchange.judging",
    "cms_desktop.api.roots",
    "cms_desktop.presentation.changes",
    "cms_desktop.presentation.comments",
    "cms_desktop.presentation.doubts",
    "cms_desktop.presentation.draft_edit",
    "cms_desktop.presentation.draft_rows",
    "cms_desktop.presentation.dropped",
    "cms_desktop.presentation.exporting",
    "cms_desktop.presentation.log_words",
    "cms_desktop.presentation.offering",
    "cms_desktop.presentation.paper",
    "cms_desktop.presentation.party_rows",
    "cms_desktop.presentation.register",
    "cms_desktop.presentation.report_view",
    "cms_desktop.presentation.revision",
    "cms_desktop.presentation.steps",
    "cms_desktop.presentation.summary",
    "cms_desktop.presentation.tamper",
    "cms_desktop.presentation.today",
    "cms_desktop.presentation.tracks",
    "cms_desktop.presentation.turn",
    "cms_desktop.presentation.wallet_rows",
)
WITH_QT: Final = (
    "cms_desktop.viewmodels.home",
    "cms_desktop.viewmodels.contracts",
    "cms_desktop.viewmodels.draft",
    "cms_desktop.viewmodels.contract",
    "cms_desktop.viewmodels.sign",
    "cms_desktop.viewmodels.verify",
    "cms_desktop.viewmodels.wallet",
    "cms_desktop.viewmodels.activity",
    "cms_desktop.viewmodels.settings",
    "cms_desktop.services",
)


async def load_pages(tasks: Tasks) -> None:
    """Import everything that `cms_desktop.services` stands on, and that."""
    for name in WITHOUT_QT:
        await tasks.thread(importlib.import_module, name)
    for name in WITH_QT:
        importlib.import_module(name)
        await asyncio.sleep(0)
