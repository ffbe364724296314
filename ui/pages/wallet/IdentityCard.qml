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
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                T {
                    Layout.fillWidth: true
                    role: "bodyStrong"
                    text: card.name
                    elide: Text.ElideRight
                }
                T {
                    Layout.fillWidth: true
                    visible: text !== ""
                    role: "small"
                    text: card.organisation
                    color: Theme.inkSecondary
                    elide: Text.ElideRight
                }
            }
            IconButton {
                id: more

                objectName: "identityMore"
                Layout.rightMargin: -Theme.space(1)
                icon: "dots-three"
                tip: qsTr("More for %1").arg(card.name)
                onClicked: menu.open()

                CmsMenu {
                    id: menu

                    x: more.width - width
                    y: more.height
                    entries: [
                        {
                            "id": "use",
                            "text": qsTr("Use this one"),
                            "icon": "check-circle"
                        },
                        {
                            "id": "rename",
                            "text": qsTr("Change the name"),
                            "icon": "pencil-simple"
                        }
                    ].concat(card.ethereum ? [
                        {
                            "id": "export",
                            "text": qsTr("Export as Ethereum keystore"),
                            "icon": "export"
                        }
                    ] : [])
                    onChosen: id => id === "use" ? card.used() : id === "rename" ? card.renameWanted() : card.exportWanted()
                }
            }
        }
        DigestLabel {
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
        GridLayout {
            Layout.fillWidth: true
            columns: Theme.scale > 1.15 ? 2 : 4
            columnSpacing: Theme.space(1)
            rowSpacing: Theme.space(1)

            CmsButton {
                objectName: "identityRotate"
                visible: card.canRotate
                small: true
                icon: "arrows-clockwise"
                text: qsTr("Rotate key")
                onClicked: card.rotateWanted()
            }
            CmsButton {
                objectName: "identityShare"
                small: true
                icon: "qr-code"
                text: qsTr("Share")
                onClicked: card.shared()
            }
            Item {
                Layout.fillWidth: true
                visible: parent.columns === 4 // qmllint disable missing-property
            }
            CheckMark {
                visible: card.inUse
                state: "passed"
                text: qsTr("In use")
            }
            T {
                visible: !card.inUse && text !== ""
                role: "small"
                text: card.earlier
                color: Theme.inkSecondary
            }
        }
    }
}
