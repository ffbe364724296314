pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// A party as a card that can be picked up: Alt+Up and Alt+Down change its step, Enter opens it, Delete removes it.
FocusScope {
    id: card

    required property int index
    required property string name
    required property string capacity
    required property string roleWord
    required property string roleIcon
    required property int step
    required property string stepHead
    required property string stepNote
    required property string shortDid
    required property bool you
    required property int place

    signal opened
    signal removed
    signal moved(int by)

    implicitHeight: top.height + box.height
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: [stepHead, name, roleWord, you ? qsTr("you") : ""].filter(part => part !== "").join(", ")
    Accessible.onPressAction: opened()

    Keys.onPressed: event => {
        const alt = event.modifiers & Qt.AltModifier;
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            card.opened();
        else if (event.key === Qt.Key_Delete)
            card.removed();
        else if (alt && event.key === Qt.Key_Up)
            card.moved(-1);
        else if (alt && event.key === Qt.Key_Down)
            card.moved(1);
        else
            return;
        event.accepted = true;
    }

    Row {
        id: top

        height: card.stepHead === "" ? 0 : Theme.space(3)
        visible: card.stepHead !== ""
        spacing: Theme.space(1)

        T {
            role: "smallStrong"
            text: card.stepHead
        }
        T {
            role: "small"
            text: card.stepNote
            color: Theme.inkSecondary
        }
    }
    Rectangle {
        id: box

        y: top.height
        width: parent.width
        height: lines.height + Theme.space(3)
        radius: Theme.radiusCard
        color: over.hovered ? Theme.hover : Theme.surface
        border.width: card.activeFocus ? Theme.lineFocusRing : Theme.lineControl
        border.color: card.activeFocus ? Theme.focus : Theme.hairlineStrong

        HoverHandler {
            id: over
        }
        TapHandler {
            onTapped: card.opened()
        }
        Avatar {
            x: Theme.space(1.5)
            y: Theme.space(1.5)
            name: card.name
            accent: card.you
        }
        Column {
            id: lines

            x: Theme.space(7)
            y: Theme.space(1.5)
            width: parent.width - x - Theme.space(4)
            spacing: Theme.space(0.5)

            T {
                width: parent.width
                role: "bodyStrong"
                text: card.name
                elide: Text.ElideRight
            }
            T {
                width: parent.width
                role: "small"
                text: card.capacity === "" ? card.shortDid : card.capacity
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
            Row {
                spacing: Theme.space(0.5)

                Icon {
                    name: card.roleIcon
                    size: Theme.sizeIconBadge
                    color: Theme.inkSecondary
                }
                T {
                    role: "small"
                    text: card.roleWord + (card.you ? qsTr(", you") : "")
                    color: Theme.inkSecondary
                }
            }
        }
        IconButton {
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: Theme.space(0.5)
            icon: "x"
            tip: qsTr("Remove %1 (Del)").arg(card.name)
            onClicked: card.removed()
        }
    }
}
