import QtQuick
import Cms.Theme

// One word of a Segmented.
Pressable {
    id: part

    property string icon
    property bool current: false

    implicitWidth: line.implicitWidth + Theme.space(3.5)
    Accessible.role: Accessible.PageTab
    Accessible.selected: current

    contentItem: Item {
        Row {
            id: line

            anchors.centerIn: parent
            spacing: Theme.space(1)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: name !== ""
                name: part.icon
                color: part.current ? Theme.accentText : Theme.inkSecondary
            }
            T {
                role: part.current ? "bodyStrong" : "body"
                text: part.text
                color: part.current ? Theme.accentText : Theme.inkSecondary
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: part.current ? Theme.accentTint : part.hovered ? Theme.hover : Theme.transparent
        border.width: part.current ? Theme.lineControl : 0
        border.color: Theme.accent

        FocusRing {
            shown: part.visualFocus
            inner: true
        }
    }
}
