pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// One step: its number, the line to the next, what it is, who, how far it has settled, when.
Item {
    id: step

    required property int index
    required property string number
    required property string title
    required property string actor
    required property string mark
    required property string word
    required property string when
    required property bool you
    required property string phase
    required property bool last
    readonly property bool done: phase === "done" || phase === "reached"
    readonly property color tone: done ? Theme.accent : phase === "next" ? Theme.accent : Theme.controlBorder

    Accessible.role: Accessible.ListItem
    Accessible.name: [number, title, actor, word, when].filter(part => part !== "").join(", ")

    TimelineMarker {
        id: marker

        number: step.number
        state: step.phase === "reached" ? "done" : step.phase
    }
    Row {
        x: marker.width + Theme.space(0.5)
        y: Math.round(marker.height / 2)
        visible: !step.last
        spacing: step.done ? 0 : Theme.space(0.5)

        Repeater {
            model: step.done ? 1 : Math.max(0, Math.floor((step.width - marker.width - Theme.space(1)) / Theme.space(1)))

            delegate: Rectangle {
                width: step.done ? step.width - marker.width - Theme.space(1) : Theme.space(0.5)
                height: Theme.lineHairline
                color: step.done ? Theme.accent : Theme.controlBorder
            }
        }
    }
    Column {
        y: marker.height + Theme.space(1)
        width: parent.width - Theme.space(1)
        spacing: Theme.space(0.25)

        T {
            width: parent.width
            role: step.done || step.phase === "next" ? "bodyStrong" : "body"
            text: step.title
            color: step.done || step.phase === "next" ? Theme.ink : Theme.inkSecondary
            elide: Text.ElideRight
        }
        T {
            width: parent.width
            role: "small"
            text: step.actor
            color: Theme.inkSecondary
            elide: Text.ElideRight
        }
        Item {
            width: parent.width
            height: Theme.space(2.5)

            CheckMark {
                anchors.verticalCenter: parent.verticalCenter
                visible: step.mark !== ""
                state: step.mark
                text: step.word
            }
            T {
                anchors.verticalCenter: parent.verticalCenter
                visible: step.mark === ""
                role: "smallStrong"
                text: step.word
                color: Theme.accentText
            }
        }
        T {
            width: parent.width
            role: "small"
            text: step.when
            color: Theme.inkTertiary
            elide: Text.ElideRight
        }
    }
}
