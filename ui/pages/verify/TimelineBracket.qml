pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// The rows that were first anchored by one checkpoint, and the block that holds it.
Item {
    id: bracket

    required property var modelData
    readonly property bool solid: modelData.state === "passed"
    readonly property color tone: solid ? Theme.accent : modelData.state === "pending" ? Theme.pendingMark : Theme.controlBorder
    readonly property real inset: Theme.space(1)
    readonly property real span: height - 2 * inset

    Repeater {
        model: bracket.solid ? 1 : Math.max(1, Math.floor(bracket.span / Theme.space(0.75)))

        delegate: Rectangle {
            required property int index
            x: Theme.lineProvenBar
            y: bracket.inset + (bracket.solid ? 0 : index * Theme.space(0.75))
            width: Theme.lineChain
            height: bracket.solid ? bracket.span : Theme.space(0.375)
            color: bracket.tone
        }
    }
    Repeater {
        model: [0, 1]

        delegate: Rectangle {
            required property int modelData
            y: modelData === 0 ? bracket.inset : bracket.height - bracket.inset - height
            width: Theme.lineProvenBar
            height: Theme.lineChain
            color: bracket.tone
        }
    }
    Rectangle {
        x: Theme.lineProvenBar
        y: Math.round(bracket.height / 2)
        width: Theme.lineProvenBar
        height: Theme.lineChain
        color: bracket.tone
    }
    Column {
        x: Theme.space(2)
        width: parent.width - x
        anchors.verticalCenter: parent.verticalCenter

        T {
            width: parent.width
            role: "smallStrong"
            text: bracket.modelData.title
            color: bracket.modelData.state === "pending" ? Theme.pending : bracket.solid ? Theme.ink : Theme.inkSecondary
            elide: Text.ElideRight
        }
        T {
            width: parent.width
            role: "small"
            text: bracket.modelData.text
            color: bracket.modelData.state === "pending" ? Theme.pending : Theme.inkSecondary
            elide: Text.ElideRight
        }
    }
}
