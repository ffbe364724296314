pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The seal, the one sentence, and how much was checked.
RowLayout {
    id: head

    property var verdict: ({})
    property bool compact: false

    spacing: Theme.space(3)
    Accessible.role: Accessible.Heading
    Accessible.name: qsTr("Proof: %1").arg(verdict.headline ?? "")

    Seal {
        kind: head.verdict.seal ?? "pending"
        size: Theme.sizeSealHeadline
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.space(0.25)

        T {
            objectName: "verdictHeadline"
            Layout.fillWidth: true
            role: "display"
            text: head.verdict.headline ?? ""
            color: Theme[head.verdict.tone ?? "ink"]
            wrapMode: Text.Wrap
        }
        T {
            Layout.fillWidth: true
            text: head.verdict.subtitle ?? ""
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
    }
    ColumnLayout {
        Layout.alignment: Qt.AlignBottom
        Layout.maximumWidth: head.compact ? Theme.space(26) : Theme.space(36)
        spacing: Theme.space(0.5)

        T {
            Layout.fillWidth: true
            role: "small"
            horizontalAlignment: Text.AlignRight
            text: head.verdict.counts ?? ""
            wrapMode: Text.Wrap
        }
        T {
            Layout.fillWidth: true
            visible: !head.compact
            role: "small"
            horizontalAlignment: Text.AlignRight
            text: head.verdict.checked ?? ""
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
        T {
            Layout.fillWidth: true
            visible: !head.compact
            role: "mono"
            horizontalAlignment: Text.AlignRight
            text: head.verdict.etsi ?? ""
            color: Theme.inkSecondary
        }
    }
}
