pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Components

// The equal way to sign for those who cannot hold a button.
CmsDialog {
    id: dialog

    property string verb

    signal given(string secret)

    function ask() {
        secret.text = "";
        open();
        secret.forceActiveFocus(Qt.TabFocusReason);
    }
    function take() {
        const typed = secret.text;
        secret.text = "";
        if (typed !== "")
            dialog.given(typed);
    }

    title: qsTr("Sign with your passphrase")
    text: qsTr("Typing it is the same deliberate act as holding the button: what you review here is signed at once.")
    safeText: qsTr("Not yet")
    confirmText: qsTr("Sign")
    onConfirmed: take()

    TextInputField {
        id: secret

        objectName: "signSecret"
        Layout.fillWidth: true
        label: qsTr("Passphrase of the wallet")
        secret: true
        onAccepted: {
            dialog.close();
            dialog.take();
        }
    }
}
