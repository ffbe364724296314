pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// One thing to know or to do: what it is, in a sentence, until when, and one button.
FocusScope {
    id: row

    required property int index
    required property string key
    required property string icon
    required property string tone
    required property string title
    required property string text
    required property string side
    required property string sideTone
    required property string button
    required property string page
    required property bool primary
    readonly property string contract: page === "activity" ? "" : key

    signal opened

    implicitHeight: Math.max(Theme.sizeHomeRow, words.height + Theme.space(3))
    activeFocusOnTab: true
    Accessible.role: Accessible.ListItem
    Accessible.name: [title, text, side].filter(part => part !== "").join(", ")

    Keys.onReturnPressed: row.opened()
    Keys.onEnterPressed: row.opened()
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: -Theme.space(2)
        anchors.rightMargin: -Theme.space(2)
        radius: Theme.radiusControl
        color: hover.hovered ? Theme.hover : Theme.transparent
        border.width: row.activeFocus && !action.activeFocus ? Theme.lineFocusRing : 0
        border.color: Theme.focus
    }
    HoverHandler {
        id: hover
    }
    TapHandler {
        onTapped: row.opened()
    }
    RowLayout {
        anchors.fill: parent
        spacing: Theme.space(2)

        Icon {
            Layout.alignment: Qt.AlignVCenter
            name: row.icon
            size: Theme.sizeIcon
            color: Theme[row.tone]
        }
        ColumnLayout {
            id: words

            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: 0

            T {
                Layout.fillWidth: true
                role: "bodyStrong"
                text: row.title
                elide: Text.ElideRight
            }
            T {
                Layout.fillWidth: true
                text: row.text
                color: Theme.inkSecondary
                wrapMode: Text.Wrap
                maximumLineCount: 2
                elide: Text.ElideRight
            }
        }
        T {
            role: "small"
            text: row.side
            color: Theme[row.sideTone]
        }
        Item {
            Layout.preferredWidth: Math.max(action.implicitWidth, Theme.space(17))
            Layout.preferredHeight: action.implicitHeight

            CmsButton {
                id: action

                anchors.right: parent.right
                anchors.rightMargin: kind === "quiet" ? -Theme.space(1.5) : 0
                text: row.button
                kind: row.primary ? "primary" : row.page === "sign" || row.tone === "pending" && row.page === "contract" ? "secondary" : "quiet"
                Accessible.name: row.button + ", " + row.title
                onClicked: row.opened()
            }
        }
    }
    Hairline {
        width: parent.width
        anchors.bottom: parent.bottom
    }
}
