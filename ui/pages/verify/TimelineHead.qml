pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// Title, legend, and the heads of the columns with the labels of the axis.
Item {
    id: head

    property var at: ({})
    property var axis: ({})

    height: Theme.space(8)

    T {
        role: "bodyStrong"
        text: qsTr("Timeline")
        Accessible.role: Accessible.Heading
    }
    Row {
        anchors.right: parent.right
        spacing: Theme.space(1)

        Rectangle {
            width: Theme.space(1)
            height: width
            radius: width / 2
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.surface
            border.width: Theme.lineBracket
            border.color: Theme.ink
        }
        T {
            role: "small"
            text: qsTr("claimed time")
            color: Theme.inkSecondary
        }
        Item {
            width: Theme.space(1)
            height: Theme.space(1)
        }
        Rectangle {
            width: Theme.space(2)
            height: Theme.lineProvenBar
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.accent
        }
        T {
            role: "small"
            text: qsTr("proven window, not before to not after")
            color: Theme.inkSecondary
        }
    }
    Item {
        y: Theme.space(4)
        width: parent.width
        height: Theme.space(4)

        T {
            x: Theme.space(5)
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: qsTr("Event and actor")
            color: Theme.inkSecondary
        }
        T {
            x: head.at.checks
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: qsTr("Checks")
            color: Theme.inkSecondary
        }
        T {
            x: head.at.claimed
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: qsTr("Claimed")
            color: Theme.inkSecondary
        }
        Repeater {
            model: head.axis.ticks ?? []

            delegate: T {
                required property var modelData
                x: head.at.axis + modelData.at * head.at.axisWidth - width / 2
                y: Math.round((Theme.space(4) - height) / 2)
                role: "small"
                text: modelData.label
                color: Theme.inkSecondary
            }
        }
        T {
            x: head.at.length
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: head.axis.unit ?? ""
            color: Theme.inkSecondary
        }
        T {
            x: head.at.bracket
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: qsTr("Joined under")
            color: Theme.inkSecondary
        }
    }
}
