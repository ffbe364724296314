import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Whether the log has kept to what it signed before, and to what the ledger holds.
ColumnLayout {
    id: part

    required property string mark
    required property string text

    spacing: Theme.space(1)

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Alarms")
    }
    RowLayout {
        spacing: Theme.space(1)

        Icon {
            Layout.alignment: Qt.AlignTop
            name: part.mark === "passed" ? "check-circle" : part.mark === "failed" ? "x-circle-fill" : "circle-dashed"
            size: Theme.sizeIcon
            color: part.mark === "passed" ? Theme.passed : part.mark === "failed" ? Theme.failed : Theme.notChecked
        }
        T {
            Layout.fillWidth: true
            text: part.text
            color: part.mark === "failed" ? Theme.ink : Theme.inkSecondary
            wrapMode: Text.Wrap
        }
    }
}
