pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// The checklist, and Propose under it.
ColumnLayout {
    id: foot

    required property DraftViewModel vm

    signal proposeWanted
    signal led(string place)

    spacing: Theme.space(1)

    Hairline {
        Layout.fillWidth: true
    }
    T {
        Layout.topMargin: Theme.space(1)
        role: "bodyStrong"
        text: qsTr("Before you propose")
    }
    ListView {
        objectName: "draftChecks"
        Layout.fillWidth: true
        Layout.preferredHeight: Math.min(contentHeight, Theme.space(22))
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: foot.vm.checks

        delegate: RowLayout {
            id: check

            required property bool ok
            required property string text
            required property string action
            required property string place

            width: ListView.view.width
            spacing: Theme.space(1)
            Accessible.role: Accessible.ListItem
            Accessible.name: ok ? qsTr("Done: %1").arg(text) : qsTr("Missing: %1").arg(text)

            Icon {
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: Theme.space(1)
                name: check.ok ? "check-circle" : "circle-dashed"
                size: Theme.sizeIconSmall
                color: check.ok ? Theme.passed : Theme.pending
            }
            T {
                Layout.fillWidth: true
                Layout.topMargin: Theme.space(0.75)
                Layout.bottomMargin: Theme.space(0.75)
                Layout.alignment: Qt.AlignTop
                text: check.text
                color: check.ok ? Theme.inkSecondary : Theme.ink
                wrapMode: Text.Wrap
            }
            CmsButton {
                Layout.alignment: Qt.AlignTop
                Layout.rightMargin: -Theme.space(1.5)
                visible: check.action !== ""
                kind: "quiet"
                small: true
                text: check.action
                Accessible.name: check.action + ", " + check.text
                onClicked: foot.led(check.place)
            }
        }
    }
    T {
        objectName: "draftError"
        Layout.fillWidth: true
        visible: foot.vm.error !== ""
        text: foot.vm.error
        color: Theme.failed
        wrapMode: Text.Wrap
        Accessible.role: Accessible.AlertMessage
    }
    CmsButton {
        objectName: "draftProposeButton"
        Layout.fillWidth: true
        Layout.topMargin: Theme.space(1)
        Layout.preferredHeight: Theme.sizeButtonLarge
        kind: "primary"
        text: qsTr("Propose")
        enabled: foot.vm.complete && !foot.vm.busy
        busy: foot.vm.busy
        onClicked: foot.proposeWanted()
    }
}
