import QtQuick
import Cms.Theme
import Cms.Components

// A part of the settings, in the list at the left.
Pressable {
    id: item

    property string icon
    property bool here: false
    readonly property color ink: here ? Theme.accentText : Theme.inkSecondary

    implicitHeight: Theme.sizeNavItem
    Accessible.role: Accessible.ListItem
    Accessible.selected: here

    contentItem: Item {
        Icon {
            x: Theme.space(1)
            anchors.verticalCenter: parent.verticalCenter
            name: item.icon
            size: Theme.sizeIcon
            color: item.ink
        }
        T {
            x: Theme.space(5)
            width: parent.width - x
            height: parent.height
            role: item.here ? "bodyStrong" : "body"
            text: item.text
            color: item.ink
            elide: Text.ElideRight
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: item.here ? Theme.accentTint : item.hovered ? Theme.hover : Theme.transparent

        FocusRing {
            shown: item.visualFocus
            inner: true
        }
    }
}
