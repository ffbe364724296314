pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A verified file of somebody else: its contract can be taken into this installation.
Rectangle {
    id: row

    property string label

    signal taken

    implicitHeight: line.implicitHeight + Theme.space(2)
    radius: Theme.radiusControl
    color: Theme.accentTint

    RowLayout {
        id: line

        anchors.fill: parent
        anchors.leftMargin: Theme.space(2)
        anchors.rightMargin: Theme.space(1)
        spacing: Theme.space(2)

        T {
            Layout.fillWidth: true
            text: qsTr("Take its contract in to sign, to comment, or to keep it. What is known here already is merged, nothing is overwritten.")
            wrapMode: Text.Wrap
        }
        CmsButton {
            objectName: "verifyTakeIn"
            text: row.label
            icon: "file-arrow-down"
            onClicked: row.taken()
        }
    }
}
