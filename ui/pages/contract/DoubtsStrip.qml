pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// What the backend said of this contract and what did not hold. Pushes the page down; the details are in a dialog.
Item {
    id: strip

    property var doubt: ({})
    required property var doubts

    readonly property bool any: (doubt.text ?? "") !== ""

    height: any ? line.implicitHeight + Theme.space(2) : 0
    visible: any

    Strip {
        id: line

        objectName: "doubtStrip"
        x: Theme.space(2)
        y: Theme.space(1)
        width: parent.width - 2 * x
        height: implicitHeight
        kind: strip.doubt.kind ?? "alarm"
        text: strip.doubt.text ?? ""
        action: list.count > 0 ? qsTr("Details") : ""
        onActed: details.open()
    }
    CmsDialog {
        id: details

        objectName: "doubtDetails"
        title: qsTr("What the backend said, and what was found")
        safeText: qsTr("Close")

        Repeater {
            id: list

            model: strip.doubts

            delegate: RowLayout {
                id: row

                required property string subject
                required property string claimed
                required property string found
                required property string mark

                Layout.fillWidth: true
                spacing: Theme.space(1.5)
                Accessible.role: Accessible.ListItem
                Accessible.name: [subject, claimed, found].join(" ")

                CheckMark {
                    Layout.alignment: Qt.AlignTop
                    state: row.mark
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: Theme.space(0.25)

                    T {
                        Layout.fillWidth: true
                        role: "bodyStrong"
                        text: row.subject
                        wrapMode: Text.Wrap
                    }
                    T {
                        Layout.fillWidth: true
                        text: row.claimed
                        color: Theme.inkSecondary
                        wrapMode: Text.Wrap
                    }
                    T {
                        objectName: "doubtFound"
                        Layout.fillWidth: true
                        text: row.found
                        wrapMode: Text.Wrap
                    }
                }
            }
        }
    }
}
