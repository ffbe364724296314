pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Every check of the selected event, one open at a time.
FocusScope {
    id: pane

    property var details: ({})
    property alias checks: repeater.model
    property bool wholeFile: false

    signal toggled(string key)
    signal wholeFileWanted

    implicitHeight: column.height

    ColumnLayout {
        id: column

        width: parent.width
        spacing: 0

        RowLayout {
            Layout.fillWidth: true
            Layout.rightMargin: -Theme.space(1.5)

            T {
                Layout.fillWidth: true
                role: "bodyStrong"
                text: pane.details.title ?? ""
                wrapMode: Text.Wrap
            }
            CmsButton {
                objectName: "checksWhole"
                kind: "quiet"
                small: true
                text: pane.wholeFile ? qsTr("Events") : qsTr("Whole file")
                onClicked: pane.wholeFileWanted()
            }
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.bottomMargin: Theme.space(1)
            visible: (pane.details.digest ?? "") !== ""
            spacing: Theme.space(0.5)

            T {
                role: "small"
                text: qsTr("Envelope")
                color: Theme.inkTertiary
            }
            DigestLabel {
                Layout.fillWidth: true
                value: pane.details.digest ?? ""
            }
        }
        Hairline {
            Layout.fillWidth: true
        }
        Repeater {
            id: repeater

            delegate: CheckRow {
                Layout.fillWidth: true
                focus: index === 0
                onToggled: pane.toggled(key)
            }
        }
    }
}
