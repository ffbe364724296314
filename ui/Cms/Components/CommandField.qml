import QtQuick
import Cms.Theme

// Looks like a search; leads to the command palette.
Pressable {
    id: field

    text: qsTr("Search or run a command")
    implicitWidth: Theme.sizeCommand
    implicitHeight: Theme.sizeField

    contentItem: Item {
        Icon {
            x: Theme.space(1.5)
            anchors.verticalCenter: parent.verticalCenter
            name: "magnifying-glass"
            color: Theme.inkSecondary
        }
        T {
            x: Theme.space(4.5)
            width: parent.width - x - cap.width - Theme.space(1.5)
            height: parent.height
            text: field.text
            color: Theme.inkTertiary
            elide: Text.ElideRight
        }
        KeyCap {
            id: cap

            anchors.right: parent.right
            anchors.rightMargin: Theme.space(1)
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Ctrl K")
        }
    }
    background: FieldFrame {
        active: field.visualFocus
    }
}
