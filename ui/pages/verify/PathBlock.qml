pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// The block that holds the root, or that it waits for one.
Item {
    id: block

    property string text
    readonly property bool solid: state === "passed"
    readonly property color tone: solid ? Theme.accent : state === "pending" ? Theme.pending : Theme.inkSecondary
    readonly property real lead: Theme.space(4)

    Repeater {
        model: block.solid ? 1 : Math.floor(block.lead / Theme.space(0.75))

        delegate: Rectangle {
            required property int index
            x: block.solid ? 0 : index * Theme.space(0.75)
            width: block.solid ? block.lead : Theme.space(0.375)
            height: Theme.lineChain
            color: block.tone
        }
    }
    Rectangle {
        x: block.lead
        y: -height / 2
        width: Theme.space(3)
        height: width
        radius: Theme.radiusBadge
        color: Theme.surface
        border.width: Theme.lineChain
        border.color: block.tone

        Repeater {
            model: [2, 3, 4]

            delegate: Rectangle {
                required property int index
                required property int modelData
                x: Theme.space(0.5)
                y: modelData * Theme.space(0.5) - Theme.space(0.25)
                width: Theme.space(2 - index * 0.5)
                height: Theme.lineHairline
                color: block.tone
            }
        }
    }
    T {
        x: block.lead + Theme.space(3.75)
        y: -height / 2
        width: Theme.space(13)
        role: "smallStrong"
        text: block.text.charAt(0).toUpperCase() + block.text.slice(1)
        color: block.solid ? Theme.ink : block.tone
        wrapMode: Text.Wrap
    }
}
