import QtQuick
import Cms.Theme

// The edge of a field: at rest, with the focus, wrong, warned, off.
Rectangle {
    property bool active: false
    property bool wrong: false
    property bool warned: false

    implicitHeight: Theme.sizeField
    radius: Theme.radiusControl
    color: enabled ? Theme.surface : Theme.sunken
    border.width: !enabled ? 0 : active || wrong ? Theme.lineFocusRing : Theme.lineControl
    border.color: active && !wrong ? Theme.focus : wrong ? Theme.failed : warned ? Theme.pendingMark : Theme.controlBorder
}
