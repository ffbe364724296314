pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// What a party is in this contract. Every change is kept at once.
CmsDialog {
    id: dialog

    required property DraftParts parts
    property int place: -1
    property var party: ({})

    function edit(where) {
        place = where;
        party = parts.party_at(where);
        open();
    }
    function change(what, value) {
        parts.change_party(place, what, value);
        party = parts.party_at(place);
    }

    title: party.name ?? ""
    text: party.shortDid ?? ""
    safeText: qsTr("Done")

    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.space(2)

        TextInputField {
            Layout.fillWidth: true
            label: qsTr("Name in the contract")
            text: dialog.party.name ?? ""
            onEdited: text => dialog.parts.change_party(dialog.place, "name", text)
        }
        TextInputField {
            Layout.fillWidth: true
            label: qsTr("Capacity, or organisation")
            placeholder: qsTr("Managing director, Ostermann Webwerk GmbH")
            text: dialog.party.capacity ?? ""
            onEdited: text => dialog.parts.change_party(dialog.place, "capacity", text)
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.space(2)

            SelectField {
                objectName: "partyRole"
                Layout.fillWidth: true
                label: qsTr("Role")
                options: dialog.party.roles ?? []
                value: dialog.party.role ?? ""
                onChosen: value => dialog.change("role", value)
            }
            TextInputField {
                objectName: "partyStep"
                Layout.preferredWidth: Theme.space(12)
                visible: dialog.party.role !== "viewer"
                label: qsTr("Step")
                hint: qsTr("Equal steps act at the same time")
                text: String(dialog.party.step ?? "")
                onEdited: text => dialog.parts.change_party(dialog.place, "step", text)
            }
        }
        SelectField {
            Layout.fillWidth: true
            visible: dialog.party.role === "witness"
            label: qsTr("Witness of")
            options: dialog.party.signers ?? []
            value: String(dialog.party.witnessOf ?? "")
            onChosen: value => dialog.change("witness_of", value)
        }
    }
}
