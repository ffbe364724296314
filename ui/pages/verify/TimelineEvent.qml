pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// One event: marker and chain, title and actor, its checks in one word, and its two tracks.
Item {
    id: row

    required property int index
    required property string number
    required property string title
    required property string actor
    required property string mark
    required property string claimedClock
    required property string claimedDay
    required property var track
    required property string chain
    required property string tint
    required property string spoken
    property var at: ({})
    property var ticks: []
    property bool selected: false
    property bool focused: false
    property bool lastOne: false

    signal pressed

    Accessible.role: Accessible.ListItem
    Accessible.name: spoken
    Accessible.selected: selected
    Accessible.onPressAction: pressed()

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusControl
        color: row.selected ? Theme[row.tint] : over.hovered ? Theme.hover : Theme.transparent
        border.width: row.focused ? Theme.lineFocusRing : 0
        border.color: Theme.focus
    }
    HoverHandler {
        id: over
    }
    TapHandler {
        onTapped: row.pressed()
    }
    ChainMark {
        x: Theme.space(0.5)
        width: Theme.space(3)
        height: parent.height
        number: row.number
        mark: row.mark
        chain: row.chain
        lastOne: row.lastOne
    }
    Column {
        x: Theme.space(5)
        width: row.at.checks - x - Theme.space(1)
        anchors.verticalCenter: parent.verticalCenter

        T {
            width: parent.width
            role: "bodyStrong"
            text: row.title
            elide: Text.ElideRight
        }
        T {
            width: parent.width
            role: "small"
            text: row.actor
            color: Theme.inkSecondary
            elide: Text.ElideRight
        }
    }
    CheckMark {
        x: row.at.checks
        anchors.verticalCenter: parent.verticalCenter
        state: row.mark
    }
    Column {
        x: row.at.claimed
        anchors.verticalCenter: parent.verticalCenter

        T {
            text: row.claimedClock
        }
        T {
            role: "small"
            text: row.claimedDay
            color: Theme.inkSecondary
        }
    }
    EventTrack {
        x: row.at.axis
        width: row.at.axisWidth
        height: parent.height
        track: row.track
        ticks: row.ticks
    }
    T {
        x: row.at.length
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: Theme.space(1)
        role: "small"
        text: row.track.length
        color: row.track.kind === "open" ? Theme.pending : Theme.inkSecondary
    }
}
