import QtQuick
import QtQuick.Layouts
import Cms.Theme

// A setting: its name, a smaller line, and at the right the control.
Item {
    id: row

    property string text
    property string hint
    default property alias control: slot.data

    implicitHeight: Math.max(Theme.sizeListRow, line.implicitHeight + Theme.space(2))

    RowLayout {
        id: line

        width: parent.width
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space(2)

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            T {
                Layout.fillWidth: true
                text: row.text
                wrapMode: Text.Wrap
            }
            T {
                Layout.fillWidth: true
                visible: text !== ""
                role: "small"
                text: row.hint
                color: Theme.inkSecondary
                wrapMode: Text.Wrap
            }
        }
        Row {
            id: slot

            spacing: Theme.space(1)
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
