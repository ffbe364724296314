import QtQuick
import QtQuick.Templates as Base
import Cms.Theme

// One of a few that are all in view.
Base.RadioButton {
    id: radio

    property string hint
    property bool strong: false

    implicitWidth: words.x + words.implicitWidth
    implicitHeight: Math.max(Theme.sizeMinimumTarget, words.implicitHeight)
    padding: 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.description: hint
    Keys.onReturnPressed: click()

    indicator: Rectangle {
        y: (Math.min(radio.height, Theme.sizeMinimumTarget) - height) / 2
        width: Theme.sizeCheckbox
        height: Theme.sizeCheckbox
        radius: width / 2
        antialiasing: true
        color: !radio.enabled ? Theme.sunken : radio.checked ? Theme.accent : radio.hovered ? Theme.hover : Theme.surface
        border.width: radio.checked ? 0 : Theme.lineControl
        border.color: Theme.controlBorder

        Rectangle {
            anchors.centerIn: parent
            width: Theme.space(0.75)
            height: width
            radius: width / 2
            visible: radio.checked
            antialiasing: true
            color: Theme.accentInk
        }
        FocusRing {
            shown: radio.visualFocus
            radius: width / 2
        }
    }
    contentItem: Column {
        id: words

        leftPadding: Theme.sizeCheckbox + Theme.space(1.5)
        topPadding: Theme.space(0.25)

        T {
            role: radio.strong && radio.checked ? "bodyStrong" : "body"
            text: radio.text
            color: radio.enabled ? Theme.ink : Theme.inkDisabled
        }
        T {
            visible: radio.hint !== ""
            width: Math.min(implicitWidth, radio.width > 0 ? radio.width - words.leftPadding : implicitWidth)
            text: radio.hint
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
    }
}
