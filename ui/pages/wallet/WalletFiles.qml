pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Dialogs
import Cms.ViewModels

// The system's dialogs for files of the wallet; each remembers what it is for.
Item {
    id: files

    required property WalletViewModel vm
    property string purpose
    property string password

    // A file was chosen for the present purpose.
    function taken(file) {
        const todo = {
            "backup": () => vm.safety.back_up(file),
            "picture": () => vm.save_picture(file),
            "raw": () => vm.keys.save_raw(file),
            "keystore": () => vm.keys.save_keystore(file, password),
            "import": () => vm.keys.choose(file),
            "restore": () => vm.safety.choose_backup(file),
            "card": () => vm.import_contact(file)
        };
        todo[purpose]();
        password = "";
    }
    function save(purpose_, title, suggested, filters) {
        purpose = purpose_;
        saving.title = title;
        saving.nameFilters = filters;
        const file = String(suggested);
        saving.defaultSuffix = file.split(".").pop();
        saving.currentFolder = file.slice(0, file.lastIndexOf("/"));
        saving.selectedFile = file;
        saving.open();
    }
    function choose(purpose_, title) {
        purpose = purpose_;
        opening.title = title;
        opening.open();
    }
    function backUp() {
        save("backup", qsTr("Save the backup of your wallet"), vm.safety.suggested(), [qsTr("Wallets (*.cms)")]);
    }
    function savePicture() {
        save("picture", qsTr("Save your address"), vm.suggested(), [qsTr("Picture (*.png)"), qsTr("vCard (*.vcf)")]);
    }
    function exportKey(form, password_) {
        password = password_;
        if (form === "keystore")
            save(form, qsTr("Save the keystore"), vm.keys.suggested(form), [qsTr("Keystores (*.json)")]);
        else
            save(form, qsTr("Save the raw key"), vm.keys.suggested(form), [qsTr("Keys (*.txt)")]);
    }

    objectName: "walletFiles"

    FileDialog {
        id: saving

        fileMode: FileDialog.SaveFile
        onAccepted: files.taken(selectedFile)
        onRejected: files.password = ""
    }
    FileDialog {
        id: opening

        onAccepted: files.taken(selectedFile)
    }
}
