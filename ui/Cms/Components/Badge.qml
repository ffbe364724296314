import QtQuick
import Cms.Theme

// The state of a contract: colour, icon and word, always all three.
Rectangle {
    id: badge

    property string text
    property bool strong: true
    readonly property var look: Theme.contracts[state] ?? Theme.contracts.draft
    readonly property string word: text !== "" ? text : look.word

    implicitWidth: line.implicitWidth + Theme.space(1.25)
    implicitHeight: Theme.sizeBadge
    radius: Theme.radiusBadge
    color: Theme[look.fill]
    border.width: look.border === "transparent" ? 0 : Theme.lineControl
    border.color: Theme[look.border]
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("State: %1").arg(word)

    Row {
        id: line

        x: Theme.space(0.5)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space(0.5)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: badge.look.icon
            size: Theme.sizeIconBadge
            color: Theme[badge.look.colour]
        }
        T {
            role: "smallStrong"
            text: badge.word
            color: Theme[badge.look.colour]
            Accessible.ignored: true
        }
    }
}
