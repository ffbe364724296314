pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// What keeps the keys safe, and what is to be done about it.
ColumnLayout {
    id: part

    property alias rows: repeater.model

    signal chosen(string key)

    spacing: 0

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Safety")
    }
    Repeater {
        id: repeater

        delegate: Item {
            id: row

            required property string key
            required property string icon
            required property string tone
            required property string title
            required property string second
            required property string action

            Layout.fillWidth: true
            implicitHeight: Math.max(Theme.space(7.5), line.implicitHeight + Theme.space(2))

            RowLayout {
                id: line

                anchors.fill: parent
                spacing: Theme.space(1.5)

                Icon {
                    name: row.icon
                    size: Theme.sizeIcon
                    color: Theme[row.tone]
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    T {
                        Layout.fillWidth: true
                        role: "bodyStrong"
                        text: row.title
                        elide: Text.ElideRight
                    }
                    T {
                        Layout.fillWidth: true
                        role: "small"
                        text: row.second
                        color: Theme.inkSecondary
                        elide: Text.ElideRight
                    }
                }
                CmsButton {
                    objectName: "safety-" + row.key
                    Layout.rightMargin: -Theme.space(1.5)
                    kind: "quiet"
                    text: row.action
                    tip: row.title + ": " + row.action
                    onClicked: part.chosen(row.key)
                }
            }
            Hairline {
                anchors.bottom: parent.bottom
                width: parent.width
            }
        }
    }
}
