import QtQuick
import QtQuick.Layouts
import Cms.Components

// A further identity: from the recovery words, or only watched.
WalletDialog {
    id: dialog

    readonly property bool watching: how.value === "watch"

    function ask() {
        name.text = "";
        organisation.text = "";
        address.text = "";
        open();
        name.forceActiveFocus(Qt.PopupFocusReason);
    }
    function take() {
        if (watching)
            vm.watch(address.text, name.text);
        else
            vm.add(kind.value, name.text, organisation.text);
    }

    purpose: "add"
    title: qsTr("Add an identity")
    text: watching ? qsTr("You will see its contracts. It can not sign here.") : qsTr("Its key comes from your recovery words: the same words bring it back.")
    confirmText: qsTr("Add it")
    confirmEnabled: vm.busy === "" && name.text.trim() !== "" && (!watching || address.text.trim() !== "")
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
                "value": "watch",
                "text": qsTr("Nowhere: only watch it")
            }
        ]
        onChosen: value => how.value = value
    }
    KindField {
        id: kind

        Layout.fillWidth: true
        visible: !dialog.watching
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
        visible: !dialog.watching
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
    DialogNote {
        vm: dialog.vm
    }
}
