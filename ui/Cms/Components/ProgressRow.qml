import QtQuick
import QtQuick.Layouts
import Cms.Theme

// Work that runs: what, how far or since when, and Cancel where it can be cancelled.
ColumnLayout {
    id: row

    property string text
    property string note
    property real value: -1
    property bool waiting: false
    property bool cancellable: true

    signal cancelled

    spacing: Theme.space(0.5)
    Accessible.role: Accessible.ProgressBar
    Accessible.name: text + ", " + note

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.space(1)

        T {
            Layout.fillWidth: true
            text: row.text
            elide: Text.ElideRight
        }
        T {
            role: "small"
            text: row.note
            color: Theme.inkTertiary
        }
        CmsButton {
            Layout.rightMargin: -Theme.space(1.5)
            visible: row.cancellable
            kind: "quiet"
            small: true
            text: qsTr("Cancel")
            onClicked: row.cancelled()
        }
    }
    Rectangle {
        Layout.fillWidth: true
        visible: row.value >= 0
        implicitHeight: Theme.sizeProgress
        radius: height / 2
        color: Theme.sunken

        Rectangle {
            width: parent.width * Math.min(1, Math.max(0, row.value))
            height: parent.height
            radius: height / 2
            color: row.waiting ? Theme.pendingMark : Theme.accent
        }
    }
}
