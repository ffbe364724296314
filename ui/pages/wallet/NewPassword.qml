import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A new password, twice.
ColumnLayout {
    id: part

    property alias label: first.label
    readonly property string value: first.text
    readonly property bool good: first.text.length >= 8 && first.text === again.text

    function clear() {
        first.text = "";
        again.text = "";
    }

    spacing: Theme.space(2)

    TextInputField {
        id: first

        objectName: "passwordNew"
        Layout.fillWidth: true
        hint: qsTr("Eight characters or more")
        secret: true
    }
    TextInputField {
        id: again

        objectName: "passwordAgain"
        Layout.fillWidth: true
        label: qsTr("Once more")
        secret: true
        error: text !== "" && text !== first.text ? qsTr("It is not the same.") : ""
    }
}
