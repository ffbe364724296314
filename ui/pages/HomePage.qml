pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "home"

// What needs this person, what others do, what settles by itself, what happened.
FocusScope {
    id: page

    required property HomeViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar

    signal paletteWanted

    PageHeader {
        id: header

        width: parent.width
        title: page.vm.greeting

        CommandField {
            objectName: "commandField"
            onClicked: page.paletteWanted()
        }
        CmsButton {
            objectName: "homeNew"
            text: qsTr("New contract")
            icon: "plus"
            kind: firstNeeds.count === 0 ? "primary" : "secondary"
            shortcutHint: "Ctrl+N"
            onClicked: page.vm.new_contract()
        }
    }

    Flickable {
        id: scroll

        anchors {
            top: header.bottom
            bottom: parent.bottom
            left: parent.left
            right: parent.right
        }
        visible: !page.vm.empty
        clip: true
        contentHeight: columns.height + 2 * Theme.space(4)
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        GridLayout {
            id: columns

            x: page.compact ? Theme.sizePagePaddingCompact : Theme.sizePagePadding
            y: Theme.space(4)
            width: scroll.width - 2 * x
            columns: page.compact ? 1 : 2
            columnSpacing: Theme.space(8)
            rowSpacing: Theme.space(4)

            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                spacing: Theme.space(4)

                T {
                    Layout.fillWidth: true
                    color: Theme.inkSecondary
                    text: page.vm.sentence
                    wrapMode: Text.Wrap
                }
                Strip {
                    Layout.fillWidth: true
                    visible: page.vm.error !== ""
                    text: page.vm.error
                }
                HomeSection {
                    id: firstNeeds

                    objectName: "homeNeeds"
                    Layout.fillWidth: true
                    title: qsTr("Needs you")
                    rows: page.vm.needs
                    focus: true
                    nothing: qsTr("Nothing waits for you. What others send you to sign appears here.")
                    onOpened: (target, contract) => page.vm.open(target, contract)
                }
                HomeSection {
                    objectName: "homeWaiting"
                    Layout.fillWidth: true
                    title: qsTr("Waiting for others")
                    rows: page.vm.waiting
                    nothing: qsTr("You wait for nobody.")
                    onOpened: (target, contract) => page.vm.open(target, contract)
                }
                HomeSection {
                    objectName: "homeSettling"
                    Layout.fillWidth: true
                    title: qsTr("Settling by itself")
                    rows: page.vm.settling
                    nothing: qsTr("Every event is logged and anchored.")
                    onOpened: (target, contract) => page.vm.open(target, contract)
                }
            }
            ColumnLayout {
                Layout.preferredWidth: Theme.sizeInspector
                Layout.maximumWidth: page.compact ? scroll.width : Theme.sizeInspector
                Layout.fillWidth: page.compact
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: page.compact ? 0 : Theme.space(6.5)
                spacing: Theme.space(4)

                HomeHappened {
                    Layout.fillWidth: true
                    rows: page.vm.happened
                    onOpened: contract => page.vm.open("contract", contract)
                    onAll: page.vm.open("activity", "")
                }
                HomeAlarm {
                    objectName: "homeAlarm"
                    Layout.fillWidth: true
                    mark: page.vm.alarm.state
                    text: page.vm.alarm.text
                }
            }
        }
    }

    EmptyState {
        anchors.centerIn: scroll
        visible: page.vm.empty
        title: qsTr("No contract yet")
        text: qsTr("Here you will see what waits for your signature, what you wait for, and what happened.") + " " + (page.vm.sampleWaits ? qsTr("Begin with a contract of your own, or look at the sample among your drafts.") : qsTr("Begin with a contract of your own, or take the sample agreement to look around."))

        CmsButton {
            text: qsTr("Write a contract")
            icon: "plus"
            kind: "primary"
            onClicked: page.vm.new_contract()
        }
        CmsButton {
            objectName: "homeSample"
            text: page.vm.sampleWaits ? qsTr("Look at the sample") : qsTr("Take the sample agreement")
            onClicked: page.vm.from_sample()
        }
    }
}
