"""A sheet to write recovery words on by hand, as a PDF to print. It never holds a word: files are copied, paper is not.

What it does hold is public: numbered lines, the address of the identity, and what the words are for.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPageLayout, QPageSize, QPainter, QPdfWriter

LINES = 12
_DPI = 1200
_SCALE = _DPI / 96
"""Drawn in the pixels of the design (96 an inch), placed on the fine grid of a printer: letters stand evenly."""
_MARGIN_MM = 20.0
_INK = QColor("#11151E")
_PALE = QColor("#5E6675")
_RULE = QColor("#858D9B")


def words_card(did: str, in_words: str) -> bytes:
    """One page A4: twelve empty lines in three columns, and whose they are. Needs a QGuiApplication for its fonts."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setTitle("Recovery words")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter(writer)
    painter.scale(_SCALE, _SCALE)
    _draw(painter, writer.width() / _SCALE, did, in_words)
    painter.end()
    buffer.close()
    return bytes(data.data())


def _draw(painter: QPainter, width: float, did: str, in_words: str) -> None:
    _text(
        painter, QRectF(0, 0, width, 40), "Recovery words", _font("Source Serif 4", 26, QFont.Weight.DemiBold)
    )
    _text(
        painter,
        QRectF(0, 48, width, 72),
        "Write the words here by hand, each on the line of its number. They are the only way back to your keys if the "
        "computer is lost, and whoever reads them can sign as you. Keep this sheet where you keep what must not burn "
        "or get lost; take no picture of it.",
        _font("Inter", 13),
    )
    _lines(painter, width, 152)
    bottom = 152 + 4 * 56 + 40
    _text(
        painter, QRectF(0, bottom, width, 20), "The address that they bring back", _font("Inter", 12), _PALE
    )
    _text(painter, QRectF(0, bottom + 20, width, 20), did, _font("JetBrains Mono", 12))
    _text(
        painter,
        QRectF(0, bottom + 44, width, 20),
        "In six words, to compare by voice",
        _font("Inter", 12),
        _PALE,
    )
    _text(painter, QRectF(0, bottom + 64, width, 20), in_words, _font("JetBrains Mono", 12))
    _text(painter, QRectF(0, bottom + 100, width, 20), "Written on", _font("Inter", 12), _PALE)
    painter.drawLine(96, int(bottom + 118), 320, int(bottom + 118))


def _lines(painter: QPainter, width: float, top: float) -> None:
    gap = 24.0
    column = (width - 2 * gap) / 3
    for place in range(LINES):
        x = (place // 4) * (column + gap)
        y = top + (place % 4) * 56
        _text(painter, QRectF(x, y + 20, 28, 20), str(place + 1), _font("Inter", 13), _PALE)
        painter.setPen(_RULE)
        painter.drawLine(int(x + 28), int(y + 36), int(x + column), int(y + 36))


def _font(family: str, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def _text(painter: QPainter, where: QRectF, text: str, font: QFont, ink: QColor = _INK) -> None:
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(where, int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), text)
