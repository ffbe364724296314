pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme

// All events on one scale: claimed time above, proven window below; brackets join what one checkpoint anchored.
FocusScope {
    id: view

    property var events
    property var brackets: []
    property var axis: ({})
    property int selected: -1
    readonly property int mostRows: 14
    readonly property int shownRows: Math.min(list.count, mostRows) + 1
    readonly property int topRow: Math.max(0, Math.floor((list.contentY - list.originY) / rowHeight))
    readonly property real rowHeight: Theme.sizeTimelineRow
    readonly property bool narrow: width < Theme.sizeTimeline
    // The columns of the drawing, from the left edge; a narrow window takes the space from the first ones.
    readonly property var at: narrow ? ({
            "checks": 176,
            "claimed": 276,
            "axis": 360,
            "axisWidth": 130,
            "length": 500,
            "bracket": 580
        }) : ({
            "checks": 212,
            "claimed": 316,
            "axis": 408,
            "axisWidth": 160,
            "length": 580,
            "bracket": 660
        })

    signal chosen(int row)

    implicitHeight: head.height + list.height
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Timeline")

    Keys.onPressed: event => {
        const steps = {
            [Qt.Key_Down]: 1,
            [Qt.Key_Up]: -1,
            [Qt.Key_Home]: -list.count,
            [Qt.Key_End]: list.count
        };
        if (steps[event.key] === undefined)
            return;
        const row = Math.max(0, Math.min(list.count - 1, view.selected + steps[event.key]));
        view.chosen(row);
        list.positionViewAtIndex(row, ListView.Contain);
        event.accepted = true;
    }

    TimelineHead {
        id: head

        width: parent.width
        at: view.at
        axis: view.axis
    }
    ListView {
        id: list

        y: head.height
        width: parent.width
        // Long histories scroll inside: rows are made as they come into view.
        height: Math.min(count, view.mostRows) * view.rowHeight
        model: view.events
        clip: true
        interactive: count > view.mostRows
        boundsBehavior: Flickable.StopAtBounds
        reuseItems: true

        delegate: TimelineEvent {
            width: Math.min(list.width, view.at.bracket - Theme.space(1))
            height: view.rowHeight
            at: view.at
            ticks: view.axis.ticks ?? []
            selected: view.selected === index
            focused: view.activeFocus && view.selected === index
            lastOne: index === list.count - 1
            onPressed: {
                view.forceActiveFocus(Qt.MouseFocusReason);
                view.chosen(index);
            }
        }
    }
    Item {
        y: head.height
        x: view.at.bracket
        width: parent.width - x
        height: list.height
        clip: true

        Repeater {
            model: view.brackets

            delegate: TimelineBracket {
                y: modelData.first * view.rowHeight - list.contentY + list.originY
                width: parent?.width ?? 0
                height: (modelData.last - modelData.first + 1) * view.rowHeight
                visible: y < list.height && y + height > 0
            }
        }
    }
}
