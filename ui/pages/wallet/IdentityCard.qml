import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// One identity that can sign. The one in use has an accent border and says so.
Rectangle {
    id: card

    required property string key
    required property string name
    required property string organisation
    required property string did
    required property string kind
    required property string since
    required property string signed
    required property string earlier
    required property bool inUse
    required property bool canRotate
    required property bool ethereum

    signal used
    signal shared
    signal rotateWanted
    signal renameWanted
    signal exportWanted

    objectName: "identity-" + name
    implicitHeight: Math.max(Theme.sizeIdentityCard, column.implicitHeight + 2 * Theme.space(3))
    radius: Theme.radiusCard
    color: Theme.surface
    border.width: Theme.lineControl
    border.color: inUse ? Theme.accent : Theme.hairline
    Accessible.role: Accessible.Grouping
    Accessible.name: [name, organisation, kind, inUse ? qsTr("in use") : ""].filter(part => part !== "").join(", ")

    ColumnLayout {
        id: column

        x: Theme.space(3)
        y: Theme.space(3)
        width: parent.width - 2 * x
        height: parent.height - 2 * y
        spacing: Theme.space(1)

        RowLayout {
            spacing: Theme.space(1.5)

            Avatar {
                name: card.name
                accent: card.inUse
                size: Theme.sizeAvatarLarge
            }
            NameLines {
                Layout.fillWidth: true
                name: card.name
                organisation: card.organisation
            }
            IdentityMenu {
                Layout.rightMargin: -Theme.space(1)
                name: card.name
                onPicked: id => id === "use" ? card.used() : id === "rename" ? card.renameWanted() : card.exportWanted()
            }
        }
        DigestLabel {
            Layout.topMargin: Theme.space(0.5)
            Layout.maximumWidth: parent.width
            value: card.did
        }
        CardFact {
            label: qsTr("Kind")
            value: card.kind
        }
        CardFact {
            label: qsTr("Key")
            value: card.since
        }
        CardFact {
            label: qsTr("Takes part in")
            value: card.signed
        }
        Item {
            Layout.fillHeight: true
        }
        IdentityActions {
            Layout.fillWidth: true
            inUse: card.inUse
            canRotate: card.canRotate
            note: card.earlier
            onShared: card.shared()
            onRotateWanted: card.rotateWanted()
        }
    }
}
