import QtQuick
import QtQuick.Layouts
import Cms.Components

// A contact from a card or an address.
WalletDialog {
    id: dialog

    function ask() {
        card.text = "";
        name.text = "";
        open();
        card.forceActiveFocus(Qt.PopupFocusReason);
    }

    purpose: "contact"
    title: qsTr("Add a contact")
    text: qsTr("Paste what they gave you. A signed card brings their name and proves that it is from that key; a bare address needs a name from you.")
    confirmText: qsTr("Add contact")
    confirmEnabled: card.text.trim() !== ""
    onConfirmed: vm.add_contact(card.text, name.text)

    TextInputField {
        id: card

        objectName: "contactCard"
        Layout.fillWidth: true
        label: qsTr("Card or address")
        placeholder: qsTr("cms-contact:… or did:key:…")
    }
    TextInputField {
        id: name

        objectName: "contactName"
        Layout.fillWidth: true
        label: qsTr("Name you give")
        labelHint: qsTr("optional with a card")
    }
    DialogNote {
        vm: dialog.vm
    }
}
