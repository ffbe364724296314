pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme

// Where something is let go. Dashes are small rectangles, not a dashed stroke.
Rectangle {
    id: zone

    property string title
    property string text
    readonly property int across: Math.floor(width / Theme.trackDash)
    readonly property int down: Math.floor(height / Theme.trackDash)

    implicitWidth: Theme.sizeInspector
    implicitHeight: Theme.sizeHomeRow
    radius: Theme.radiusCard
    color: Theme.accentTint

    Repeater {
        model: 2 * (zone.across + zone.down)

        delegate: Rectangle {
            required property int index
            readonly property bool flat: index < 2 * zone.across
            readonly property int place: flat ? index % zone.across : (index - 2 * zone.across) % zone.down
            readonly property bool far: flat ? index >= zone.across : index - 2 * zone.across >= zone.down

            x: flat ? place * Theme.trackDash : far ? zone.width - width : 0
            y: flat ? (far ? zone.height - height : 0) : place * Theme.trackDash
            width: flat ? Theme.trackDash * 2 / 3 : Theme.lineFocusRing
            height: flat ? Theme.lineFocusRing : Theme.trackDash * 2 / 3
            color: Theme.accent
        }
    }
    RowLayout {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.space(3)
        spacing: Theme.space(2)

        Icon {
            name: "file-arrow-down"
            size: Theme.sizeIcon
            color: Theme.accentText
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            T {
                Layout.fillWidth: true
                role: "bodyStrong"
                text: zone.title
                elide: Text.ElideRight
            }
            T {
                Layout.fillWidth: true
                visible: text !== ""
                role: "small"
                text: zone.text
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
        }
    }
}
