"""The register as a list that is fetched as it is read; rows are formatted when a delegate asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Property, QAbstractListModel, QByteArray, QObject, Qt, Signal, Slot

from cms_desktop.models.rows import FIRST_ROLE, NOWHERE, Index

ROLES: Final = (
    "id",
    "page",
    "badge",
    "badgeText",
    "title",
    "strong",
    "other",
    "ends",
    "endsSet",
    "proof",
    "proofWord",
    "changed",
)
AHEAD: Final = 60
"""So many rows before the end, the next page is asked for: a fast wheel never meets the end."""

Format = Callable[[object], dict[str, object]]


class ContractsModel(QAbstractListModel):
    """Any rows that `format_row` turns into the roles. Asks for more by `wanted`; the view-model appends."""

    countChanged = Signal()
    totalChanged = Signal()
    wanted = Signal()

    def __init__(self, format_row: Format, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._format = format_row
        self._rows: list[object] = []
        self._shown: dict[int, dict[str, object]] = {}
        self._more = False
        self._asked = False
        self._total = 0

    @Property(int, notify=countChanged)
    def count(self) -> int:
        """Rows that are here."""
        return len(self._rows)

    @Property(int, notify=totalChanged)
    def total(self) -> int:
        """Rows that there are."""
        return self._total

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: a list has no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """Qt: one value; the row is formatted at its first."""
        row, place = index.row(), role - FIRST_ROLE
        if not 0 <= place < len(ROLES) or not 0 <= row < len(self._rows):
            return None
        shown = self._shown.get(row)
        if shown is None:
            shown = self._shown[row] = self._format(self._rows[row])
            if self._more and not self._asked and row >= len(self._rows) - AHEAD:
                self._asked = True
                self.wanted.emit()
        return shown.get(ROLES[place])

    def roleNames(self) -> dict[int, QByteArray]:
        """Qt: the names that delegates use."""
        return {FIRST_ROLE + place: QByteArray(name.encode()) for place, name in enumerate(ROLES)}

    def canFetchMore(self, parent: Index) -> bool:
        """Qt: whether there is a next page."""
        return not parent.isValid() and self._more

    def fetchMore(self, parent: Index) -> None:
        """Qt: the view came to the end."""
        if not parent.isValid() and self._more and not self._asked:
            self._asked = True
            self.wanted.emit()

    @Slot(int, result=dict)
    def at(self, row: int) -> dict[str, object]:
        """All values of one row; empty when there is none."""
        return self._format(self._rows[row]) if 0 <= row < len(self._rows) else {}

    def raw(self, row: int) -> object | None:
        """The row as it was given."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def replace(self, rows: Sequence[object], total: int, *, more: bool) -> None:
        """A new question was asked: other rows. Rows at the same places change in place, so focus stays."""
        same = min(len(rows), len(self._rows))
        if len(self._rows) > len(rows):
            self.beginRemoveRows(NOWHERE, len(rows), len(self._rows) - 1)
            del self._rows[len(rows) :]
            self.endRemoveRows()
        self._shown.clear()
        self._rows[:same] = rows[:same]
        if same:
            self.dataChanged.emit(self.index(0), self.index(same - 1))
        if len(rows) > same:
            self.beginInsertRows(NOWHERE, same, len(rows) - 1)
            self._rows.extend(rows[same:])
            self.endInsertRows()
        self._settle(total, more=more)

    def append(self, rows: Sequence[object], total: int, *, more: bool) -> None:
        """The next page."""
        if rows:
            self.beginInsertRows(NOWHERE, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
        self._settle(total, more=more)

    def _settle(self, total: int, *, more: bool) -> None:
        self._more, self._asked = more, False
        self.countChanged.emit()
        if total != self._total:
            self._total = total
            self.totalChanged.emit()
