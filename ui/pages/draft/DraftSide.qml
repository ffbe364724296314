pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// People, dates, files; what is missing; and the one main action at the bottom.
FocusScope {
    id: side

    required property DraftViewModel vm

    signal addWanted
    signal partyWanted(int place)
    signal proposeWanted
    signal led(string place)

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Hairline {
        vertical: true
        height: parent.height
    }
    Flickable {
        id: scroll

        anchors {
            top: parent.top
            bottom: foot.top
            left: parent.left
            right: parent.right
        }
        contentHeight: column.height + Theme.space(4)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        ColumnLayout {
            id: column

            x: Theme.space(3)
            y: Theme.space(2)
            width: scroll.width - 2 * x
            spacing: Theme.space(1)

            RowLayout {
                Layout.fillWidth: true
                Layout.rightMargin: -Theme.space(1.5)

                T {
                    Layout.fillWidth: true
                    role: "bodyStrong"
                    text: qsTr("Parties")
                }
                CmsButton {
                    objectName: "draftAdd"
                    kind: "quiet"
                    small: true
                    icon: "plus"
                    text: qsTr("Add")
                    onClicked: side.addWanted()
                }
            }
            Repeater {
                model: side.vm.parts.parties

                delegate: DraftParty {
                    Layout.fillWidth: true
                    focus: index === 0
                    onOpened: side.partyWanted(place)
                    onRemoved: side.vm.parts.remove_party(place)
                    onMoved: by => side.vm.parts.change_party(place, "step", String(Math.max(1, step + by)))
                }
            }
            ValidityForm {
                Layout.fillWidth: true
                Layout.topMargin: Theme.space(1)
                parts: side.vm.parts
            }
            AttachmentsForm {
                Layout.fillWidth: true
                parts: side.vm.parts
            }
        }
    }
    DraftFoot {
        id: foot

        x: Theme.space(3)
        width: parent.width - 2 * x
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space(3)
        vm: side.vm
        onProposeWanted: side.proposeWanted()
        onLed: place => side.led(place)
    }
}
