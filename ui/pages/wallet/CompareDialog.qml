import QtQuick
import QtQuick.Layouts
import Cms.Components

// Read the six words out.
WalletDialog {
    id: dialog

    property string did
    property string name

    function ask(did_, name_) {
        did = did_;
        name = name_;
        open();
    }

    purpose: "compare"
    title: qsTr("Compare with %1").arg(name)
    text: qsTr("Call them by a number that you know. They read the six words of their address to you. If yours are the same, nobody stands between you.")
    confirmText: qsTr("They are the same")
    onConfirmed: vm.compared(did)

    T {
        Layout.fillWidth: true
        role: "monoWords"
        text: dialog.did !== "" ? dialog.vm.words_of(dialog.did) : ""
        wrapMode: Text.Wrap
    }
    DigestLabel {
        value: dialog.did
    }
}
