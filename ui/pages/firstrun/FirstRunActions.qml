import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// On, back, and why one can not go on yet. They never move between steps.
RowLayout {
    id: actions

    required property FirstRunViewModel vm
    readonly property string ready: vm.step < 2 ? qsTr("Enter") : vm.sampleWaits ? qsTr("A sample contract is waiting inside.") : ""

    spacing: Theme.space(1.5)

    CmsButton {
        objectName: "firstRunContinue"
        kind: "primary"
        large: true
        busy: actions.vm.busy !== ""
        enabled: actions.vm.why === ""
        text: actions.vm.step === 2 ? qsTr("Open CMS") : qsTr("Continue")
        onClicked: actions.vm.go_on()
    }
    CmsButton {
        objectName: "firstRunBack"
        visible: actions.vm.step > 0
        kind: "quiet"
        large: true
        enabled: actions.vm.busy === ""
        text: qsTr("Back")
        onClicked: actions.vm.back()
    }
    T {
        objectName: "firstRunWhy"
        Layout.fillWidth: true
        role: "small"
        text: actions.vm.error !== "" ? actions.vm.error : actions.vm.why !== "" ? actions.vm.why : actions.ready
        color: actions.vm.error !== "" ? Theme.failed : Theme.inkTertiary
        wrapMode: Text.Wrap
        Accessible.role: actions.vm.error !== "" ? Accessible.AlertMessage : Accessible.StaticText
    }
}
