import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A name, and the company below it.
ColumnLayout {
    property alias name: first.text
    property alias organisation: second.text

    spacing: 0

    T {
        id: first

        Layout.fillWidth: true
        role: "bodyStrong"
        elide: Text.ElideRight
    }
    T {
        id: second

        Layout.fillWidth: true
        visible: text !== ""
        role: "small"
        color: Theme.inkSecondary
        elide: Text.ElideRight
    }
}
