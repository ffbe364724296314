import QtQuick
import QtQuick.Dialogs

// Where to save a file of one of our kinds.
FileDialog {
    id: dialog

    property string kind: "cmsproof"
    required property var suggested
    readonly property var filters: ({
            "cmsproof": qsTr("Evidence file (*.cmsproof)"),
            "pdf": qsTr("PDF (*.pdf)"),
            "html": qsTr("Web page (*.html)"),
            "json": qsTr("JSON (*.json)")
        })

    signal saved(string kind, url url)

    function save(what) {
        kind = what;
        const file = String(suggested(what));
        currentFolder = file.slice(0, file.lastIndexOf("/"));
        selectedFile = file;
        open();
    }

    fileMode: FileDialog.SaveFile
    defaultSuffix: kind
    nameFilters: [filters[kind]]
    onAccepted: saved(kind, selectedFile)
}
