pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// One field for each {{name}} of the text; empty ones are marked.
ColumnLayout {
    id: form

    required property DraftParts parts
    readonly property int count: fields.count
    readonly property var kinds: [
        {
            "value": "text",
            "text": qsTr("Text")
        },
        {
            "value": "number",
            "text": qsTr("Number")
        },
        {
            "value": "date",
            "text": qsTr("Date")
        },
        {
            "value": "money",
            "text": qsTr("Money")
        },
        {
            "value": "choice",
            "text": qsTr("Choice")
        },
        {
            "value": "did",
            "text": qsTr("DID")
        }
    ]

    function focusEmpty() {
        for (let place = 0; place < fields.count; ++place) {
            const field = fields.itemAt(place) as VariableField;
            if (field.empty) {
                field.begin();
                return;
            }
        }
    }

    spacing: Theme.space(1)

    RowLayout {
        Layout.fillWidth: true
        Layout.topMargin: Theme.space(1)

        T {
            Layout.fillWidth: true
            role: "bodyStrong"
            text: qsTr("Variables")
        }
        T {
            role: "small"
            text: form.parts.emptyVariables
            color: Theme.pending
        }
    }
    Repeater {
        id: fields

        model: form.parts.variables

        delegate: VariableField {
            Layout.fillWidth: true
            kinds: form.kinds
            onEdited: text => form.parts.set_variable(key, text)
            onKindChosen: kind => form.parts.set_variable_type(key, kind)
        }
    }
}
