pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// From the leaf up to the root: a step a sibling; computed nodes are discs, siblings squares. Hover shows the whole hash.
Item {
    id: view

    property var path: ({})
    readonly property var steps: path.steps ?? []
    readonly property bool reached: path.reached ?? false
    readonly property color tone: reached ? Theme.accent : Theme.notChecked
    readonly property real leafX: Theme.space(7)
    readonly property real span: Math.min(Theme.sizePathWidth, width - Theme.space(30))
    readonly property real rise: steps.length > 0 ? steps[steps.length - 1].y : 0
    readonly property real floor: Theme.space(5) + rise
    readonly property real rootX: leafX + (steps.length > 0 ? span : 0)
    readonly property real rootY: floor - rise

    implicitHeight: head.height + floor + Theme.space(6)
    Accessible.role: Accessible.Graphic
    Accessible.name: qsTr("Path from the leaf to the root. %1").arg(path.sentence ?? "")

    Row {
        id: head

        height: Theme.space(3)
        spacing: Theme.space(2)

        T {
            role: "bodyStrong"
            text: qsTr("Path from the leaf to the root")
        }
        T {
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: view.path.sentence ?? ""
            color: Theme.inkSecondary
        }
    }
    Item {
        y: head.height
        width: parent.width
        height: parent.height - y

        T {
            x: view.leafX - Theme.space(6.5)
            y: view.floor - Theme.space(4)
            role: "smallStrong"
            text: view.path.title ?? ""
            color: view.reached ? Theme.ink : Theme.failed
        }
        T {
            x: view.leafX - Theme.space(6.5)
            y: view.floor + Theme.space(1.5)
            role: "mono"
            text: view.path.leafShort ?? ""
            color: view.reached ? Theme.inkSecondary : Theme.failed
        }
        Repeater {
            model: view.steps

            delegate: PathStep {
                fromX: view.leafX + modelData.fromX * view.span
                fromY: view.floor - modelData.fromY
                toX: view.leafX + modelData.x * view.span
                toY: view.floor - modelData.y
                tone: view.tone
                reached: view.reached
                lastOne: index === view.steps.length - 1
            }
        }
        PathNode {
            cx: view.leafX
            cy: view.floor
            size: Theme.space(2)
            filled: true
            tone: view.reached ? Theme.accent : Theme.failed
            hash: view.path.leaf ?? ""
        }
        PathNode {
            visible: view.steps.length > 0
            cx: view.rootX
            cy: view.rootY
            size: Theme.space(2)
            filled: view.reached
            tone: view.tone
            hash: view.path.root ?? ""
        }
        T {
            x: view.rootX - width / 2
            y: view.rootY - Theme.space(3.5)
            role: "smallStrong"
            text: view.reached ? qsTr("Root") : qsTr("Root, not reached")
        }
        PathBlock {
            x: view.rootX + Theme.space(1)
            y: view.rootY
            text: view.path.block ?? ""
            state: view.path.blockState ?? "notChecked"
        }
    }
}
