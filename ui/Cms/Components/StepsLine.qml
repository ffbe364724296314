pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme

// Where one is in a few steps: done, here, later.
Row {
    id: line

    property var steps: []
    property int current: 0

    spacing: Theme.space(1.5)
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Step %1 of %2: %3").arg(current + 1).arg(steps.length).arg(steps[current] ?? "")

    Repeater {
        model: line.steps

        delegate: Row {
            id: step

            required property int index
            required property string modelData
            readonly property bool done: index < line.current
            readonly property bool here: index === line.current

            spacing: Theme.space(1)

            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                visible: step.index > 0
                width: Theme.sizeMinimumTarget * 2
                height: Theme.lineHairline
                color: step.index <= line.current ? Theme.accent : Theme.controlBorder
            }
            Item {
                visible: step.index > 0
                width: Theme.space(0.5)
                height: width
            }
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: step.done
                name: "check-circle-fill"
                size: Theme.sizeIcon
                color: Theme.accent
            }
            Rectangle {
                visible: !step.done
                width: Theme.sizeIcon
                height: Theme.sizeIcon
                radius: width / 2
                antialiasing: true
                color: step.here ? Theme.accent : Theme.surface
                border.width: step.here ? 0 : Theme.lineControl
                border.color: Theme.controlBorder

                T {
                    anchors.centerIn: parent
                    role: "smallStrong"
                    text: step.index + 1
                    color: step.here ? Theme.accentInk : Theme.inkTertiary
                }
            }
            T {
                role: step.here ? "bodyStrong" : "body"
                text: step.modelData
                color: step.here ? Theme.ink : step.done ? Theme.accentText : Theme.inkTertiary
            }
        }
    }
}
