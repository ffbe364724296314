import QtQuick
import QtQuick.Templates as Base
import Cms.Theme

// On or off at once; its text is drawn only where it stands alone.
Base.Switch {
    id: field

    property string name

    implicitWidth: Theme.sizeSwitchWidth + (text === "" ? 0 : words.implicitWidth)
    implicitHeight: Theme.sizeMinimumTarget
    padding: 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: name !== "" ? name : text
    Keys.onReturnPressed: {
        toggle();
        toggled();
    }

    indicator: Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.sizeSwitchWidth
        height: Theme.sizeSwitchHeight
        radius: height / 2
        antialiasing: true
        color: field.checked ? (field.enabled ? Theme.accent : Theme.inkDisabled) : field.hovered ? Theme.hover : Theme.surface
        border.width: field.checked ? 0 : Theme.lineControl
        border.color: Theme.controlBorder

        Rectangle {
            readonly property real gap: Theme.space(field.checked ? 0.375 : 0.5)

            x: field.checked ? parent.width - width - gap : gap
            anchors.verticalCenter: parent.verticalCenter
            width: parent.height - 2 * gap
            height: width
            radius: width / 2
            antialiasing: true
            color: field.checked ? Theme.accentInk : Theme.controlBorder

            Behavior on x {
                NumberAnimation {
                    duration: Theme.durationMove
                    easing.type: Easing.OutQuad
                }
            }
        }
        FocusRing {
            shown: field.visualFocus
            radius: height / 2
        }
    }
    contentItem: T {
        id: words

        leftPadding: Theme.sizeSwitchWidth + Theme.space(1)
        text: field.text
        color: field.enabled ? Theme.ink : Theme.inkDisabled
    }
}
