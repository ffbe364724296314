pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Dialogs
import Cms.ViewModels

// The system's dialogs for files of the wallet; each remembers what it is for.
Item {
    id: files

    required property WalletViewModel vm
    property string purpose
    property var more: []

    function save(purpose_, title, name, filters) {
        purpose = purpose_;
        saving.title = title;
        saving.nameFilters = filters;
        saving.currentFile = saving.currentFolder + "/" + name;
        saving.open();
    }
    function backUp() {
        save("backup", qsTr("Save the backup of your wallet"), "wallet-backup.cms", [qsTr("Wallets (*.cms)")]);
    }
    function savePicture() {
        save("picture", qsTr("Save your address"), "address.png", [qsTr("Picture (*.png)"), qsTr("vCard (*.vcf)")]);
    }
    function exportKeystore(key, password) {
        more = [key, password];
        save("keystore", qsTr("Save the keystore"), "keystore.json", [qsTr("Keystores (*.json)")]);
    }
    function importKeystore(password, kind, name) {
        more = [password, kind, name];
        purpose = "import";
        opening.title = qsTr("Choose the keystore");
        opening.open();
    }
    function importCard() {
        purpose = "card";
        opening.title = qsTr("Choose a contact card or vCard");
        opening.open();
    }

    FileDialog {
        id: saving

        fileMode: FileDialog.SaveFile
        onAccepted: {
            if (files.purpose === "backup")
                files.vm.back_up(selectedFile);
            else if (files.purpose === "picture")
                files.vm.save_picture(selectedFile);
            else
                files.vm.export_keystore(files.more[0], selectedFile, files.more[1]);
            files.more = [];
        }
        onRejected: files.more = []
    }
    FileDialog {
        id: opening

        onAccepted: {
            if (files.purpose === "card")
                files.vm.import_contact(selectedFile);
            else
                files.vm.import_keystore(selectedFile, files.more[0], files.more[1], files.more[2]);
            files.more = [];
        }
        onRejected: files.more = []
    }
}
