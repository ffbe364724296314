pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme

// One of a few, side by side. `icons` may give each word an icon. Left and right move.
Rectangle {
    id: bar

    property var options: []
    property var icons: []
    property int current: 0

    signal chosen(int index)

    function step(by) {
        const index = Math.max(0, Math.min(options.length - 1, current + by));
        chosen(index);
        repeater.itemAt(index)?.forceActiveFocus(Qt.TabFocusReason);
    }

    implicitWidth: row.implicitWidth
    implicitHeight: Theme.sizeButton
    radius: Theme.radiusControl
    color: Theme.surface
    border.width: Theme.lineControl
    border.color: Theme.hairlineStrong
    Accessible.role: Accessible.PageTabList

    Row {
        id: row

        Repeater {
            id: repeater

            model: bar.options

            delegate: SegmentedPart {
                required property int index
                required property string modelData

                objectName: "segment-" + index
                height: bar.height
                text: modelData
                icon: bar.icons[index] ?? ""
                current: index === bar.current
                onClicked: bar.chosen(index)
                Keys.onLeftPressed: bar.step(-1)
                Keys.onRightPressed: bar.step(1)
            }
        }
    }
}
