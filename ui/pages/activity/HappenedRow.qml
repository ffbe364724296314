import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// One thing that happened; with a contract it opens it.
Pressable {
    id: row

    required property string time
    required property string icon
    required text
    required property string second
    required property string contract

    enabled: contract !== ""
    activeFocusOnTab: enabled
    implicitHeight: Theme.sizeTimelineRow
    Accessible.name: [time, text, second].join(", ")

    contentItem: Item {
        RowLayout {
            anchors.fill: parent
            spacing: Theme.space(1)

            T {
                Layout.preferredWidth: Theme.space(6)
                role: "small"
                text: row.time
                color: Theme.inkTertiary
            }
            Icon {
                name: row.icon
                color: Theme.inkSecondary
            }
            T {
                role: "bodyStrong"
                text: row.text
            }
            T {
                Layout.fillWidth: true
                role: "small"
                text: row.second
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
            Icon {
                visible: row.contract !== ""
                name: "caret-right"
                color: Theme.inkTertiary
            }
        }
    }
    background: Rectangle {
        anchors.fill: parent
        anchors.leftMargin: -Theme.space(1)
        anchors.rightMargin: -Theme.space(1)
        radius: Theme.radiusControl
        color: row.hovered && row.enabled ? Theme.hover : Theme.transparent

        Hairline {
            anchors.bottom: parent.bottom
            x: Theme.space(1)
            width: parent.width - 2 * x
        }
        FocusRing {
            shown: row.visualFocus
            inner: true
        }
    }
}
