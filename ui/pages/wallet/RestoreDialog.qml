pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import "../firstrun"

// Another wallet in the place of the present one, which is kept aside.
WalletDialog {
    id: dialog

    readonly property bool byFile: from.current === 0

    signal fileWanted

    function ask() {
        from.current = 0;
        for (const field of [opens, words, address, name])
            field.text = "";
        password.clear();
        open();
        file.forceActiveFocus(Qt.PopupFocusReason);
    }

    purpose: "restore"
    wide: Theme.sizeFirstRun
    title: qsTr("Restore another wallet?")
    text: qsTr("It takes the place of the present one, which holds %1. The present one is not lost: it is kept in the data folder under a name of its own, which you are told. It opens with its passphrase, and comes back the same way. Agreements and drafts stay as they are.").arg(vm.safety.holds)
    dangerText: qsTr("Restore")
    confirmEnabled: vm.busy === "" && (byFile ? vm.safety.backup !== "" && opens.text !== "" : words.text.trim() !== "" && name.text.trim() !== "" && password.good)
    onDanger: {
        if (byFile)
            vm.safety.restore_file(opens.text);
        else
            vm.safety.restore_words(words.text, password.value, name.text, address.text);
    }

    Segmented {
        id: from

        objectName: "restoreFrom"
        options: [qsTr("Backup file"), qsTr("Recovery words")]
        onChosen: index => from.current = index
    }
    FilePart {
        id: file

        objectName: "restoreFile"
        Layout.fillWidth: true
        visible: dialog.byFile
        title: dialog.vm.safety.backup !== "" ? dialog.vm.safety.backup : qsTr("Let a backup go here")
        text: qsTr("A wallet file, such as wallet-backup.cms")
        onChooseWanted: dialog.fileWanted()
        onDropped: url => dialog.vm.safety.choose_backup(url)
    }
    TextInputField {
        id: opens

        objectName: "restorePassphrase"
        Layout.fillWidth: true
        visible: dialog.byFile
        label: qsTr("Passphrase of the backup")
        secret: true
    }
    TextInputField {
        id: words

        objectName: "restoreWords"
        Layout.fillWidth: true
        visible: !dialog.byFile
        mono: true
        label: qsTr("The words, in their order")
        hint: qsTr("They bring back keys; names and contacts are in a backup file only.")
    }
    ScreenshotNote {
        Layout.fillWidth: true
        visible: !dialog.byFile
        guard: dialog.vm.guard
    }
    TextInputField {
        id: name

        objectName: "restoreName"
        Layout.fillWidth: true
        visible: !dialog.byFile
        label: qsTr("Your name")
    }
    TextInputField {
        id: address

        objectName: "restoreAddress"
        Layout.fillWidth: true
        visible: !dialog.byFile
        label: qsTr("The address that you used last")
        labelHint: qsTr("optional; needed if you rotated the key")
        placeholder: qsTr("did:key:…")
    }
    NewPassword {
        id: password

        Layout.fillWidth: true
        visible: !dialog.byFile
        label: qsTr("A new passphrase for this computer")
    }
    DialogNote {
        vm: dialog.vm
    }
}
