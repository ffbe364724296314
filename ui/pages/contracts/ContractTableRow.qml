pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// One contract. Titles elide at the right, states never.
Item {
    id: row

    required property int index
    required property string badge
    required property string badgeText
    required property string title
    required property bool strong
    required property string other
    required property string ends
    required property bool endsSet
    required property string proof
    required property string proofWord
    required property string changed
    required property var widths
    required property real titleWidth
    property real padding: 0
    property bool chosen: false
    property bool current: false

    signal pressed
    signal opened

    function said(column, words) {
        return widths[column] > 0 ? words : "";
    }

    height: Theme.sizeTableRow
    Accessible.role: Accessible.Row
    Accessible.name: [badgeText, title, said("other", other), said("ends", qsTr("ends %1").arg(ends)), said("proof", qsTr("Proof: %1").arg(proofWord)), said("changed", changed)].filter(part => part !== "").join(", ")
    Accessible.selected: chosen

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: row.padding - Theme.space(2)
        anchors.rightMargin: row.padding - Theme.space(2)
        color: row.chosen ? Theme.selection : over.hovered ? Theme.hover : Theme.transparent
        radius: Theme.radiusBadge
        border.width: row.current ? Theme.lineFocusRing : 0
        border.color: Theme.focus
    }
    HoverHandler {
        id: over
    }
    TapHandler {
        onTapped: row.pressed()
        onDoubleTapped: row.opened()
    }
    Row {
        x: row.padding
        height: parent.height

        Item {
            width: row.widths.state
            height: parent.height

            Badge {
                anchors.verticalCenter: parent.verticalCenter
                state: row.badge
                text: row.badgeText
            }
        }
        T {
            width: row.titleWidth - Theme.space(1.5)
            anchors.verticalCenter: parent.verticalCenter
            role: row.strong ? "bodyStrong" : "body"
            text: row.title
            elide: Text.ElideRight
        }
        Item {
            width: Theme.space(1.5)
            height: parent.height
        }
        T {
            visible: width > 0
            width: row.widths.other
            anchors.verticalCenter: parent.verticalCenter
            rightPadding: Theme.space(1)
            text: row.other
            color: Theme.inkSecondary
            elide: Text.ElideRight
        }
        T {
            visible: width > 0
            width: row.widths.ends
            anchors.verticalCenter: parent.verticalCenter
            text: row.ends
            color: row.endsSet ? Theme.inkSecondary : Theme.inkTertiary
        }
        Item {
            visible: width > 0
            width: row.widths.proof
            height: parent.height

            CheckMark {
                anchors.verticalCenter: parent.verticalCenter
                state: row.proof
                text: row.proofWord
            }
        }
        T {
            visible: width > 0
            width: row.widths.changed
            anchors.verticalCenter: parent.verticalCenter
            text: row.changed
            color: Theme.inkSecondary
        }
    }
    Hairline {
        x: row.padding - Theme.space(2)
        width: parent.width - 2 * x
        anchors.bottom: parent.bottom
    }
}
