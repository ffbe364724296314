import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Who one is and where contracts live.
Pressable {
    id: foot

    required property ShellViewModel shell
    property bool rail: false

    objectName: "go-identity"
    text: qsTr("%1, %2").arg(shell.who).arg(shell.place)
    implicitHeight: rail ? Theme.sizeButtonLarge : Theme.space(8)
    onClicked: shell.show("wallet")

    contentItem: Item {
        Avatar {
            id: face

            x: foot.rail ? Math.round((parent.width - width) / 2) : Theme.space(1)
            y: Theme.space(0.5)
            name: foot.shell.who
            accent: true
        }
        Column {
            visible: !foot.rail
            x: Theme.space(6)
            y: Theme.space(0.5)
            width: parent.width - x

            T {
                width: parent.width
                role: "smallStrong"
                text: foot.shell.who
                elide: Text.ElideRight
            }
            T {
                role: "mono"
                text: foot.shell.address
                color: Theme.inkSecondary
            }
        }
        Row {
            visible: !foot.rail
            x: Theme.space(1)
            y: Theme.space(6)
            spacing: Theme.space(1)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "hard-drives"
                size: Theme.sizeIconBadge
                color: Theme.inkSecondary
            }
            T {
                role: "small"
                text: foot.shell.place
                color: Theme.inkSecondary
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: foot.hovered ? Theme.hover : Theme.transparent

        FocusRing {
            shown: foot.visualFocus
            inner: true
        }
    }
}
