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
    ListView {
        id: list

        readonly property real stepWidth: Math.max(Theme.space(17), width / Math.min(8, Math.max(1, count)))
        readonly property int nextOne: {
            for (let row = 0; row < count; ++row)
                if (itemAtIndex(row) && (itemAtIndex(row) as StepMark).phase === "next")
                    return row;
            return count - 1;
        }

        x: bar.padding
        y: Theme.space(6)
        width: parent.width - 2 * x
        height: parent.height - y
        orientation: ListView.Horizontal
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Timeline")
        onCountChanged: positionViewAtEnd()
        Keys.onLeftPressed: contentX = Math.max(originX, contentX - stepWidth)
        Keys.onRightPressed: contentX = Math.min(originX + Math.max(0, contentWidth - width), contentX + stepWidth)
        ScrollBar.horizontal: ScrollBar {
            policy: list.contentWidth > list.width ? ScrollBar.AlwaysOn : ScrollBar.AlwaysOff
        }

        delegate: StepMark {
            width: list.stepWidth
            height: list.height
            lastOne: index === list.count - 1
        }
    }
}
