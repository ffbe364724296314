pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The last lines of the backend's log, newest last.
ColumnLayout {
    id: part

    property var lines: []

    spacing: Theme.space(1)

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Log of the backend")
    }
    Rectangle {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.space(30)
        visible: part.lines.length > 0
        radius: Theme.radiusCard
        color: Theme.ground
        border.width: activeFocus || list.activeFocus ? Theme.lineFocusRing : 0
        border.color: Theme.focus

        ListView {
            id: list

            anchors.fill: parent
            anchors.margins: Theme.space(1)
            activeFocusOnTab: true
            clip: true
            model: part.lines
            onCountChanged: positionViewAtEnd()
            ScrollBar.vertical: ScrollBar {}
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Log of the backend")
            Keys.onUpPressed: flick(0, 800)
            Keys.onDownPressed: flick(0, -800)

            delegate: T {
                required property string modelData

                width: ListView.view.width
                role: "mono"
                text: modelData
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
        }
    }
    T {
        visible: part.lines.length === 0
        text: qsTr("The backend wrote nothing yet.")
        color: Theme.inkSecondary
    }
}
