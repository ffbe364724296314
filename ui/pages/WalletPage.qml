pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "wallet"

// Identities as cards, contacts, the address to give away, and what keeps the keys safe.
FocusScope {
    id: page

    required property WalletViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar

    PageHeader {
        id: header

        width: parent.width
        title: qsTr("Wallet")

        CmsButton {
            objectName: "walletRestore"
            kind: "quiet"
            text: qsTr("Restore")
            tip: qsTr("Another wallet, from a backup or from words; the present one is kept")
            onClicked: dialogs.restore.ask()
        }
        CmsButton {
            objectName: "walletBackup"
            focus: true
            icon: "download-simple"
            text: qsTr("Back up")
            onClicked: dialogs.files.backUp()
        }
        CmsButton {
            objectName: "walletLock"
            icon: "lock"
            text: qsTr("Lock now")
            hint: qsTr("Ctrl L")
            onClicked: page.vm.lock()
        }
    }
    Flickable {
        id: scroll

        anchors.top: header.bottom
        anchors.bottom: parent.bottom
        width: parent.width
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
            columnSpacing: Theme.space(4)
            rowSpacing: Theme.space(4)

            PeopleColumn {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                vm: page.vm
                dialogs: dialogs
            }
            ColumnLayout {
                Layout.preferredWidth: Theme.sizeInspector
                Layout.maximumWidth: page.compact ? scroll.width : Theme.sizeInspector
                Layout.fillWidth: page.compact
                Layout.alignment: Qt.AlignTop
                spacing: Theme.space(3)

                SharePart {
                    Layout.fillWidth: true
                    shared: page.vm.shared
                    onCopied: card => page.vm.copy_address(card)
                    onSaveWanted: dialogs.files.savePicture()
                }
                SafetyPart {
                    Layout.fillWidth: true
                    rows: page.vm.safety.rows
                    onChosen: key => dialogs.safety(key)
                }
            }
        }
    }
    WalletDialogs {
        id: dialogs

        vm: page.vm
    }
}
