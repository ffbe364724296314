pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// Jumps between the changes and the whole text; explains the marks.
Item {
    id: bar

    property bool atWhole: false
    property bool hasChanges: true

    signal jumped(bool whole)

    height: Theme.sizeButton

    Segmented {
        objectName: "reviewSegments"
        visible: bar.hasChanges
        options: [qsTr("What changed"), qsTr("Whole text")]
        current: bar.atWhole ? 1 : 0
        onChosen: index => bar.jumped(index === 1)
    }
    Row {
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        visible: bar.hasChanges
        spacing: Theme.space(1)

        Rectangle {
            width: added.width + Theme.space(0.5)
            height: added.height
            color: Theme.insertTint

            T {
                id: added

                anchors.centerIn: parent
                role: "smallStrong"
                underlined: true
                text: qsTr("added")
                color: Theme.insert
            }
        }
        Rectangle {
            width: removed.width + Theme.space(0.5)
            height: removed.height
            color: Theme.removeTint

            T {
                id: removed

                anchors.centerIn: parent
                role: "small"
                struck: true
                text: qsTr("removed")
                color: Theme.remove
            }
        }
    }
}
