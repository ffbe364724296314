pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The preview of a narrow window: one line at the bottom.
Item {
    id: bar

    property var preview: ({})
    property real padding: 0

    signal acted(string action)

    height: visible ? Theme.space(8) : 0

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Hairline {
        width: parent.width
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: bar.padding
        anchors.rightMargin: bar.padding
        spacing: Theme.space(2)

        Badge {
            state: bar.preview.badge ?? "draft"
            text: bar.preview.badgeText ?? ""
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            T {
                Layout.fillWidth: true
                role: "bodyStrong"
                text: bar.preview.title ?? ""
                elide: Text.ElideRight
            }
            T {
                Layout.fillWidth: true
                role: "small"
                text: bar.preview.text ?? ""
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
        }
        CmsButton {
            visible: (bar.preview.label ?? "") !== ""
            text: bar.preview.label ?? ""
            kind: bar.preview.action === "sign" ? "primary" : "secondary"
            onClicked: bar.acted(bar.preview.action)
        }
    }
}
