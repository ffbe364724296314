pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Four bars, a word, and what it means.
RowLayout {
    id: bar

    property var strength: ({})
    readonly property int bars: strength.bars ?? 0
    readonly property color tone: strength.good ? Theme.accentText : Theme.pending

    spacing: Theme.space(1)
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Strength: %1, %2").arg(strength.word ?? "").arg(strength.note ?? "")

    Row {
        spacing: Theme.space(0.5)

        Repeater {
            model: 4

            delegate: Rectangle {
                required property int index

                width: Theme.space(5)
                height: Theme.sizeProgress
                color: index < bar.bars ? bar.tone : Theme.sunken
            }
        }
    }
    Icon {
        visible: bar.bars > 0
        name: bar.strength.good ? "check" : "warning"
        size: Theme.sizeIconBadge
        color: bar.tone
    }
    T {
        objectName: "strengthWord"
        role: "smallStrong"
        text: bar.strength.word ?? ""
        color: bar.tone
    }
    T {
        Layout.fillWidth: true
        role: "small"
        text: bar.strength.note ?? ""
        color: Theme.inkTertiary
        elide: Text.ElideRight
    }
}
