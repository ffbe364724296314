pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The name in the text, its type, its value.
RowLayout {
    id: field

    required property string key
    required property string type
    required property string value
    required property bool empty
    property var kinds: []

    signal edited(string text)
    signal kindChosen(string kind)

    function begin() {
        input.forceActiveFocus(Qt.TabFocusReason);
    }

    spacing: Theme.space(1)

    T {
        Layout.preferredWidth: Theme.space(11)
        role: "mono"
        text: field.key
        elide: Text.ElideRight
    }
    SelectField {
        Layout.preferredWidth: Theme.space(14)
        options: field.kinds
        value: field.type
        Accessible.name: qsTr("Type of %1").arg(field.key)
        onChosen: value => field.kindChosen(value)
    }
    TextInputField {
        id: input

        objectName: "variable-" + field.key
        Layout.fillWidth: true
        placeholder: qsTr("fill in")
        warned: field.empty
        text: field.value
        Accessible.name: field.key
        onEdited: text => field.edited(text)
    }
}
