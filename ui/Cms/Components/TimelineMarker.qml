import QtQuick
import Cms.Theme

// The number of a step in a circle: done is a line, next and failed are filled, later is grey.
Rectangle {
    id: marker

    property string number
    readonly property bool filled: state === "next" || state === "failed"
    readonly property color ink: ({
            "done": Theme.accentText,
            "next": Theme.accent,
            "failed": Theme.failed,
            "pending": Theme.pending
        })[state] ?? Theme.inkTertiary

    implicitWidth: Theme.sizeMarker
    implicitHeight: Theme.sizeMarker
    width: implicitWidth
    height: implicitHeight
    radius: width / 2
    antialiasing: true
    color: filled ? ink : Theme.surface
    border.width: filled ? 0 : Theme.lineChain
    border.color: state === "done" || state === "pending" ? ink : Theme.controlBorder
    Accessible.ignored: true

    T {
        anchors.centerIn: parent
        role: "smallStrong"
        text: marker.number
        color: !marker.filled ? marker.ink : marker.state === "failed" ? Theme.failedInk : Theme.accentInk
    }
}
