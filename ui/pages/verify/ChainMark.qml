pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// The marker of an event and the line to the next: solid, broken by two strokes, or dotted after a break.
Item {
    id: chain

    property string number
    property string mark
    property string chain: "solid"
    property bool lastOne: false
    readonly property real gap: height - marker.height

    TimelineMarker {
        id: marker

        anchors.centerIn: parent
        number: chain.number
        state: ({
                "failed": "failed",
                "pending": "pending",
                "notChecked": "notChecked",
                "notApplicable": "notChecked"
            })[chain.mark] ?? "done"
    }
    Item {
        visible: !chain.lastOne
        x: Math.round(parent.width / 2)
        y: marker.y + marker.height
        height: chain.gap

        Rectangle {
            visible: chain.chain !== "dotted"
            x: -width / 2
            width: Theme.lineChain
            height: chain.gap
            color: chain.chain === "broken" ? Theme.failed : Theme.accent
            antialiasing: true
        }
        Repeater {
            model: chain.chain === "dotted" ? Math.max(0, Math.floor(chain.gap / Theme.space(0.5))) : 0

            delegate: Rectangle {
                required property int index
                x: -width / 2
                y: index * Theme.space(0.5)
                width: Theme.lineChain
                height: Theme.lineBracket
                color: Theme.controlBorder
            }
        }
        Repeater {
            model: chain.chain === "broken" ? 2 : 0

            delegate: Rectangle {
                required property int index
                x: -width / 2
                y: chain.gap / 2 - Theme.space(0.25) + index * Theme.space(0.5)
                width: Theme.space(1.5)
                height: Theme.lineChain
                rotation: -30
                color: Theme.failed
                antialiasing: true
            }
        }
    }
}
