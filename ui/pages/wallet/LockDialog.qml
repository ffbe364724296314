pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Components

// When the wallet locks by itself.
WalletDialog {
    id: dialog

    function ask() {
        choice.value = String(vm.safety.lockAfter);
        open();
    }

    purpose: "lock"
    title: qsTr("When should the wallet lock by itself?")
    text: qsTr("After so many minutes in which you touched neither keys nor mouse.")
    confirmText: qsTr("Save")
    onConfirmed: vm.safety.set_lock_after(Number(choice.value))

    SelectField {
        id: choice

        Layout.fillWidth: true
        Accessible.name: qsTr("Minutes")
        options: [
            {
                "value": "1",
                "text": qsTr("After a minute")
            },
            {
                "value": "5",
                "text": qsTr("After 5 minutes")
            },
            {
                "value": "10",
                "text": qsTr("After 10 minutes")
            },
            {
                "value": "30",
                "text": qsTr("After half an hour")
            },
            {
                "value": "120",
                "text": qsTr("After two hours")
            },
            {
                "value": "0",
                "text": qsTr("Never: only when I lock it, or close the window")
            }
        ]
        onChosen: value => choice.value = value
    }
    DialogNote {
        vm: dialog.vm
    }
}
