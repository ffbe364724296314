pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// A party in the preview: who, as what, and whose turn it is.
Item {
    id: row

    required property string name
    required property string person
    required property string line
    required property string turn
    required property bool turnMine
    required property bool you

    height: Theme.sizePartyRow
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, line, turn].join(", ")

    Avatar {
        id: face

        anchors.verticalCenter: parent.verticalCenter
        name: row.person
        accent: row.you
    }
    Column {
        anchors.left: face.right
        anchors.leftMargin: Theme.space(1.5)
        anchors.right: side.left
        anchors.rightMargin: Theme.space(1)
        anchors.verticalCenter: parent.verticalCenter

        T {
            width: parent.width
            text: row.name
            elide: Text.ElideRight
        }
        T {
            width: parent.width
            role: "small"
            text: row.line
            color: Theme.inkSecondary
            elide: Text.ElideRight
        }
    }
    T {
        id: side

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        role: row.turnMine ? "smallStrong" : "small"
        text: row.turn
        color: row.turnMine ? Theme.accentText : Theme.inkTertiary
    }
    Hairline {
        width: parent.width
        anchors.bottom: parent.bottom
    }
}
