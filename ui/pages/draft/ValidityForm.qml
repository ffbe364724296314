pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// From when until when; both may stay open.
ColumnLayout {
    id: form

    required property DraftParts parts

    spacing: Theme.space(1)

    Hairline {
        Layout.fillWidth: true
    }
    T {
        role: "bodyStrong"
        text: qsTr("Runs")
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.space(1)

        TextInputField {
            objectName: "draftStart"
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            label: qsTr("From")
            placeholder: Qt.formatDate(new Date(), "yyyy-MM-dd")
            text: form.parts.validity.start
            error: form.parts.validity.startError
            onEdited: text => form.parts.set_date("start", text)
        }
        TextInputField {
            objectName: "draftEnd"
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            label: qsTr("Until")
            placeholder: qsTr("open")
            text: form.parts.validity.end
            error: form.parts.validity.endError
            onEdited: text => form.parts.set_date("end", text)
        }
    }
}
