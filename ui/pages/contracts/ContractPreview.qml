pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The chosen contract beside the table: its state, what to do next, who takes part.
Item {
    id: pane

    property var preview: ({})
    property alias parties: people.model
    readonly property bool primary: preview.action === "sign"

    signal acted(string action)
    signal opened
    signal closed

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Hairline {
        vertical: true
        height: parent.height
    }
    Flickable {
        anchors.fill: parent
        anchors.bottomMargin: keys.height
        contentHeight: column.height + Theme.space(6)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        ColumnLayout {
            id: column

            x: Theme.space(3)
            y: Theme.space(3)
            width: parent.width - 2 * x
            spacing: Theme.space(2)

            RowLayout {
                Layout.fillWidth: true

                Badge {
                    state: pane.preview.badge ?? "draft"
                    text: pane.preview.badgeText ?? ""
                }
                Item {
                    Layout.fillWidth: true
                }
                IconButton {
                    icon: "arrow-square-out"
                    tip: qsTr("Open")
                    onClicked: pane.opened()
                }
                IconButton {
                    icon: "x"
                    tip: qsTr("Close the preview")
                    onClicked: pane.closed()
                }
            }
            T {
                Layout.fillWidth: true
                role: "paperTitle"
                text: pane.preview.title ?? ""
                wrapMode: Text.Wrap
                maximumLineCount: 4
                elide: Text.ElideRight
            }
            T {
                Layout.fillWidth: true
                Layout.topMargin: -Theme.space(1)
                text: pane.preview.text ?? ""
                color: Theme.inkSecondary
                wrapMode: Text.Wrap
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.space(1)

                CmsButton {
                    visible: (pane.preview.label ?? "") !== ""
                    text: pane.preview.label ?? ""
                    kind: pane.primary ? "primary" : "secondary"
                    onClicked: pane.acted(pane.preview.action)
                }
                Repeater {
                    model: pane.preview.secondary ?? []

                    delegate: CmsButton {
                        required property var modelData
                        text: modelData.label
                        kind: "quiet"
                        onClicked: pane.acted(modelData.action)
                    }
                }
            }
            Column {
                Layout.fillWidth: true
                visible: people.count > 0

                SectionHead {
                    width: parent.width
                    text: qsTr("Parties")
                }
                Repeater {
                    id: people

                    delegate: PreviewParty {
                        width: column.width
                    }
                }
            }
            PreviewFacts {
                Layout.fillWidth: true
                facts: pane.preview.facts ?? []
            }
        }
    }
    Row {
        id: keys

        x: Theme.space(3)
        height: Theme.space(6)
        anchors.bottom: parent.bottom
        spacing: Theme.space(2)

        Repeater {
            model: [[qsTr("Enter"), qsTr("open")], ["S", qsTr("sign")], ["V", qsTr("verify")]]

            delegate: Row {
                id: hint

                required property var modelData
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.space(1)

                KeyCap {
                    text: hint.modelData[0]
                }
                T {
                    anchors.verticalCenter: parent.verticalCenter
                    role: "small"
                    text: hint.modelData[1]
                    color: Theme.inkTertiary
                }
            }
        }
    }
}
