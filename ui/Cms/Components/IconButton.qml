import QtQuick
import Cms.Theme

// An icon alone: only close, more, back and the like; the tip says what it does.
Pressable {
    id: button

    property string icon
    property string tip
    property string shortcutHint
    property color ink: enabled ? Theme.inkSecondary : Theme.inkDisabled
    property bool chosen: false

    implicitWidth: Theme.sizeButton
    implicitHeight: Theme.sizeButton
    Accessible.name: tip

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.icon
            size: Theme.sizeIconSmall
            color: button.ink
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: button.down ? Theme.sunken : button.hovered || button.chosen ? Theme.hover : Theme.transparent

        FocusRing {
            shown: button.visualFocus
        }
    }
    Tip {
        visible: button.hovered && button.tip !== ""
        text: button.tip
        keys: button.shortcutHint
    }
}
