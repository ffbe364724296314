import QtQuick
import Cms.Theme
import Cms.Components

// The heading of a step and what it means.
Column {
    property alias title: heading.text
    property alias text: words.text

    spacing: Theme.space(1)

    T {
        id: heading

        width: parent.width
        role: "display"
        wrapMode: Text.Wrap
        Accessible.role: Accessible.Heading
    }
    T {
        id: words

        width: Math.min(parent.width, Theme.space(64))
        color: Theme.inkSecondary
        wrapMode: Text.Wrap
    }
}
