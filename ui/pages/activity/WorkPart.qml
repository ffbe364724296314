pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// What runs now.
ColumnLayout {
    id: part

    property alias rows: repeater.model

    signal cancelled(string name)

    spacing: Theme.space(1)

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Running now")
        count: repeater.count > 0 ? repeater.count : ""
    }
    Repeater {
        id: repeater

        delegate: ProgressRow {
            required property string key
            required text
            required note

            objectName: "work-" + key
            Layout.fillWidth: true
            onCancelled: part.cancelled(key)
        }
    }
    T {
        Layout.fillWidth: true
        visible: repeater.count === 0
        text: qsTr("Nothing. What takes longer than a moment is listed here while it runs, and can be cancelled.")
        color: Theme.inkSecondary
        wrapMode: Text.Wrap
    }
}
