import QtQuick
import QtQuick.Templates as Base
import Cms.Theme

// Filters while one types. With `keys` it shows the shortcut that leads here.
Base.TextField {
    id: field

    property string placeholder
    property string keys

    implicitWidth: Theme.sizeSearch
    implicitHeight: Theme.sizeField
    leftPadding: Theme.space(4.5)
    rightPadding: Theme.space(text !== "" ? 4.5 : 1.5)
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.ink
    selectionColor: Theme.selection
    selectedTextColor: Theme.ink
    font: Theme.font("body")
    selectByMouse: true
    Accessible.name: placeholder
    Accessible.role: Accessible.EditableText
    Accessible.searchEdit: true

    background: FieldFrame {
        active: field.activeFocus
    }

    Icon {
        x: Theme.space(1.5)
        anchors.verticalCenter: parent.verticalCenter
        name: "magnifying-glass"
        color: Theme.inkSecondary
    }
    Placeholder {
        x: field.leftPadding
        width: parent.width - x - (keyCap.visible ? keyCap.width + Theme.space(1.5) : 0)
        height: parent.height
        visible: field.text === "" && field.preeditText === ""
        text: field.placeholder
    }
    KeyCap {
        id: keyCap

        anchors.right: parent.right
        anchors.rightMargin: Theme.space(1)
        anchors.verticalCenter: parent.verticalCenter
        visible: field.keys !== "" && field.text === ""
        text: field.keys
    }
    IconButton {
        anchors.right: parent.right
        height: parent.height
        visible: field.text !== ""
        focusPolicy: Qt.NoFocus
        activeFocusOnTab: false
        icon: "x"
        tip: qsTr("Empty the search")
        onClicked: field.clear()
    }
}
