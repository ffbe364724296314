pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// What leaves this computer: said, not asked.
Column {
    id: part

    readonly property var facts: [qsTr("Contracts, names and keys stay on this computer until you send a file to somebody."), qsTr("On the ledger stand only hashes of hashes. Nobody can read from them who signed what."), qsTr("The window fetches nothing: pictures named in a contract are not loaded, so nobody learns that you read it."), qsTr("There are no reports of use, no crash reports, no account.")]

    spacing: Theme.space(1)

    SectionHead {
        width: parent.width
        text: qsTr("Privacy")
    }
    Repeater {
        model: part.facts

        delegate: RowLayout {
            id: row

            required property string modelData

            width: part.width
            spacing: Theme.space(1.5)

            Icon {
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: Theme.space(0.25)
                name: "check"
                color: Theme.inkSecondary
            }
            T {
                Layout.fillWidth: true
                text: row.modelData
                color: Theme.inkSecondary
                wrapMode: Text.Wrap
            }
        }
    }
}
