import QtQuick
import QtQuick.Layouts
import Cms.Components

// Another name for an identity.
WalletDialog {
    id: dialog

    property string key

    function ask(key_, name_, organisation_) {
        key = key_;
        name.text = name_;
        organisation.text = organisation_;
        open();
        name.forceActiveFocus(Qt.PopupFocusReason);
    }

    purpose: "rename"
    title: qsTr("Change the name")
    text: qsTr("The address stays. Contracts that exist keep the name that was written into them.")
    confirmText: qsTr("Save")
    confirmEnabled: name.text.trim() !== ""
    onConfirmed: vm.rename(key, name.text, organisation.text)

    TextInputField {
        id: name

        Layout.fillWidth: true
        label: qsTr("Name")
    }
    TextInputField {
        id: organisation

        Layout.fillWidth: true
        label: qsTr("Company")
        labelHint: qsTr("optional")
    }
    DialogNote {
        vm: dialog.vm
    }
}
