import QtQuick
import QtQuick.Layouts
import Cms.Theme

// An empty page teaches: what will be here, and the one action that fills it.
RowLayout {
    id: empty

    property string title
    property string text
    default property alias actions: slot.data

    width: Math.min(Theme.sizeFormWidth, parent ? parent.width - Theme.space(6) : Theme.sizeFormWidth)
    spacing: Theme.space(4)

    Icon {
        Layout.alignment: Qt.AlignTop
        name: "file-text-thin"
        size: Theme.sizeEmptyPaper
        color: Theme.controlBorder
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.space(0.5)

        T {
            Layout.fillWidth: true
            role: "bodyStrong"
            text: empty.title
            wrapMode: Text.Wrap
            Accessible.role: Accessible.Heading
        }
        T {
            Layout.fillWidth: true
            text: empty.text
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
        Row {
            id: slot

            Layout.topMargin: Theme.space(2)
            spacing: Theme.space(1)
        }
    }
}
