pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as Base
import Cms.Theme

// A label, one line of text, and below it a hint or what is wrong with it.
FocusScope {
    id: field

    property alias text: input.text
    property alias placeholder: input.placeholderText
    property alias readOnly: input.readOnly
    property alias maximumLength: input.maximumLength
    property alias input: input
    property string label
    property string labelHint
    property string prefix
    property string hint
    property string error
    property bool strongLabel: false
    property bool warned: false
    property bool checked: false
    property bool secret: false
    property bool revealed: false
    property bool mono: false

    signal edited(string text)
    signal accepted

    function selectAll() {
        input.selectAll();
    }

    implicitWidth: Theme.space(30)
    implicitHeight: column.implicitHeight
    Accessible.ignored: true

    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.space(field.strongLabel ? 1 : 0.5)

        RowLayout {
            Layout.fillWidth: true
            visible: field.label !== ""

            T {
                Layout.fillWidth: true
                role: field.strongLabel ? "bodyStrong" : "small"
                text: field.label
                color: field.strongLabel ? Theme.ink : Theme.inkSecondary
                wrapMode: Text.Wrap
            }
            T {
                role: "small"
                text: field.labelHint
                color: Theme.inkTertiary
            }
        }
        Base.TextField {
            id: input

            Layout.fillWidth: true
            focus: true
            implicitHeight: Theme.sizeField
            leftPadding: Theme.space(1.5) + (field.prefix === "" ? 0 : mark.width + Theme.space(1))
            rightPadding: Theme.space(field.secret || field.checked ? 5 : 1.5)
            verticalAlignment: TextInput.AlignVCenter
            color: enabled ? Theme.ink : Theme.inkDisabled
            placeholderTextColor: enabled ? Theme.inkTertiary : Theme.inkDisabled
            selectionColor: Theme.selection
            selectedTextColor: Theme.ink
            font: Theme.font(field.mono ? "monoWords" : "body")
            selectByMouse: true
            echoMode: field.secret && !field.revealed ? TextInput.Password : TextInput.Normal
            inputMethodHints: field.secret ? Qt.ImhSensitiveData | Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase : Qt.ImhNone
            Accessible.name: field.label !== "" ? field.label : field.Accessible.name !== "" ? field.Accessible.name : placeholderText
            Accessible.description: field.error !== "" ? field.error : field.hint
            Accessible.passwordEdit: field.secret
            onTextEdited: field.edited(text)
            onAccepted: field.accepted()

            background: FieldFrame {
                active: input.activeFocus
                wrong: field.error !== ""
                warned: field.warned
            }

            T {
                id: mark

                x: Theme.space(1.5)
                height: parent.height
                role: "small"
                text: field.prefix
                color: Theme.inkTertiary
            }
            Placeholder {
                x: input.leftPadding
                width: parent.width - input.leftPadding - input.rightPadding
                height: parent.height
                visible: input.text === "" && input.preeditText === ""
                text: input.placeholderText
                color: input.placeholderTextColor
            }
            Icon {
                anchors.right: parent.right
                anchors.rightMargin: Theme.space(1.5)
                anchors.verticalCenter: parent.verticalCenter
                visible: field.checked && !field.secret
                name: "check"
                color: Theme.passed
            }
            IconButton {
                anchors.right: parent.right
                height: parent.height
                visible: field.secret
                icon: field.revealed ? "eye" : "eye-slash"
                tip: field.revealed ? qsTr("Hide it") : qsTr("Show it")
                onClicked: field.revealed = !field.revealed
            }
        }
        FieldNote {
            Layout.fillWidth: true
            error: field.error
            hint: field.hint
        }
    }
}
