import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A further identity: from the recovery words, from a keystore file, or only watched.
WalletDialog {
    id: dialog

    readonly property bool watching: how.value === "watch"
    readonly property bool importing: how.value === "keystore"

    signal keystoreWanted(string password, string kind, string name)

    function ask() {
        name.text = "";
        organisation.text = "";
        address.text = "";
        password.text = "";
        open();
        name.forceActiveFocus(Qt.PopupFocusReason);
    }
    function take() {
        if (watching)
            vm.watch(address.text, name.text);
        else if (importing)
            keystoreWanted(password.text, kind.value === "ed25519" ? "secp256k1" : kind.value, name.text);
        else
            vm.add(kind.value, name.text, organisation.text);
        password.text = "";
    }

    purpose: "add"
    title: qsTr("Add an identity")
    text: watching ? qsTr("You will see its contracts. It can not sign here.") : importing ? qsTr("The key is copied into your wallet. Your recovery words do not bring it back; the backup file does.") : qsTr("Its key comes from your recovery words: the same words bring it back.")
    confirmText: importing ? qsTr("Choose the file") : qsTr("Add it")
    confirmEnabled: vm.busy === "" && name.text.trim() !== "" && (!watching || address.text.trim() !== "") && (!importing || password.text !== "")
    onConfirmed: take()

    SelectField {
        id: how

        Layout.fillWidth: true
        label: qsTr("Where its key comes from")
        value: "words"
        options: [
            {
                "value": "words",
                "text": qsTr("A new key from your recovery words")
            },
            {
                "value": "keystore",
                "text": qsTr("An Ethereum keystore file")
            },
            {
                "value": "watch",
                "text": qsTr("Nowhere: only watch it")
            }
        ]
        onChosen: value => how.value = value
    }
    SelectField {
        id: kind

        Layout.fillWidth: true
        visible: !dialog.watching
        label: qsTr("Kind of key")
        value: "ed25519"
        options: [
            {
                "value": "ed25519",
                "text": qsTr("Ed25519, did:key")
            },
            {
                "value": "secp256k1",
                "text": qsTr("secp256k1, did:key")
            },
            {
                "value": "ethereum",
                "text": qsTr("secp256k1, Ethereum account")
            }
        ].slice(dialog.importing ? 1 : 0)
        onChosen: value => kind.value = value
    }
    TextInputField {
        id: name

        objectName: "identityName"
        Layout.fillWidth: true
        label: qsTr("Name")
    }
    TextInputField {
        id: organisation

        objectName: "identityOrganisation"
        Layout.fillWidth: true
        visible: !dialog.watching && !dialog.importing
        label: qsTr("Company")
        labelHint: qsTr("optional")
    }
    TextInputField {
        id: address

        Layout.fillWidth: true
        visible: dialog.watching
        label: qsTr("Address or signed card")
        placeholder: qsTr("did:key:…")
    }
    TextInputField {
        id: password

        Layout.fillWidth: true
        visible: dialog.importing
        label: qsTr("Password of the keystore")
        secret: true
    }
    DialogNote {
        vm: dialog.vm
    }
}
