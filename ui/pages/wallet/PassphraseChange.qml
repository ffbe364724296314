import QtQuick
import QtQuick.Layouts
import Cms.Components

// Another passphrase for the wallet.
WalletDialog {
    id: dialog

    function ask() {
        for (const field of [old, fresh, again])
            field.text = "";
        open();
        old.forceActiveFocus(Qt.PopupFocusReason);
    }

    purpose: "passphrase"
    title: qsTr("Change the passphrase")
    text: qsTr("The wallet is locked anew. Backups that you made before still open with the old one.")
    confirmText: qsTr("Change it")
    confirmEnabled: vm.busy === "" && old.text !== "" && fresh.text.length >= 8 && fresh.text === again.text
    onConfirmed: vm.safety.change_passphrase(old.text, fresh.text)

    TextInputField {
        id: old

        objectName: "passphraseOld"
        Layout.fillWidth: true
        label: qsTr("The present one")
        secret: true
    }
    TextInputField {
        id: fresh

        objectName: "passphraseNew"
        Layout.fillWidth: true
        label: qsTr("The new one")
        hint: qsTr("Four or five plain words")
        secret: true
    }
    TextInputField {
        id: again

        objectName: "passphraseNewAgain"
        Layout.fillWidth: true
        label: qsTr("Once more")
        secret: true
        error: text !== "" && text !== fresh.text ? qsTr("It is not the same.") : ""
    }
    DialogNote {
        vm: dialog.vm
    }
}
