pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Which identity signs. With several that could, it opens a list.
ColumnLayout {
    id: chooser

    property var identity: ({})
    property var identities: []
    readonly property bool several: identities.length > 1

    signal chosen(string did)

    spacing: Theme.space(1)

    T {
        role: "bodyStrong"
        text: qsTr("You sign as")
    }
    FocusScope {
        id: card

        Layout.fillWidth: true
        implicitHeight: lines.height + Theme.space(3)
        activeFocusOnTab: chooser.several
        Accessible.role: chooser.several ? Accessible.ComboBox : Accessible.StaticText
        Accessible.name: qsTr("You sign as %1").arg(chooser.identity.name ?? "")
        Accessible.onPressAction: menu.open()
        Keys.onSpacePressed: menu.open()
        Keys.onReturnPressed: menu.open()
        Keys.onDownPressed: menu.open()

        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusCard
            color: Theme.surface
            border.width: card.activeFocus ? Theme.lineFocusRing : Theme.lineControl
            border.color: card.activeFocus ? Theme.focus : Theme.controlBorder
        }
        Avatar {
            x: Theme.space(2)
            y: Theme.space(1.5)
            name: chooser.identity.name ?? ""
            accent: true
        }
        Column {
            id: lines

            x: Theme.space(7.5)
            y: Theme.space(1.5)
            width: parent.width - x - Theme.space(5)
            spacing: Theme.space(0.25)

            T {
                width: parent.width
                role: "bodyStrong"
                text: chooser.identity.name ?? ""
                elide: Text.ElideRight
            }
            T {
                width: parent.width
                visible: text !== ""
                role: "small"
                text: chooser.identity.capacity ?? ""
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
            T {
                width: parent.width
                role: "mono"
                text: chooser.identity.shortDid ?? ""
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
        }
        Icon {
            anchors.right: parent.right
            anchors.rightMargin: Theme.space(2)
            anchors.verticalCenter: parent.verticalCenter
            visible: chooser.several
            name: "caret-down"
            size: Theme.sizeIconSmall
            color: Theme.inkSecondary
        }
        TapHandler {
            enabled: chooser.several
            onTapped: menu.open()
        }
        CmsMenu {
            id: menu

            y: card.height + Theme.space(0.5)
            width: card.width
            entries: chooser.identities.map(one => ({
                        "id": one.did,
                        "text": one.name,
                        "icon": "user"
                    }))
            onChosen: id => chooser.chosen(id)
        }
    }
}
