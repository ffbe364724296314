pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Controls.Basic
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// From the wallet's people, from a pasted DID, or from a contact card.
CmsDialog {
    id: dialog

    required property DraftParts parts

    function take(text) {
        if (parts.add_person(text)) {
            pasted.text = "";
            close();
        }
    }

    title: qsTr("Who takes part?")
    text: qsTr("A party is named by its DID. Ask for the contact card: it carries the DID, signed by its key.")
    safeText: qsTr("Cancel")
    confirmText: qsTr("Add what is pasted")
    confirmEnabled: pasted.text.trim() !== ""
    keepOpen: true
    onConfirmed: take(pasted.text)

    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.space(2)

        ListView {
            id: people

            objectName: "draftPeople"
            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(contentHeight, Theme.space(28))
            visible: count > 0
            clip: true
            model: dialog.parts.people
            boundsBehavior: Flickable.StopAtBounds
            ScrollBar.vertical: ScrollBar {}

            delegate: CmsButton {
                id: person

                required property var modelData

                width: ListView.view.width
                kind: "row"
                icon: "user"
                text: modelData.name + (modelData.organisation === "" ? "" : ", " + modelData.organisation)
                hint: modelData.shortDid
                onClicked: dialog.take(modelData.did)
            }
        }
        TextInputField {
            id: pasted

            objectName: "draftPasted"
            Layout.fillWidth: true
            label: qsTr("DID or contact card")
            placeholder: "did:key:z6Mk…"
            error: dialog.parts.error
            onAccepted: dialog.take(text)
        }
    }
}
