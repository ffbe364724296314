import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A label and its value on a card.
RowLayout {
    property alias label: name.text
    property alias value: what.text

    Layout.fillWidth: true
    spacing: Theme.space(1)

    T {
        id: name

        Layout.preferredWidth: Theme.space(10) * Theme.scale
        role: "small"
        color: Theme.inkSecondary
    }
    T {
        id: what

        Layout.fillWidth: true
        role: "small"
        elide: Text.ElideRight
    }
}
