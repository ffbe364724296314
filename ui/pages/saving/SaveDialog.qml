import QtQuick
import QtQuick.Dialogs

// Where to save a file of one of our kinds.
FileDialog {
    id: dialog

    property string kind: "cmsproof"
    required property var fileName
    readonly property var filters: ({
            "cmsproof": qsTr("Evidence file (*.cmsproof)"),
            "pdf": qsTr("PDF (*.pdf)"),
            "html": qsTr("Web page (*.html)"),
            "json": qsTr("JSON (*.json)")
        })

    signal saved(string kind, url url)

    function save(what) {
        kind = what;
        currentFile = currentFolder + "/" + fileName(what);
        open();
    }

    fileMode: FileDialog.SaveFile
    defaultSuffix: kind
    nameFilters: [filters[kind]]
    onAccepted: saved(kind, selectedFile)
}
