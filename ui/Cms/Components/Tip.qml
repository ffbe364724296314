import QtQuick
import QtQuick.Templates as Base
import Cms.Theme

// What a control does, and its shortcut.
Base.ToolTip {
    id: tip

    property string keys

    x: parent ? Math.round((parent.width - implicitWidth) / 2) : 0
    y: -implicitHeight - Theme.space(0.5)
    implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    margins: Theme.space(1)
    leftPadding: Theme.space(1)
    rightPadding: Theme.space(1)
    topPadding: Theme.space(0.5)
    bottomPadding: Theme.space(0.5)
    delay: 600
    closePolicy: Base.Popup.CloseOnEscape | Base.Popup.CloseOnPressOutsideParent | Base.Popup.CloseOnReleaseOutsideParent

    contentItem: Row {
        spacing: Theme.space(1)

        T {
            role: "small"
            text: tip.text
            color: Theme.toastInk
        }
        T {
            visible: tip.keys !== ""
            role: "smallStrong"
            text: tip.keys
            color: Theme.toastAccentInk
        }
    }
    background: Rectangle {
        radius: Theme.radiusBadge
        color: Theme.toast
    }
}
