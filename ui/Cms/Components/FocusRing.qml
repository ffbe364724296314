import QtQuick
import Cms.Theme

// Two pixels in the focus colour, two away from what has the focus; inside it where `inner`.
Rectangle {
    property bool shown: false
    property bool inner: false

    anchors.fill: parent
    anchors.margins: inner ? 0 : -(Theme.lineFocusRing + Theme.radiusFocusGap)
    radius: Theme.radiusControl + (inner ? 0 : Theme.lineFocusRing + Theme.radiusFocusGap)
    visible: shown
    color: Theme.transparent
    border.width: Theme.lineFocusRing
    border.color: Theme.focus
}
