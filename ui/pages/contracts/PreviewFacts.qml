pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Label and value, one line each; a digest can be copied.
ColumnLayout {
    id: list

    property var facts: []

    spacing: Theme.space(1.5)

    Repeater {
        model: list.facts

        delegate: RowLayout {
            id: fact

            required property var modelData
            Layout.fillWidth: true
            spacing: Theme.space(1)

            T {
                Layout.preferredWidth: Theme.space(12)
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: Theme.space(0.25)
                role: "small"
                text: fact.modelData.label
                color: Theme.inkTertiary
            }
            T {
                Layout.fillWidth: true
                visible: fact.modelData.digest === ""
                text: fact.modelData.value
                wrapMode: Text.Wrap
            }
            DigestLabel {
                Layout.fillWidth: true
                visible: fact.modelData.digest !== ""
                value: fact.modelData.digest
            }
        }
    }
}
