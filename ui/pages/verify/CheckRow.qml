pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A plain question and its state; open, it shows what was expected above what was found.
FocusScope {
    id: row

    required property int index
    required property string key
    required property string question
    required property string mark
    required property string check
    required property string expected
    required property string found
    required property string foundMark
    required property string source
    required property string remedy
    required property bool open

    signal toggled

    // Digests and the like are set in mono; a sentence is not.
    function computed(text) {
        return !text.includes(" ");
    }

    implicitHeight: column.height + Theme.space(2)
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: question + ", " + state_.word
    Accessible.description: open ? [qsTr("Expected"), expected, qsTr("Found"), found, remedy].join(" ") : ""
    Accessible.onPressAction: toggled()
    Keys.onSpacePressed: toggled()
    Keys.onReturnPressed: toggled()
    Keys.onEnterPressed: toggled()
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: -Theme.space(1)
        anchors.rightMargin: -Theme.space(1)
        radius: Theme.radiusBadge
        color: over.hovered && !row.open ? Theme.hover : Theme.transparent
        border.width: row.activeFocus ? Theme.lineFocusRing : 0
        border.color: Theme.focus
    }
    ColumnLayout {
        id: column

        y: Theme.space(1)
        width: parent.width
        spacing: Theme.space(1)

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.space(1)

            HoverHandler {
                id: over
            }
            TapHandler {
                onTapped: row.toggled()
            }
            Icon {
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: Theme.space(0.375)
                name: row.open ? "caret-down" : "caret-right"
                size: Theme.sizeIconBadge
                color: Theme.inkTertiary
            }
            T {
                Layout.fillWidth: true
                role: row.open ? "bodyStrong" : "body"
                text: row.question
                wrapMode: Text.Wrap
            }
            CheckMark {
                id: state_

                Layout.alignment: Qt.AlignTop
                state: row.mark
            }
        }
        GridLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.space(2.75)
            visible: row.open && (row.expected !== "" || row.found !== "")
            columns: 2
            columnSpacing: Theme.space(1)
            rowSpacing: Theme.space(0.5)

            T {
                Layout.preferredWidth: Theme.space(8)
                Layout.alignment: Qt.AlignTop
                visible: row.expected !== ""
                role: "small"
                text: qsTr("Expected")
                color: Theme.inkSecondary
            }
            T {
                Layout.fillWidth: true
                visible: row.expected !== ""
                role: row.computed(row.expected) ? "mono" : "small"
                text: row.expected
                wrapMode: row.computed(row.expected) ? Text.WrapAnywhere : Text.Wrap
            }
            T {
                Layout.preferredWidth: Theme.space(8)
                Layout.alignment: Qt.AlignTop
                visible: row.found !== ""
                role: "small"
                text: qsTr("Found")
                color: Theme.inkSecondary
            }
            T {
                Layout.fillWidth: true
                visible: row.found !== ""
                role: row.computed(row.found) ? "mono" : "small"
                text: row.found
                color: row.foundMark === "failed" ? Theme.failed : Theme.ink
                wrapMode: row.computed(row.found) ? Text.WrapAnywhere : Text.Wrap
            }
        }
        T {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.space(2.75)
            visible: row.open && row.remedy !== ""
            role: "small"
            text: row.remedy
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
        T {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.space(2.75)
            visible: row.open
            role: "mono"
            text: [row.check, row.source].filter(part => part !== "").join(" · ")
            color: Theme.inkTertiary
            wrapMode: Text.Wrap
        }
    }
    Hairline {
        width: parent.width
        anchors.bottom: parent.bottom
    }
}
