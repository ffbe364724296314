"""A list of rows for a view, replaced in place: delegates that did not change stay, with their focus."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cms_backend.report.letters import one_line, visible

Row = Mapping[str, object]
Index = QModelIndex | QPersistentModelIndex
FIRST_ROLE = int(Qt.ItemDataRole.UserRole) + 1
NOWHERE = QModelIndex()


class RowsModel(QAbstractListModel):
    """Rows are mappings of the roles' names. `key` names the one that tells rows apart.

    Every text is a field of one line, in which what cannot be seen is written out, whoever wrote it; texts of the roles
    in `prose` may have more lines. `exact` leaves all as they are, for rows that a person edits.
    """

    countChanged = Signal()

    def __init__(
        self,
        roles: Sequence[str],
        key: str = "key",
        parent: QObject | None = None,
        *,
        exact: bool = False,
        prose: Collection[str] = (),
    ) -> None:
        super().__init__(parent)
        self._prose = frozenset(prose)
        self._exact = exact
        self._roles = tuple(roles)
        self._key = key
        self._rows: list[Row] = []

    @Property(int, notify=countChanged)
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, for code."""
        return self._rows

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: a list has no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """Qt: one value."""
        place = role - FIRST_ROLE
        if not 0 <= place < len(self._roles) or not 0 <= index.row() < len(self._rows):
            return None
        return self._rows[index.row()].get(self._roles[place])

    def roleNames(self) -> dict[int, QByteArray]:
        """Qt: the names that delegates use."""
        return {FIRST_ROLE + place: QByteArray(name.encode()) for place, name in enumerate(self._roles)}

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows. Only what differs between the common head and the common tail is told to views."""
        before, after, key = (
            self._rows,
            list(rows) if self._exact else list(map(self._marked, rows)),
            self._key,
        )
        head = 0
        while head < min(len(before), len(after)) and before[head].get(key) == after[head].get(key):
            head += 1
        tail = 0
        most = min(len(before), len(after)) - head
        while tail < most and before[-1 - tail].get(key) == after[-1 - tail].get(key):
            tail += 1
        gone, come = len(before) - head - tail, len(after) - head - tail
        if gone:
            self.beginRemoveRows(NOWHERE, head, head + gone - 1)
            del before[head : head + gone]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(NOWHERE, head, head + come - 1)
            before[head:head] = after[head : head + come]
            self.endInsertRows()
        for place, row in enumerate(after):
            if before[place] is not row and before[place] != row:
                before[place] = row
                spot = self.index(place)
                self.dataChanged.emit(spot, spot)
        if gone != come:
            self.countChanged.emit()

    def _marked(self, row: Row) -> Row:
        texts = {name: value for name, value in row.items() if isinstance(value, str)}
        shown = {
            name: visible(text) if name in self._prose else one_line(text) for name, text in texts.items()
        }
        return row if shown == texts else {**row, **shown}

    def move(self, old: int, new: int) -> None:
        """Move one row; delegates travel along."""
        if old == new:
            return
        self.beginMoveRows(NOWHERE, old, old, NOWHERE, new + 1 if new > old else new)
        self._rows.insert(new, self._rows.pop(old))
        self.endMoveRows()
