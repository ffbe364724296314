pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// The column heads; those that sort are buttons.
Item {
    id: head

    required property var widths
    required property real titleWidth
    property string sortColumn
    property bool descending: false
    readonly property var columns: [
        {
            "id": "state",
            "text": qsTr("State"),
            "width": widths.state,
            "sorts": false
        },
        {
            "id": "title",
            "text": qsTr("Title"),
            "width": titleWidth,
            "sorts": true
        },
        {
            "id": "other",
            "text": qsTr("Other party"),
            "width": widths.other,
            "sorts": false
        },
        {
            "id": "ends",
            "text": qsTr("Ends"),
            "width": widths.ends,
            "sorts": true
        },
        {
            "id": "proof",
            "text": qsTr("Proof"),
            "width": widths.proof,
            "sorts": false
        },
        {
            "id": "changed",
            "text": qsTr("Changed"),
            "width": widths.changed,
            "sorts": true
        }
    ]

    signal sorted(string column)

    height: Theme.sizeTableHead

    Row {
        anchors.fill: parent

        Repeater {
            model: head.columns.filter(one => one.width > 0)

            delegate: FocusScope {
                id: cell

                required property var modelData
                readonly property bool active: head.sortColumn === modelData.id

                objectName: "column-" + modelData.id
                width: modelData.width
                height: head.height
                activeFocusOnTab: modelData.sorts
                Accessible.role: modelData.sorts ? Accessible.Button : Accessible.ColumnHeader
                Accessible.name: active ? qsTr("%1, sorted %2").arg(modelData.text).arg(head.descending ? qsTr("downwards") : qsTr("upwards")) : modelData.text
                Accessible.onPressAction: head.sorted(modelData.id)
                Keys.onReturnPressed: head.sorted(modelData.id)
                Keys.onEnterPressed: head.sorted(modelData.id)
                Keys.onSpacePressed: head.sorted(modelData.id)

                Rectangle {
                    anchors.fill: label
                    anchors.margins: -Theme.space(0.5)
                    radius: Theme.radiusBadge
                    color: Theme.transparent
                    border.width: cell.activeFocus ? Theme.lineFocusRing : 0
                    border.color: Theme.focus
                }
                Row {
                    id: label

                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.space(0.5)

                    T {
                        role: "small"
                        text: cell.modelData.text
                        color: over.hovered && cell.modelData.sorts ? Theme.ink : Theme.inkSecondary
                    }
                    Icon {
                        visible: cell.active
                        name: head.descending ? "arrow-down" : "arrow-up"
                        size: Theme.sizeIconBadge
                        color: Theme.inkSecondary
                    }
                }
                HoverHandler {
                    id: over
                }
                TapHandler {
                    enabled: cell.modelData.sorts
                    onTapped: head.sorted(cell.modelData.id)
                }
            }
        }
    }
    Hairline {
        width: parent.width
        anchors.bottom: parent.bottom
        strong: true
    }
}
