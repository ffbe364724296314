import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A sheet of components, to be looked at beside the mockups.
Rectangle {
    id: sheet

    property string title
    default property alias content: column.data

    implicitWidth: Theme.sizeMain
    implicitHeight: column.implicitHeight + 2 * Theme.space(4)
    width: implicitWidth
    height: implicitHeight
    color: Theme.surface

    ColumnLayout {
        id: column

        x: Theme.space(4)
        y: Theme.space(4)
        width: parent.width - 2 * x
        spacing: Theme.space(2)

        SectionHead {
            Layout.fillWidth: true
            text: sheet.title
        }
    }
}
