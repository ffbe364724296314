import QtQuick
import QtQuick.Layouts
import Cms.Theme

// An outage is amber, an alarm is red. It stays until it is over, pushes the page down and covers nothing.
Rectangle {
    id: strip

    property string text
    property string action
    property string kind: "outage"
    readonly property bool alarm: kind === "alarm"

    signal acted

    implicitHeight: line.implicitHeight + Theme.space(2)
    radius: Theme.radiusControl
    color: alarm ? Theme.failedTint : Theme.pendingTint
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    RowLayout {
        id: line

        x: Theme.space(2)
        width: parent.width - 2 * x
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space(1.5)

        Icon {
            name: strip.alarm ? "x-circle-fill" : "cloud-slash"
            color: strip.alarm ? Theme.failed : Theme.pending
        }
        T {
            Layout.fillWidth: true
            text: strip.text
            wrapMode: Text.Wrap
        }
        CmsButton {
            objectName: strip.objectName + "Action"
            visible: text !== ""
            small: true
            text: strip.action
            onClicked: strip.acted()
        }
    }
}
