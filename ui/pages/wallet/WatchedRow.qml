import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// An identity whose key is on another computer.
Item {
    id: row

    required property string key
    required property string name
    required property string organisation
    required property string did

    signal renameWanted

    implicitHeight: Theme.sizeListRow

    RowLayout {
        anchors.fill: parent
        spacing: Theme.space(2)

        Avatar {
            name: row.name
        }
        NameLines {
            Layout.fillWidth: true
            name: row.name
            organisation: row.organisation
        }
        DigestLabel {
            value: row.did
        }
        Icon {
            name: "eye"
            color: Theme.inkSecondary
        }
        T {
            role: "smallStrong"
            text: qsTr("Watch only")
            color: Theme.inkSecondary
        }
        T {
            role: "small"
            text: qsTr("no key on this computer")
            color: Theme.inkTertiary
        }
        IconButton {
            icon: "pencil-simple"
            tip: qsTr("Change the name of %1").arg(row.name)
            onClicked: row.renameWanted()
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
