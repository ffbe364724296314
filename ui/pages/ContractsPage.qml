pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "contracts"

// The register: one table, a search, chips, and a preview of the chosen row.
FocusScope {
    id: page

    required property ContractsViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar
    readonly property real padding: compact ? Theme.sizePagePaddingCompact : Theme.sizePagePadding

    signal paletteWanted

    Keys.onPressed: event => {
        if (event.text === "/" && !tools.searching) {
            tools.search();
            event.accepted = true;
        }
    }

    PageHeader {
        id: header

        width: parent.width
        title: qsTr("Contracts")

        CommandField {
            objectName: "commandField"
            onClicked: page.paletteWanted()
        }
        CmsButton {
            text: qsTr("Take in a file")
            icon: "file-arrow-down"
            onClicked: page.vm.take_in()
        }
        CmsButton {
            objectName: "contractsNew"
            text: qsTr("New contract")
            icon: "plus"
            kind: preview.visible && preview.primary ? "secondary" : "primary"
            shortcutHint: "Ctrl+N"
            onClicked: page.vm.new_contract()
        }
    }
    Item {
        id: main

        anchors {
            top: header.bottom
            bottom: compact ? bar.top : parent.bottom
            left: parent.left
            right: preview.visible ? preview.left : parent.right
        }
        readonly property bool compact: page.compact && bar.visible

        ContractTools {
            id: tools

            x: page.padding
            y: Theme.space(2)
            width: parent.width - 2 * page.padding
            vm: page.vm
            onDone: table.forceActiveFocus(Qt.TabFocusReason)
        }
        ContractFilters {
            id: filters

            x: page.padding
            anchors.top: tools.bottom
            anchors.topMargin: Theme.space(1.5)
            width: parent.width - 2 * page.padding
            rows: page.vm.filters
            onChosen: filterId => page.vm.choose_filter(filterId)
        }
        ContractTable {
            id: table

            objectName: "contractsTable"
            anchors {
                top: filters.bottom
                topMargin: Theme.space(1.5)
                left: parent.left
                right: parent.right
                bottom: foot.top
            }
            padding: page.padding
            vm: page.vm
            visible: !page.vm.nothingAtAll
            focus: true
        }
        Item {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.space(5)

            Hairline {
                width: parent.width
            }
            T {
                x: page.padding
                anchors.verticalCenter: parent.verticalCenter
                role: "small"
                color: Theme.inkSecondary
                text: page.vm.error !== "" ? page.vm.error : table.range
            }
            T {
                anchors.right: parent.right
                anchors.rightMargin: page.padding
                anchors.verticalCenter: parent.verticalCenter
                role: "small"
                color: Theme.inkTertiary
                text: page.vm.took
            }
        }
        EmptyState {
            anchors.centerIn: parent
            visible: page.vm.nothingAtAll
            title: qsTr("Your contracts will be listed here")
            text: qsTr("Drafts, proposals that wait for somebody, contracts in force, and those that ended. Take in a file that somebody sent you, or write the first one.")

            CmsButton {
                text: qsTr("Write a contract")
                icon: "plus"
                kind: "primary"
                onClicked: page.vm.new_contract()
            }
            CmsButton {
                text: qsTr("Take the sample agreement")
                onClicked: page.vm.from_sample()
            }
        }
    }
    ContractPreview {
        id: preview

        objectName: "contractsPreview"
        anchors {
            top: header.bottom
            bottom: parent.bottom
            right: parent.right
        }
        width: Theme.sizePreviewPane
        visible: !page.compact && page.vm.chosen >= 0
        preview: page.vm.preview
        parties: page.vm.previewParties
        onActed: action => page.vm.act(action)
        onOpened: page.vm.open(page.vm.chosen)
        onClosed: page.vm.choose(-1)
    }
    ContractBar {
        id: bar

        anchors.bottom: parent.bottom
        width: parent.width
        padding: page.padding
        visible: page.compact && page.vm.chosen >= 0
        preview: page.vm.preview
        onActed: action => page.vm.act(action)
    }
}
