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
            objectName: "walletBackup"
            focus: true
            icon: "download-simple"
            text: qsTr("Back up")
            onClicked: files.backUp()
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

            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                spacing: Theme.space(4)

                IdentitiesPart {
                    Layout.fillWidth: true
                    identities: page.vm.identities
                    watched: page.vm.watched
                    onAddWanted: add.ask()
                    onUsed: key => page.vm.use(key)
                    onShared: key => page.vm.share(key)
                    onRotateWanted: (key, name) => rotate.ask(key, name)
                    onRenameWanted: (key, name, organisation) => rename.ask(key, name, organisation)
                    onExportWanted: key => keystore.ask(key)
                }
                ContactsPart {
                    Layout.fillWidth: true
                    contacts: page.vm.contacts
                    onAddWanted: contact.ask()
                    onImportWanted: files.importCard()
                    onCompareWanted: (did, name) => compare.ask(did, name)
                    onRemoved: did => page.vm.remove_contact(did)
                }
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
                    onSaveWanted: files.savePicture()
                }
                SafetyPart {
                    Layout.fillWidth: true
                    rows: page.vm.safety
                    onChosen: key => key === "words" ? words.ask() : key === "backup" ? files.backUp() : key === "lock" ? lock.ask() : key === "passphrase" ? passphrase.ask() : keyring.ask()
                }
            }
        }
    }
    WalletFiles {
        id: files

        vm: page.vm
    }
    AddIdentityDialog {
        id: add

        vm: page.vm
        onKeystoreWanted: (password, kind, name) => files.importKeystore(password, kind, name)
    }
    RotateDialog {
        id: rotate

        vm: page.vm
    }
    RenameDialog {
        id: rename

        vm: page.vm
    }
    KeystoreDialog {
        id: keystore

        onGiven: (key, password) => files.exportKeystore(key, password)
    }
    ContactDialog {
        id: contact

        vm: page.vm
    }
    CompareDialog {
        id: compare

        vm: page.vm
    }
    WordsDialog {
        id: words

        vm: page.vm
    }
    LockDialog {
        id: lock

        vm: page.vm
    }
    PassphraseChange {
        id: passphrase

        vm: page.vm
    }
    KeyringDialog {
        id: keyring

        vm: page.vm
    }
}
