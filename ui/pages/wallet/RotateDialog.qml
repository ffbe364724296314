import QtQuick
import QtQuick.Layouts
import Cms.Components

// End the key of an identity.
WalletDialog {
    id: dialog

    property string key
    property string name

    function ask(key_, name_) {
        key = key_;
        name = name_;
        reason.text = "";
        open();
    }

    purpose: "rotate"
    title: qsTr("Rotate the key of %1?").arg(name)
    text: qsTr("What you signed before stays valid. From now on only the new key signs, under a new address. The end of the old key is written into the log and can not be taken back. Give your contacts the new address.")
    dangerText: qsTr("Rotate key")
    onDanger: vm.rotate(key, reason.text)

    TextInputField {
        id: reason

        Layout.fillWidth: true
        label: qsTr("Why")
        labelHint: qsTr("optional, everybody can read it")
    }
    DialogNote {
        vm: dialog.vm
    }
}
