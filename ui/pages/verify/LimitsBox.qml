pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// What this does not prove: always in sight, never behind a click.
Rectangle {
    id: box

    property string text

    implicitHeight: column.height + Theme.space(4)
    radius: Theme.radiusCard
    color: Theme.surface
    border.width: Theme.lineControl
    border.color: Theme.hairlineStrong

    Column {
        id: column

        x: Theme.space(2)
        y: Theme.space(2)
        width: parent.width - 2 * x
        spacing: Theme.space(1)

        Row {
            spacing: Theme.space(1)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "info"
                size: Theme.sizeIconSmall
                color: Theme.inkSecondary
            }
            T {
                role: "bodyStrong"
                text: qsTr("What this does not prove")
            }
        }
        T {
            width: parent.width
            role: "small"
            text: box.text
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
    }
}
