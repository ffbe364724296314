pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Backend, log, ledger, anchors.
ColumnLayout {
    id: part

    property alias rows: repeater.model
    property string error

    spacing: 0

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Health")
    }
    Repeater {
        id: repeater

        delegate: Item {
            id: row

            required property string key
            required property string icon
            required property string title
            required property string second
            required property string mark
            required property string word

            objectName: "health-" + key
            Layout.fillWidth: true
            implicitHeight: line.implicitHeight + Theme.space(2)

            RowLayout {
                id: line

                width: parent.width
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.space(1.5)

                Icon {
                    Layout.alignment: Qt.AlignTop
                    name: row.icon
                    size: Theme.sizeIcon
                    color: Theme.inkSecondary
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    T {
                        Layout.fillWidth: true
                        role: "bodyStrong"
                        text: row.title
                    }
                    T {
                        Layout.fillWidth: true
                        role: "small"
                        text: row.second
                        color: Theme.inkSecondary
                        wrapMode: Text.Wrap
                    }
                }
                CheckMark {
                    Layout.alignment: Qt.AlignTop
                    state: row.mark
                    text: row.word
                }
            }
            Hairline {
                anchors.bottom: parent.bottom
                width: parent.width
            }
        }
    }
    T {
        Layout.fillWidth: true
        Layout.topMargin: Theme.space(1)
        visible: text !== ""
        text: part.error
        color: Theme.pending
        wrapMode: Text.Wrap
        Accessible.role: Accessible.AlertMessage
    }
}
