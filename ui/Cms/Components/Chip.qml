import QtQuick
import Cms.Theme

// A filter: its word, how many it finds, whether it is in use, and whether it can be taken away.
Pressable {
    id: chip

    property var count: ""
    property bool active: false
    property bool removable: false
    readonly property string shownCount: count === undefined || count === null || String(count) === "" || Number(count) < 0 ? "" : Number(count).toLocaleString(Qt.locale(), "f", 0)

    signal removed

    implicitWidth: line.implicitWidth + Theme.space(3)
    implicitHeight: Theme.sizeChip
    Accessible.role: Accessible.PageTab
    Accessible.name: shownCount === "" ? text : text + ", " + shownCount
    Accessible.selected: active
    Keys.onDeletePressed: event => {
        event.accepted = removable;
        if (removable)
            removed();
    }
    onClicked: if (removable)
        removed()

    contentItem: Item {
        implicitWidth: line.implicitWidth

        Row {
            id: line

            anchors.centerIn: parent
            spacing: Theme.space(0.75)

            T {
                role: chip.active ? "smallStrong" : "smallMedium"
                text: chip.text
                color: chip.active ? Theme.accentText : Theme.inkSecondary
            }
            T {
                visible: text !== ""
                role: "small"
                text: chip.shownCount
                color: chip.active ? Theme.accentText : Theme.inkTertiary
            }
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: chip.removable
                name: "x"
                size: Theme.space(1.5)
                color: Theme.accentText
            }
        }
    }
    background: Rectangle {
        radius: height / 2
        antialiasing: true
        color: chip.active ? Theme.accentTint : chip.down ? Theme.sunken : chip.hovered ? Theme.hover : Theme.surface
        border.width: Theme.lineControl
        border.color: chip.active ? Theme.accent : Theme.hairlineStrong

        FocusRing {
            shown: chip.visualFocus
            radius: height / 2
        }
    }
}
