"""The QML engine: where its files are, what it may reach (nothing outside), what it complains about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QIODevice, QObject, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest
from PySide6.QtQml import QQmlApplicationEngine, QQmlError, QQmlNetworkAccessManagerFactory
from PySide6.QtQuickControls2 import QQuickStyle

from cms_desktop.paths import shipped

STYLE: Final = "Basic"


class _Refused(QNetworkReply):
    """An answer that is an error from its first moment."""

    def __init__(self, request: QNetworkRequest, parent: QObject) -> None:
        super().__init__(parent)
        self.setRequest(request)
        self.setUrl(request.url())
        self.setError(QNetworkReply.NetworkError.ContentAccessDenied, "The window fetches nothing.")
        self.setFinished(True)
        self.open(QIODevice.OpenModeFlag.ReadOnly | QIODevice.OpenModeFlag.Unbuffered)

    def abort(self) -> None:
        """Nothing runs that could be stopped."""

    def readData(self, _most: int) -> object:
        """No byte ever comes."""
        return b""


class RefusingAccess(QNetworkAccessManager):
    """Text of a contract may name images; whoever fetches one tells its host who reads the contract, and when."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.refused: list[str] = []

    def createRequest(
        self,
        _operation: QNetworkAccessManager.Operation,
        request: QNetworkRequest,
        _body: QIODevice | None = None,
    ) -> QNetworkReply:
        """Refuse every scheme, `file:` and `data:` included."""
        self.refused.append(request.url().toString())
        return _Refused(request, self)


class RefusingFactory(QQmlNetworkAccessManagerFactory):
    """Gives the engine managers that refuse everything, and keeps them for questions."""

    def __init__(self) -> None:
        super().__init__()
        self.managers: list[RefusingAccess] = []

    def create(self, parent: QObject) -> QNetworkAccessManager:
        """Qt asks once per thread."""
        manager = RefusingAccess(parent)
        self.managers.append(manager)
        return manager


class Engine(QQmlApplicationEngine):
    """The engine of the window, of the gallery and of the tests: one set-up for all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.complaints: list[str] = []
        self.access = RefusingFactory()
        self.setNetworkAccessManagerFactory(self.access)
        self.addImportPath(str(shipped("ui")))
        self.setOutputWarningsToStandardError(True)
        self.warnings.connect(self._note)

    def _note(self, problems: Sequence[QQmlError]) -> None:
        self.complaints += [problem.toString() for problem in problems]

    def show(self, relative: str, properties: dict[str, object]) -> QObject | None:
        """Load a file under `ui/` with its required properties; None when it does not load."""
        self.setInitialProperties(properties)
        self.load(QUrl.fromLocalFile(str(shipped("ui") / relative)))
        roots = self.rootObjects()
        return roots[-1] if roots else None


def choose_style() -> None:
    """Before any engine exists."""
    QQuickStyle.setStyle(STYLE)
