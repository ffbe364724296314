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
        // Only the open check has its details: there are many checks.
        Loader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.space(2.75)
            active: row.open
            visible: active
            sourceComponent: CheckDetails {
                expected: row.expected
                found: row.found
                failed: row.foundMark === "failed"
                remedy: row.remedy
                source: [row.check, row.source].filter(part => part !== "").join(" · ")
            }
        }
    }
    Hairline {
        width: parent.width
        anchors.bottom: parent.bottom
    }
}
