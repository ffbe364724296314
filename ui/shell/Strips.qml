import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Outages and alarms: they push the page down and stay until they are over.
Column {
    id: strips

    required property ShellViewModel shell
    readonly property bool any: shell.outage !== "" || shell.alarm !== ""

    height: any ? implicitHeight : 0
    spacing: Theme.space(0.5)
    topPadding: any ? Theme.space(1) : 0
    bottomPadding: any ? Theme.space(1) : 0
    leftPadding: Theme.space(2)
    rightPadding: Theme.space(2)

    Strip {
        objectName: "alarmStrip"
        width: parent.width - 2 * Theme.space(2)
        visible: strips.shell.alarm !== ""
        kind: "alarm"
        text: strips.shell.alarm
        action: qsTr("Show")
        onActed: strips.shell.show("activity")
    }
    Strip {
        objectName: "outageStrip"
        width: parent.width - 2 * Theme.space(2)
        visible: strips.shell.outage !== ""
        text: strips.shell.outage
        action: qsTr("Try again")
        onActed: strips.shell.retry()
    }
}
