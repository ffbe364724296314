"""The register: formatted on demand, fetched ahead of the eye."""

from PySide6.QtCore import QModelIndex

from cms_desktop.models.contracts import AHEAD, ROLES, ContractsModel
from cms_desktop.models.rows import FIRST_ROLE


class Counting:
    """Formats rows and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, row: object) -> dict[str, object]:
        self.calls += 1
        return dict.fromkeys(ROLES, "") | {"id": str(row), "title": f"Contract {row}"}


def test_only_rows_that_are_looked_at_are_formatted() -> None:
    counting = Counting()
    model = ContractsModel(counting)
    model.replace(range(100_000), 100_000, more=False)
    for row in range(20):
        for place in range(len(ROLES)):
            model.data(model.index(row), FIRST_ROLE + place)
    assert counting.calls == 20
    assert model.rowCount() == 100_000


def test_the_next_page_is_asked_for_once_before_the_end_is_reached() -> None:
    model = ContractsModel(Counting())
    asked: list[int] = []
    model.wanted.connect(lambda: asked.append(1))
    model.replace(range(200), 500, more=True)
    model.data(model.index(10), FIRST_ROLE)
    assert asked == []
    model.data(model.index(200 - AHEAD), FIRST_ROLE)
    model.data(model.index(199), FIRST_ROLE)
    model.fetchMore(QModelIndex())
    assert asked == [1]
    model.append(range(200, 400), 500, more=True)
    assert model.canFetchMore(QModelIndex())
    assert model.rowCount() == 400


def test_a_new_answer_replaces_rows_in_place_and_drops_the_rest() -> None:
    model = ContractsModel(Counting())
    model.replace(range(10), 10, more=False)
    assert model.data(model.index(0), FIRST_ROLE) == "0"
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: removed.append((first, last)))
    model.replace(range(50, 54), 4, more=False)
    assert removed == [(4, 9)]
    assert model.data(model.index(0), FIRST_ROLE) == "50"
    assert model.at(3)["title"] == "Contract 53"
    assert model.at(4) == {}
