import QtQuick
import Cms.Theme

// A key of the keyboard.
Rectangle {
    property alias text: word.text

    implicitWidth: word.implicitWidth + Theme.space(1.5)
    implicitHeight: Theme.sizeBadge
    radius: Theme.radiusBadge
    color: Theme.surface
    border.width: Theme.lineControl
    border.color: Theme.hairlineStrong

    T {
        id: word

        anchors.centerIn: parent
        role: "smallMedium"
    }
}
