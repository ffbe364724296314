pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// What the backend told since the window was opened.
ColumnLayout {
    id: part

    property alias rows: repeater.model

    signal opened(string contract)

    spacing: 0

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Since you opened the window")
        count: repeater.count > 0 ? repeater.count : ""
    }
    Repeater {
        id: repeater

        delegate: HappenedRow {
            Layout.fillWidth: true
            onClicked: part.opened(contract)
        }
    }
    T {
        Layout.fillWidth: true
        Layout.topMargin: Theme.space(1)
        visible: repeater.count === 0
        text: qsTr("Nothing yet. Accepted events, checkpoints of the log and anchors on the ledger appear here as they come.")
        color: Theme.inkSecondary
        wrapMode: Text.Wrap
    }
}
