pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// The keys of the keyboard.
Column {
    id: part

    property var keys: []

    SectionHead {
        width: parent.width
        text: qsTr("Keyboard")
    }
    Repeater {
        model: part.keys

        delegate: Item {
            id: row

            required property var modelData

            width: part.width
            height: Theme.sizeTableRow

            T {
                width: parent.width - cap.width - Theme.space(2)
                height: parent.height
                text: row.modelData.text
                elide: Text.ElideRight
            }
            KeyCap {
                id: cap

                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                text: row.modelData.keys
            }
            Hairline {
                anchors.bottom: parent.bottom
                width: parent.width
            }
        }
    }
}
