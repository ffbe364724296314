import QtQuick
import Cms.ViewModels

// Every dialog of the page, by the name of what it does.
Item {
    id: dialogs

    required property WalletViewModel vm
    property alias files: files
    property alias add: add
    property alias importKey: importKey
    property alias exportKey: exportKey
    property alias rotate: rotate
    property alias rename: rename
    property alias contact: contact
    property alias compare: compare
    property alias restore: restore

    // What a line of the safety list asks for.
    function safety(key) {
        const wanted = {
            "words": () => words.ask(),
            "backup": () => files.backUp(),
            "lock": () => lock.ask(),
            "passphrase": () => passphrase.ask(),
            "keyring": () => keyring.ask()
        };
        wanted[key]();
    }

    WalletFiles {
        id: files

        vm: dialogs.vm
    }
    AddIdentityDialog {
        id: add

        vm: dialogs.vm
    }
    ImportKeyDialog {
        id: importKey

        vm: dialogs.vm
        onFileWanted: files.choose("import", qsTr("Choose the file with the key"))
    }
    ExportKeyDialog {
        id: exportKey

        vm: dialogs.vm
        onFileWanted: (form, password) => files.exportKey(form, password)
    }
    RotateDialog {
        id: rotate

        vm: dialogs.vm
    }
    RenameDialog {
        id: rename

        vm: dialogs.vm
    }
    ContactDialog {
        id: contact

        vm: dialogs.vm
    }
    CompareDialog {
        id: compare

        vm: dialogs.vm
    }
    RestoreDialog {
        id: restore

        vm: dialogs.vm
        onFileWanted: files.choose("restore", qsTr("Choose the backup of a wallet"))
    }
    WordsDialog {
        id: words

        vm: dialogs.vm
    }
    LockDialog {
        id: lock

        vm: dialogs.vm
    }
    PassphraseChange {
        id: passphrase

        vm: dialogs.vm
    }
    KeyringDialog {
        id: keyring

        vm: dialogs.vm
    }
}
