import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A password for an exported key.
CmsDialog {
    id: dialog

    property string key

    signal given(string key, string password)

    function ask(key_) {
        key = key_;
        password.text = "";
        again.text = "";
        open();
        password.forceActiveFocus(Qt.PopupFocusReason);
    }

    title: qsTr("Export the key?")
    text: qsTr("Whoever has the file and its password can sign as you, wherever they are.")
    dangerText: qsTr("Choose where")
    confirmEnabled: password.text.length >= 8 && password.text === again.text
    onDanger: {
        given(key, password.text);
        password.text = "";
        again.text = "";
    }

    TextInputField {
        id: password

        Layout.fillWidth: true
        label: qsTr("Password for the file")
        hint: qsTr("Eight characters or more")
        secret: true
    }
    TextInputField {
        id: again

        Layout.fillWidth: true
        label: qsTr("Once more")
        secret: true
        error: text !== "" && text !== password.text ? qsTr("It is not the same.") : ""
    }
}
