import QtQuick
import Cms.Theme
import Cms.Components

// A place: icon, word, and how much waits there. The one that is shown is tinted and its icon filled.
Pressable {
    id: item

    property string icon
    property string keys
    property bool here: false
    property bool rail: false
    property int count: 0
    readonly property color ink: here ? Theme.accentText : Theme.inkSecondary

    implicitHeight: Theme.sizeNavItem
    Accessible.role: Accessible.PageTab
    Accessible.name: count > 0 ? qsTr("%1, %L2 waiting").arg(text).arg(count) : text
    Accessible.selected: here

    contentItem: Item {
        Icon {
            x: item.rail ? Math.round((parent.width - width) / 2) : Theme.space(1)
            anchors.verticalCenter: parent.verticalCenter
            name: item.here ? item.icon + "-fill" : item.icon
            size: Theme.sizeIcon
            color: item.ink
        }
        T {
            visible: !item.rail
            x: Theme.space(5)
            width: parent.width - x - Theme.space(3)
            height: parent.height
            role: item.here ? "bodyStrong" : "body"
            text: item.text
            color: item.ink
            elide: Text.ElideRight
        }
        T {
            visible: !item.rail && item.count > 0
            anchors.right: parent.right
            anchors.rightMargin: Theme.space(1)
            height: parent.height
            role: "smallStrong"
            text: item.count
            color: Theme.accentText
        }
        Rectangle {
            visible: item.rail && item.count > 0
            anchors.right: parent.right
            width: Theme.space(1)
            height: width
            radius: width / 2
            antialiasing: true
            color: Theme.accent
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: item.here ? Theme.accentTint : item.down ? Theme.sunken : item.hovered ? Theme.hover : Theme.transparent

        FocusRing {
            shown: item.visualFocus
            inner: true
        }
    }
    Tip {
        x: parent.width + Theme.space(1)
        y: Math.round((parent.height - implicitHeight) / 2)
        visible: item.rail && item.hovered && !item.down
        text: item.text
        keys: item.keys
    }
}
