pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme

// Two tracks: a hollow dot for the claimed time, a bar for the proven window. Everything is a rectangle.
Item {
    id: box

    property var track: ({})
    property var ticks: []
    readonly property real upper: Math.round(height / 2) - Theme.space(1)
    readonly property real lower: Math.round(height / 2) + Theme.space(1)
    readonly property color claim: track.outside ? Theme.failed : track.kind === "none" ? Theme.controlBorder : Theme.ink

    Repeater {
        model: box.ticks

        delegate: Rectangle {
            required property var modelData
            x: Math.round(modelData.at * box.width)
            width: Theme.lineHairline
            height: box.height
            color: Theme.hairline
        }
    }
    Rectangle {
        y: box.upper
        width: box.width
        height: Theme.lineHairline
        color: Theme.hairline
    }
    Rectangle {
        visible: box.track.kind === "bar"
        y: box.lower - height / 2
        width: Math.max(Theme.lineProvenBar / 2, box.track.bar * box.width)
        height: Theme.lineProvenBar
        color: Theme.accent
    }
    Repeater {
        model: box.track.cut ? 2 : 0

        delegate: Rectangle {
            required property int index
            x: box.width - Theme.space(2) + index * Theme.space(0.75)
            y: box.lower - height / 2
            width: Theme.lineBracket
            height: Theme.space(1.5)
            rotation: 20
            color: Theme.surface
            antialiasing: true
        }
    }
    Repeater {
        model: box.track.kind === "open" ? Math.floor(box.width / Theme.trackDash) : 0

        delegate: Rectangle {
            required property int index
            x: index * Theme.trackDash
            y: box.lower - height / 2
            width: index === 0 ? Theme.lineProvenBar / 2 : Theme.space(0.5)
            height: index === 0 ? Theme.space(1.5) : Theme.lineProvenBar
            color: Theme.pendingMark
        }
    }
    Repeater {
        model: box.track.kind === "none" ? Math.floor(box.width / Theme.space(0.5)) : 0

        delegate: Rectangle {
            required property int index
            x: index * Theme.space(0.5)
            y: box.lower
            width: Theme.lineBracket
            height: Theme.lineHairline
            color: Theme.controlBorder
        }
    }
    Rectangle {
        visible: box.track.kind === "bar" || box.track.kind === "open"
        x: dot.x + dot.width / 2
        y: box.upper
        width: Theme.lineHairline
        height: box.lower - box.upper
        color: box.claim
    }
    Rectangle {
        id: dot

        x: Math.round((box.track.claim ?? 0) * box.width - width / 2)
        y: Math.round(box.upper - height / 2)
        width: Theme.space(1)
        height: width
        radius: width / 2
        color: Theme.surface
        border.width: Theme.lineChain
        border.color: box.claim
        antialiasing: true
    }
}
