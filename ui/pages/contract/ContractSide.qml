pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Whose turn it is, the one main action, and the parties in their order.
Item {
    id: side

    property var turn: ({})
    property alias parties: people.model
    property string error
    property bool busy: false
    property bool away: false

    signal acted(string action)

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
        contentHeight: column.height + Theme.space(5)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        ColumnLayout {
            id: column

            x: Theme.space(3)
            y: Theme.space(3)
            width: parent.width - 2 * x
            spacing: Theme.space(2)

            ColumnLayout {
                Layout.fillWidth: true
                spacing: Theme.space(0.5)

                T {
                    Layout.fillWidth: true
                    role: "bodyStrong"
                    text: side.turn.headline ?? ""
                    wrapMode: Text.Wrap
                }
                T {
                    Layout.fillWidth: true
                    text: side.turn.text ?? ""
                    color: Theme.inkSecondary
                    wrapMode: Text.Wrap
                }
            }
            CmsButton {
                objectName: "contractMain"
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.sizeButtonLarge
                visible: (side.turn.label ?? "") !== ""
                text: side.turn.label ?? ""
                icon: side.turn.icon ?? ""
                kind: "primary"
                busy: side.busy
                shortcutHint: side.turn.action === "sign" ? "S" : side.turn.action === "verify" ? "V" : ""
                onClicked: side.acted(side.turn.action)
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.leftMargin: -Theme.space(1.5)
                spacing: 0

                Repeater {
                    model: side.turn.secondary ?? []

                    delegate: CmsButton {
                        required property var modelData
                        objectName: "contract-" + modelData.action
                        text: modelData.label
                        kind: "quiet"
                        onClicked: side.acted(modelData.action)
                    }
                }
                Item {
                    Layout.fillWidth: true
                }
                T {
                    role: "small"
                    text: side.turn.until ?? ""
                    color: Theme.inkTertiary
                }
            }
            T {
                Layout.fillWidth: true
                visible: side.error !== ""
                text: side.error
                color: Theme.failed
                wrapMode: Text.Wrap
                Accessible.role: Accessible.AlertMessage
            }
            T {
                Layout.fillWidth: true
                visible: side.away
                role: "small"
                text: qsTr("The log of this contract is on another computer. What you do here is kept, and counts once that log holds it: send the file there, and take the answer in.")
                color: Theme.pending
                wrapMode: Text.Wrap
            }
            Column {
                Layout.fillWidth: true
                Layout.topMargin: Theme.space(1)

                SectionHead {
                    width: parent.width
                    text: qsTr("Parties and order")
                }
                Repeater {
                    id: people

                    delegate: SideParty {
                        width: column.width
                    }
                }
            }
        }
    }
}
