import QtQuick
import Cms.Theme
import Cms.Components

// How surely an address belongs to a contact; a click compares the six words.
Pressable {
    id: trust

    property string icon
    property string name
    property color tone: Theme.inkSecondary

    implicitHeight: Theme.sizeButtonSmall
    Accessible.description: qsTr("Compare the six words with %1").arg(name)

    contentItem: Item {
        Icon {
            id: glyph

            anchors.verticalCenter: parent.verticalCenter
            name: trust.icon
            color: trust.tone
        }
        T {
            x: glyph.width + Theme.space(1)
            width: parent.width - x
            height: parent.height
            role: "small"
            text: trust.text
            color: trust.tone
            elide: Text.ElideRight
        }
    }
    background: Rectangle {
        radius: Theme.radiusBadge
        color: trust.hovered ? Theme.hover : Theme.transparent

        FocusRing {
            shown: trust.visualFocus
            inner: true
        }
    }
    Tip {
        visible: trust.hovered
        text: qsTr("Compare the six words with %1").arg(trust.name)
    }
}
