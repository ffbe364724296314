import QtQuick
import QtQuick.Templates as Base
import Cms.Theme

// A box to tick, with a word and a smaller line below it. `toggled` is the control's own.
Base.CheckBox {
    id: box

    property string hint

    implicitWidth: words.x + words.implicitWidth
    implicitHeight: Math.max(Theme.sizeMinimumTarget, words.implicitHeight)
    padding: 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.description: hint
    Keys.onReturnPressed: {
        toggle();
        toggled();
    }

    indicator: Rectangle {
        y: (Math.min(box.height, Theme.sizeMinimumTarget) - height) / 2
        width: Theme.sizeCheckbox
        height: Theme.sizeCheckbox
        radius: Theme.radiusBadge
        color: !box.enabled ? Theme.sunken : box.checked ? Theme.accent : box.hovered ? Theme.hover : Theme.surface
        border.width: box.checked ? 0 : Theme.lineControl
        border.color: Theme.controlBorder

        Icon {
            anchors.centerIn: parent
            visible: box.checked
            name: "check-bold"
            size: parent.width - Theme.space(0.5)
            color: Theme.accentInk
        }
        FocusRing {
            shown: box.visualFocus
            radius: Theme.radiusBadge + Theme.lineFocusRing + Theme.radiusFocusGap
        }
    }
    contentItem: Column {
        id: words

        leftPadding: Theme.sizeCheckbox + Theme.space(1)
        topPadding: Theme.space(0.25)
        spacing: Theme.space(0.25)

        T {
            width: Math.min(implicitWidth, box.width > 0 ? box.width - words.leftPadding : implicitWidth)
            text: box.text
            color: box.enabled ? Theme.ink : Theme.inkDisabled
            wrapMode: Text.Wrap
        }
        T {
            visible: box.hint !== ""
            width: Math.min(implicitWidth, box.width > 0 ? box.width - words.leftPadding : implicitWidth)
            role: "small"
            text: box.hint
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
    }
}
