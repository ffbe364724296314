pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// Chips in one line: left and right move, Space toggles, Delete goes back to all.
Flow {
    id: filters

    property alias rows: repeater.model

    signal chosen(string filterId)

    spacing: Theme.space(1)
    Accessible.role: Accessible.PageTabList
    Accessible.name: qsTr("Filters")

    function focusChip(index) {
        const chip = repeater.itemAt(index);
        if (chip)
            chip.forceActiveFocus(Qt.TabFocusReason);
    }

    Repeater {
        id: repeater

        delegate: Chip {
            id: chip

            required property int index
            required property string key

            objectName: "filter-" + key
            required text
            required count
            required active
            onClicked: filters.chosen(chip.key)
            Keys.onLeftPressed: filters.focusChip(index - 1)
            Keys.onRightPressed: filters.focusChip(index + 1)
            Keys.onDeletePressed: if (active)
                filters.chosen(chip.key)
        }
    }
}
