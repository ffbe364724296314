pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A key out of a file, chosen or let go here: raw, or an Ethereum keystore with its password.
WalletDialog {
    id: dialog

    readonly property string form: vm.keys.found.form
    readonly property bool keystore: form === "keystore"
    readonly property string address: form === "raw" ? vm.keys.address(kind.value) : vm.keys.found.address

    signal fileWanted

    function ask() {
        name.text = "";
        password.text = "";
        kind.value = "ethereum";
        open();
        file.forceActiveFocus(Qt.PopupFocusReason);
    }

    purpose: "import"
    title: qsTr("Import a key")
    text: qsTr("The key is copied into your wallet and signs from here. Your recovery words do not bring it back; a backup file does. The file stays where it is: delete it if nobody else needs it.")
    confirmText: qsTr("Import")
    confirmEnabled: vm.busy === "" && form !== "" && name.text.trim() !== "" && (keystore ? password.text !== "" : address !== "")
    onConfirmed: {
        vm.keys.take(kind.value, name.text, password.text);
        password.text = "";
    }

    FilePart {
        id: file

        objectName: "importFile"
        Layout.fillWidth: true
        title: dialog.form === "" ? qsTr("Let a key file go here") : dialog.vm.keys.found.file
        text: dialog.form === "" ? qsTr("64 hexadecimal digits, or an Ethereum keystore") : dialog.keystore ? qsTr("Ethereum keystore, version 3") : qsTr("Raw key")
        onChooseWanted: dialog.fileWanted()
        onDropped: url => dialog.vm.keys.choose(url)
    }
    KindField {
        id: kind

        Layout.fillWidth: true
        visible: dialog.form !== ""
        fromKeystore: dialog.keystore
    }
    ColumnLayout {
        Layout.fillWidth: true
        visible: dialog.address !== ""
        spacing: Theme.space(0.5)

        T {
            role: "small"
            text: dialog.keystore ? qsTr("Account that the file names") : qsTr("Its address")
            color: Theme.inkSecondary
        }
        DigestLabel {
            objectName: "importAddress"
            Layout.fillWidth: true
            value: dialog.address
        }
    }
    TextInputField {
        id: name

        objectName: "importName"
        Layout.fillWidth: true
        visible: dialog.form !== ""
        label: qsTr("Name that others see")
    }
    TextInputField {
        id: password

        objectName: "importPassword"
        Layout.fillWidth: true
        visible: dialog.keystore
        label: qsTr("Password of the keystore")
        secret: true
    }
    DialogNote {
        vm: dialog.vm
    }
}
