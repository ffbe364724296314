"""The register: filters, text search and keyset paging over the rows of ``contracts``.

A status that only the clock changes (expired, lapsed, a notice that takes effect) is computed in the
query from the stored dates, in the order of section 3 of the protocol; nothing has to run when a date
passes.
"""

import base64
import binascii
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, RowMapping, and_, case, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cms_backend.contract.models import contract_people, contracts
from cms_backend.http.problems import BadRequest

STATUSES = (
    "draft",
    "pending",
    "lapsed",
    "in_force",
    "notice_given",
    "expired",
    "terminated",
    "declined",
    "withdrawn",
)
#: name of a sort order -> the column; a leading "-" is descending.
SORTS = {
    "updated": contracts.c.updated_at,
    "created": contracts.c.created_at,
    "title": contracts.c.sort_title,
    "valid_until": contracts.c.valid_until,
    "reply_by": contracts.c.reply_by,
}
#: Sorts after every text that a column can hold: rows without a date come last.
_LAST = "\U0010ffff"
_WORDS = 8


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the register. ``reader``: only what this DID may see; ``needs``: awaits
    one of these.
    """

    text: str = ""
    statuses: Sequence[str] = ()
    party: Sequence[str] = ()
    needs: Sequence[str] = ()
    sort: str = "-updated"
    cursor: str | None = None
    limit: int = 50
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page: rows (with ``status`` as of now), the next page's cursor, and how many there are in all."""

    rows: Sequence[RowMapping]
    next: str | None
    total: int


def status_at(now: str) -> ColumnElement[str]:
    """The reported status of a row at a time: the first that fits (protocol, section 3)."""
    c = contracts.c
    return case(
        (c.terminated_on <= now, "terminated"),
        (c.terminated_on.is_not(None), "notice_given"),
        (and_(c.in_force, c.in_force_until < now), "expired"),
        (c.in_force, "in_force"),
        (and_(c.pending, c.reply_by < now), "lapsed"),
        (c.pending, "pending"),
        else_=c.closed_status,
    )


def match_expression(text_query: str) -> str | None:
    """An FTS5 query of a person's words: each must begin a word; None if there is nothing to look for.

    What joins words (a hyphen, an apostrophe) parts them here as it does in the table; marks on letters are left out.
    """
    plain = "".join(
        letter if letter.isalnum() else "" if unicodedata.category(letter).startswith("M") else " "
        for letter in text_query
    )
    return " ".join(f'"{word}"*' for word in plain.split()[:_WORDS]) or None


def _cursor(value: str, n: int) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([value, n])).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, int]:
    try:
        value, n = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadRequest("The cursor is not one of this backend's.") from error
    if not isinstance(value, str) or not isinstance(n, int) or isinstance(n, bool) or abs(n) >= 2**63:
        raise BadRequest("The cursor is not one of this backend's.")
    return value, n


def _conditions(query: Query, now: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    c = contracts.c
    if query.statuses:
        unknown = [status for status in query.statuses if status not in STATUSES]
        if unknown:
            raise BadRequest(
                f"There is no status {unknown[0]!r}.", remedy=f"Use one of {', '.join(STATUSES)}."
            )
        conditions.append(status_at(now).in_(query.statuses))
    people = select(contract_people.c.contract)
    if query.reader is not None:
        conditions.append(c.n.in_(people.where(contract_people.c.did == query.reader)))
    if query.party:
        mine = people.where(contract_people.c.did.in_(query.party), contract_people.c.current)
        conditions.append(c.n.in_(mine))
    if query.needs:
        needed = people.where(contract_people.c.did.in_(query.needs), contract_people.c.needed)
        conditions.append(c.n.in_(needed))
        conditions.append(and_(c.pending, or_(c.reply_by.is_(None), c.reply_by >= now)))
    words = match_expression(query.text)
    if words is not None:
        found = text("SELECT rowid FROM contracts_search WHERE contracts_search MATCH :words")
        conditions.append(c.n.in_(found.bindparams(words=words).columns(contracts.c.n)))
    return conditions


async def find(connection: AsyncConnection, query: Query, now: str) -> Found:
    """One page of the register. Raises BadRequest for a status, sort order or cursor that is none."""
    name = query.sort.removeprefix("-")
    if name not in SORTS:
        raise BadRequest(f"There is no sort order {query.sort!r}.", remedy=f"Use one of {', '.join(SORTS)}.")
    descending = query.sort.startswith("-")
    # Only the date columns can be null; a bare column keeps its index.
    column = SORTS[name]
    key: ColumnElement[Any] = (
        func.coalesce(column, literal("" if descending else _LAST)) if column.nullable else column
    )
    conditions = _conditions(query, now)
    total = await connection.execute(select(func.count()).select_from(contracts).where(*conditions))
    page = select(contracts, status_at(now).label("status"), key.label("sort_key")).where(*conditions)
    if query.cursor is not None:
        value, n = _read_cursor(query.cursor)
        if descending:
            page = page.where(or_(key < value, and_(key == value, contracts.c.n < n)))
        else:
            page = page.where(or_(key > value, and_(key == value, contracts.c.n > n)))
    order = (key.desc(), contracts.c.n.desc()) if descending else (key.asc(), contracts.c.n.asc())
    rows = (await connection.execute(page.order_by(*order).limit(query.limit + 1))).mappings().all()
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    after = _cursor(rows[-1]["sort_key"], rows[-1]["n"]) if more else None
    return Found(rows, after, int(total.scalar_one()))


async def row_of(connection: AsyncConnection, contract: str, now: str) -> RowMapping | None:
    """The row of one contract, with its status at a time."""
    query = select(contracts, status_at(now).label("status")).where(contracts.c.id == contract)
    return (await connection.execute(query)).mappings().one_or_none()
