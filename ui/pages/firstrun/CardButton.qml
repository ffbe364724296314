import QtQuick
import QtQuick.Dialogs
import Cms.Components
import Cms.ViewModels

// A sheet to write the words on by hand: numbered lines, and no word.
CmsButton {
    id: button

    required property FirstRunViewModel vm

    objectName: "firstRunCard"
    small: true
    kind: "quiet"
    text: qsTr("Print a card")
    tip: qsTr("A sheet with twelve empty lines to write on by hand; no word goes into the file")
    onClicked: {
        const file = String(vm.suggested());
        dialog.currentFolder = file.slice(0, file.lastIndexOf("/"));
        dialog.selectedFile = file;
        dialog.open();
    }

    FileDialog {
        id: dialog

        fileMode: FileDialog.SaveFile
        title: qsTr("Save the empty card")
        nameFilters: [qsTr("PDF (*.pdf)")]
        onAccepted: button.vm.save_card(selectedFile)
    }
}
