pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// One sibling and the edge that it makes possible.
Item {
    id: step

    required property int index
    required property var modelData
    property real fromX: 0
    property real fromY: 0
    property real toX: 0
    property real toY: 0
    property color tone: Theme.accent
    property bool reached: true
    property bool lastOne: false
    readonly property real length: Math.hypot(toX - fromX, toY - fromY)
    readonly property real siblingX: fromX + (toX - fromX) / 2
    readonly property real siblingY: toY + Theme.space(4)

    Item {
        x: step.fromX
        y: step.fromY
        width: step.length
        height: Theme.lineChain
        transformOrigin: Item.Left
        rotation: Math.atan2(step.toY - step.fromY, step.toX - step.fromX) * 180 / Math.PI

        Repeater {
            model: step.reached ? 1 : Math.floor(step.length / Theme.space(0.75))

            delegate: Rectangle {
                required property int index
                x: step.reached ? 0 : index * Theme.space(0.75)
                width: step.reached ? step.length : Theme.space(0.375)
                height: Theme.lineChain
                color: step.tone
                antialiasing: true
            }
        }
    }
    Rectangle {
        x: step.siblingX
        y: step.siblingY
        width: step.toX - step.siblingX
        height: Theme.lineHairline
        color: Theme.hairlineStrong
    }
    Rectangle {
        x: step.toX
        y: step.toY
        width: Theme.lineHairline
        height: step.siblingY - step.toY
        color: Theme.hairlineStrong
    }
    PathNode {
        cx: step.siblingX
        cy: step.siblingY
        square: true
        tone: Theme.controlBorder
        hash: step.modelData.sibling
    }
    T {
        x: step.siblingX - Theme.space(2.5)
        y: step.siblingY + Theme.space(0.75)
        role: "mono"
        text: step.modelData.gap > 0 ? qsTr("%1 more, then %2").arg(step.modelData.gap).arg(step.modelData.short) : step.modelData.short
        color: Theme.inkSecondary
    }
    PathNode {
        visible: !step.lastOne
        cx: step.toX
        cy: step.toY
        filled: step.reached
        tone: step.tone
        hash: step.modelData.computed
    }
}
