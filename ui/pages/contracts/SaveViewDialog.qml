import QtQuick
import QtQuick.Layouts
import Cms.Components

// A name for what the register shows now.
CmsDialog {
    id: dialog

    required property var views

    function ask() {
        name.text = "";
        name.error = "";
        open();
        name.forceActiveFocus(Qt.PopupFocusReason);
    }

    function save() {
        name.error = views.save(name.text);
        if (name.error === "")
            close();
        else
            name.forceActiveFocus(Qt.OtherFocusReason);
    }

    title: qsTr("Save this view")
    text: qsTr("The search, the filter and the order are kept under a name, on this computer.")
    confirmText: qsTr("Save")
    keepOpen: true
    onConfirmed: save()

    TextInputField {
        id: name

        objectName: "viewName"
        Layout.fillWidth: true
        label: qsTr("Name")
        onEdited: error = ""
        onAccepted: dialog.save()
    }
}
