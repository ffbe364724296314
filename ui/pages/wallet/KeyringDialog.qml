import QtQuick
import QtQuick.Layouts
import Cms.Components

// Open the wallet with the login of this computer, or stop it.
WalletDialog {
    id: dialog

    function ask() {
        passphrase.text = "";
        open();
    }

    purpose: "keyring"
    title: vm.safety.keyring ? qsTr("Stop opening it with the login?") : qsTr("Open it with the login of this computer?")
    text: vm.safety.keyring ? qsTr("The passphrase is taken out of the system’s key ring. You type it from now on.") : qsTr("The passphrase goes into the system’s key ring. Whoever is logged in here can open the wallet; signing still asks you to hold the button.")
    confirmText: vm.safety.keyring ? qsTr("Stop it") : qsTr("Set it up")
    confirmEnabled: vm.busy === "" && (vm.safety.keyring || passphrase.text !== "")
    onConfirmed: {
        vm.safety.set_keyring(vm.safety.keyring ? "" : passphrase.text);
        passphrase.text = "";
    }

    TextInputField {
        id: passphrase

        Layout.fillWidth: true
        visible: !dialog.vm.safety.keyring
        label: qsTr("Passphrase")
        secret: true
    }
    DialogNote {
        vm: dialog.vm
    }
}
