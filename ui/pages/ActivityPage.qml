pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "activity"

// What the program does and did.
FocusScope {
    id: page

    required property ActivityViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar

    PageHeader {
        id: header

        width: parent.width
        title: qsTr("Activity")

        CmsButton {
            objectName: "activityRetry"
            visible: page.vm.stopped
            kind: "primary"
            icon: "arrow-clockwise"
            text: qsTr("Start the backend")
            onClicked: page.vm.retry()
        }
        CmsButton {
            objectName: "activityLogs"
            focus: true
            icon: "folder-open"
            text: qsTr("Show the logs")
            onClicked: page.vm.show_logs()
        }
    }
    Flickable {
        id: scroll

        anchors.top: header.bottom
        anchors.bottom: parent.bottom
        width: parent.width
        clip: true
        contentHeight: columns.height + 2 * Theme.space(4)
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        GridLayout {
            id: columns

            x: page.compact ? Theme.sizePagePaddingCompact : Theme.sizePagePadding
            y: Theme.space(4)
            width: scroll.width - 2 * x
            columns: page.compact ? 1 : 2
            columnSpacing: Theme.space(4)
            rowSpacing: Theme.space(4)

            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                spacing: Theme.space(4)

                WorkPart {
                    Layout.fillWidth: true
                    rows: page.vm.work
                    onCancelled: name => page.vm.cancel(name)
                }
                HappenedPart {
                    Layout.fillWidth: true
                    rows: page.vm.happened
                    onOpened: contract => page.vm.open(contract)
                }
                LogPart {
                    Layout.fillWidth: true
                    lines: page.vm.log
                }
            }
            HealthPart {
                Layout.preferredWidth: Theme.sizeInspector
                Layout.maximumWidth: page.compact ? scroll.width : Theme.sizeInspector
                Layout.fillWidth: page.compact
                Layout.alignment: Qt.AlignTop
                rows: page.vm.health
                error: page.vm.error
            }
        }
    }
}
