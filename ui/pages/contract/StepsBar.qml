pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme
import Cms.Components

// The contract as steps of equal width; done solid, next filled, later outlined. More than eight scroll sideways.
Item {
    id: bar

    property alias steps: list.model
    property string root
    readonly property real padding: Theme.sizePagePadding

    signal verified

    height: Theme.sizeStepsBar

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Hairline {
        width: parent.width
    }
    T {
        x: bar.padding
        y: Theme.space(2)
        role: "bodyStrong"
        text: qsTr("Timeline")
        Accessible.role: Accessible.Heading
    }
    Row {
        anchors.right: parent.right
        anchors.rightMargin: bar.padding
        y: Theme.space(1.5)
        spacing: Theme.space(2)

        T {
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: qsTr("Text")
            color: Theme.inkTertiary
        }
        DigestLabel {
            anchors.verticalCenter: parent.verticalCenter
            value: bar.root
        }
        CmsButton {
            objectName: "contractVerify"
            text: qsTr("Verify")
            icon: "shield-check"
            small: true
            shortcutHint: "V"
            onClicked: bar.verified()
        }
    }
    Flickable {
        id: strip

        readonly property real stepWidth: Math.max(Theme.space(17), width / Math.min(8, Math.max(1, list.count)))
        readonly property real most: Math.max(0, contentWidth - width)

        x: bar.padding
        y: Theme.space(6)
        width: parent.width - 2 * x
        height: parent.height - y
        contentWidth: stepWidth * list.count
        boundsBehavior: Flickable.StopAtBounds
        flickableDirection: Flickable.HorizontalFlick
        clip: true
        activeFocusOnTab: most > 0
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Timeline")
        onMostChanged: contentX = most
        Keys.onLeftPressed: contentX = Math.max(0, contentX - stepWidth)
        Keys.onRightPressed: contentX = Math.min(most, contentX + stepWidth)
        ScrollBar.horizontal: ScrollBar {
            policy: strip.most > 1 ? ScrollBar.AlwaysOn : ScrollBar.AlwaysOff
        }

        Row {
            Repeater {
                id: list

                delegate: StepMark {
                    width: strip.stepWidth
                    height: strip.height
                }
            }
        }
    }
}
