pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme

// A node of the path, around its middle; the whole hash when one points at it.
Rectangle {
    id: node

    property real cx: 0
    property real cy: 0
    property real size: Theme.space(1.25)
    property bool square: false
    property bool filled: false
    property color tone: Theme.accent
    property string hash

    x: Math.round(cx - width / 2)
    y: Math.round(cy - height / 2)
    width: size
    height: size
    radius: square ? 0 : size / 2
    color: filled ? tone : Theme.surface
    border.width: filled ? 0 : Theme.lineChain
    border.color: tone
    antialiasing: !square

    HoverHandler {
        id: over
    }
    ToolTip {
        visible: over.hovered && node.hash !== ""
        text: node.hash
        font: Theme.font("mono")
    }
}
