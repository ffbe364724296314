pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Components

// The key of an identity leaves the wallet: first the passphrase, then as a file in one of two forms, or on the screen.
WalletDialog {
    id: dialog

    property string key
    property string name
    property bool ethereum: false
    readonly property bool asking: !vm.keys.allowed
    readonly property bool keystore: form.value === "keystore"

    signal fileWanted(string form, string password)

    function ask(key_, name_, ethereum_) {
        key = key_;
        name = name_;
        ethereum = ethereum_;
        passphrase.text = "";
        form.value = ethereum_ ? "keystore" : "raw";
        password.clear();
        open();
        passphrase.forceActiveFocus(Qt.PopupFocusReason);
    }
    function go() {
        if (asking) {
            vm.keys.allow(key, passphrase.text);
            passphrase.text = "";
        } else {
            fileWanted(form.value, password.value);
        }
    }

    purpose: "export"
    title: asking ? qsTr("Let the key of %1 out?").arg(name) : qsTr("The key of %1").arg(name)
    text: asking ? qsTr("Whoever has this key can sign as %1, on any computer, and nobody can tell it from you. What is out can not be taken back: if it gets into wrong hands, only rotating the key helps.").arg(name) : keystore ? qsTr("The file is locked with a password of its own. Whoever has both can sign as %1.").arg(name) : qsTr("The file holds the bare key; no password locks it. Only your login of this computer may read it, and whoever gets a copy can sign as %1.").arg(name)
    safeText: asking ? qsTr("Keep it in") : qsTr("Close")
    dangerText: asking ? qsTr("Go on") : qsTr("Choose where to save it")
    confirmEnabled: vm.busy === "" && (asking ? passphrase.text !== "" : !keystore || password.good)
    onDanger: go()

    PassphraseField {
        id: passphrase

        objectName: "exportPassphrase"
        Layout.fillWidth: true
        visible: dialog.asking
        onAccepted: if (dialog.confirmEnabled)
            dialog.go()
    }
    SelectField {
        id: form

        objectName: "exportForm"
        Layout.fillWidth: true
        visible: !dialog.asking && dialog.ethereum
        label: qsTr("As")
        options: [
            {
                "value": "keystore",
                "text": qsTr("Ethereum keystore, version 3")
            },
            {
                "value": "raw",
                "text": qsTr("Raw key, 64 hexadecimal digits")
            }
        ]
        onChosen: value => form.value = value
    }
    NewPassword {
        id: password

        Layout.fillWidth: true
        visible: !dialog.asking && dialog.keystore
        label: qsTr("Password for the file")
    }
    ShownKey {
        Layout.fillWidth: true
        visible: !dialog.asking && !dialog.keystore
        keys: dialog.vm.keys
        guard: dialog.vm.guard
    }
    DialogNote {
        vm: dialog.vm
    }
}
