pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// The newest events, each leading to its contract.
Column {
    id: list

    property alias rows: repeater.model

    signal opened(string contract)
    signal all

    SectionHead {
        width: parent.width
        text: qsTr("What happened")
    }
    Repeater {
        id: repeater

        delegate: FocusScope {
            id: entry

            required property string when
            required property string icon
            required property string tone
            required property string title
            required property string text
            required property string contract

            width: list.width
            height: lines.height + Theme.space(3)
            activeFocusOnTab: true
            Accessible.role: Accessible.ListItem
            Accessible.name: when + ", " + title + ", " + text
            Keys.onReturnPressed: list.opened(contract)
            Keys.onEnterPressed: list.opened(contract)

            Rectangle {
                anchors.fill: parent
                anchors.leftMargin: -Theme.space(1)
                anchors.rightMargin: -Theme.space(1)
                radius: Theme.radiusControl
                color: over.hovered ? Theme.hover : Theme.transparent
                border.width: entry.activeFocus ? Theme.lineFocusRing : 0
                border.color: Theme.focus
            }
            HoverHandler {
                id: over
            }
            TapHandler {
                onTapped: list.opened(entry.contract)
            }
            T {
                y: Theme.space(2)
                role: "small"
                text: entry.when
                color: Theme.inkTertiary
            }
            Column {
                id: lines

                x: Theme.space(7)
                y: Theme.space(1.5)
                width: parent.width - x
                spacing: Theme.space(0.5)

                Row {
                    spacing: Theme.space(1)

                    Icon {
                        name: entry.icon
                        size: Theme.sizeIconSmall
                        color: Theme[entry.tone]
                        anchors.verticalCenter: parent.verticalCenter
                    }
                    T {
                        role: "bodyStrong"
                        text: entry.title
                    }
                }
                T {
                    width: parent.width
                    role: "small"
                    text: entry.text
                    color: Theme.inkSecondary
                    wrapMode: Text.Wrap
                }
            }
            Hairline {
                width: parent.width
                anchors.bottom: parent.bottom
            }
        }
    }
    T {
        visible: repeater.count === 0
        width: parent.width
        topPadding: Theme.space(1.5)
        text: qsTr("Each step of each contract will be listed here.")
        color: Theme.inkTertiary
        wrapMode: Text.Wrap
    }
    CmsButton {
        x: -Theme.space(1.5)
        visible: repeater.count > 0
        kind: "quiet"
        text: qsTr("All activity")
        onClicked: list.all()
    }
}
