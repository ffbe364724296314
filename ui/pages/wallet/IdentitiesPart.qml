pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Identities that sign as cards, two in a row; those that are only watched as lines below.
ColumnLayout {
    id: part

    property alias identities: cards.model
    property alias watched: lines.model

    signal addWanted
    signal importWanted
    signal used(string key)
    signal shared(string key)
    signal rotateWanted(string key, string name)
    signal renameWanted(string key, string name, string organisation)
    signal exportWanted(string key, string name, bool ethereum)

    spacing: Theme.space(2)

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Identities")
        count: cards.count + lines.count
        line: false

        CmsButton {
            objectName: "identityImport"
            kind: "quiet"
            text: qsTr("Import")
            tip: qsTr("A key out of a file")
            onClicked: part.importWanted()
        }
        CmsButton {
            objectName: "identityAdd"
            kind: "quiet"
            icon: "plus"
            text: qsTr("Add identity")
            onClicked: part.addWanted()
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columns: part.width < Theme.sizeFormWidth ? 1 : 2
        columnSpacing: Theme.space(2)
        rowSpacing: Theme.space(2)
        uniformCellWidths: true

        Repeater {
            id: cards

            delegate: IdentityCard {
                Layout.fillWidth: true
                Layout.maximumWidth: (Theme.sizeMain - Theme.space(2)) / 2
                onUsed: part.used(key)
                onShared: part.shared(key)
                onRotateWanted: part.rotateWanted(key, name)
                onRenameWanted: part.renameWanted(key, name, organisation)
                onExportWanted: part.exportWanted(key, name, ethereum)
            }
        }
        Item {
            visible: cards.count === 1
            Layout.fillWidth: true
        }
    }
    Repeater {
        id: lines

        delegate: WatchedRow {
            Layout.fillWidth: true
            onRenameWanted: part.renameWanted(key, name, organisation)
        }
    }
}
