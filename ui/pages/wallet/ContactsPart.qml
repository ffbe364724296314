pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Who this person knows, and how surely.
ColumnLayout {
    id: part

    property alias contacts: repeater.model

    signal addWanted
    signal importWanted
    signal compareWanted(string did, string name)
    signal removed(string did)

    spacing: 0

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Contacts")
        count: repeater.count > 0 ? repeater.count : ""
        line: repeater.count === 0

        CmsButton {
            objectName: "contactImport"
            kind: "quiet"
            text: qsTr("Import")
            onClicked: part.importWanted()
        }
        CmsButton {
            objectName: "contactAdd"
            kind: "quiet"
            icon: "plus"
            text: qsTr("Add contact")
            onClicked: part.addWanted()
        }
    }
    RowLayout {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.sizeTableHead
        visible: repeater.count > 0
        spacing: Theme.space(1)

        Repeater {
            model: [qsTr("Name you gave"), qsTr("Address"), qsTr("How you know it"), qsTr("Contracts")]

            delegate: T {
                required property int index
                required property string modelData

                Layout.fillWidth: index === 0
                Layout.preferredWidth: [Theme.space(24), Theme.space(30), Theme.space(25), Theme.space(7)][index]
                role: "small"
                text: modelData
                color: Theme.inkSecondary
                horizontalAlignment: index === 3 ? Text.AlignRight : Text.AlignLeft
            }
        }
        Item {
            Layout.preferredWidth: Theme.space(4)
        }
    }
    Hairline {
        Layout.fillWidth: true
        visible: repeater.count > 0
        strong: true
    }
    Repeater {
        id: repeater

        delegate: ContactRow {
            Layout.fillWidth: true
            onCompareWanted: part.compareWanted(key, name)
            onRemoved: part.removed(key)
        }
    }
    T {
        Layout.fillWidth: true
        Layout.topMargin: Theme.space(1)
        visible: repeater.count === 0
        text: qsTr("Nobody yet. Ask the other side for their signed card or address; then their name stands in your contracts instead of a row of letters.")
        color: Theme.inkSecondary
        wrapMode: Text.Wrap
    }
}
