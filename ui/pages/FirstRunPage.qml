pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "firstrun"

// Three steps: protect, write down, name. Or restored from words or a file. Actions never move between steps.
FocusScope {
    id: page

    required property FirstRunViewModel vm
    readonly property bool restoring: vm.mode !== "new"
    readonly property var names: restoring ? [qsTr("Restore"), "", qsTr("Name")] : [qsTr("Protect"), qsTr("Write down"), qsTr("Name")]

    Keys.onReturnPressed: page.vm.go_on()
    Keys.onEnterPressed: page.vm.go_on()

    RowLayout {
        x: Theme.space(4)
        width: parent.width - 2 * x
        height: Theme.space(8)
        spacing: Theme.space(1.5)

        Seal {
            size: Theme.space(3)
        }
        T {
            Layout.fillWidth: true
            role: "bodyStrong"
            text: qsTr("CMS")
        }
        CmsButton {
            objectName: "firstRunOther"
            kind: "quiet"
            enabled: page.vm.busy === ""
            text: page.restoring ? qsTr("Begin with new keys") : qsTr("Restore from words or a file")
            onClicked: page.vm.choose(page.restoring ? "new" : "words")
        }
    }
    StepsLine {
        x: column.x
        y: Theme.space(17)
        steps: page.restoring ? [qsTr("Restore"), qsTr("Name")] : page.names
        current: page.restoring ? (page.vm.step === 0 ? 0 : 1) : page.vm.step
    }
    Flickable {
        id: column

        x: Math.round((parent.width - width) / 2)
        y: Theme.space(24)
        width: Theme.sizeFirstRun
        height: parent.height - y - Theme.space(18)
        contentHeight: stage.height
        clip: contentHeight > height
        boundsBehavior: Flickable.StopAtBounds

        Loader {
            id: stage

            width: parent.width
            focus: true
            sourceComponent: page.vm.step === 2 ? nameStep : page.vm.step === 1 ? wordsStep : page.vm.mode === "new" ? protectStep : restoreStep
            onLoaded: item.forceActiveFocus(Qt.OtherFocusReason) // qmllint disable missing-property
        }
    }
    RowLayout {
        x: column.x
        y: parent.height - Theme.space(12) - height
        width: column.width
        spacing: Theme.space(1.5)

        CmsButton {
            objectName: "firstRunContinue"
            kind: "primary"
            large: true
            busy: page.vm.busy !== ""
            enabled: page.vm.why === ""
            text: page.vm.step === 2 ? qsTr("Open CMS") : qsTr("Continue")
            onClicked: page.vm.go_on()
        }
        CmsButton {
            objectName: "firstRunBack"
            visible: page.vm.step > 0
            kind: "quiet"
            large: true
            enabled: page.vm.busy === ""
            text: qsTr("Back")
            onClicked: page.vm.back()
        }
        T {
            objectName: "firstRunWhy"
            Layout.fillWidth: true
            role: "small"
            text: page.vm.error !== "" ? page.vm.error : page.vm.why !== "" ? page.vm.why : page.vm.step === 2 ? qsTr("Home has a sample agreement to look at.") : qsTr("Enter")
            color: page.vm.error !== "" ? Theme.failed : Theme.inkTertiary
            wrapMode: Text.Wrap
            Accessible.role: page.vm.error !== "" ? Accessible.AlertMessage : Accessible.StaticText
        }
    }
    Row {
        x: Theme.space(4)
        y: parent.height - Theme.space(4) - height / 2
        spacing: Theme.space(1)

        Icon {
            name: "hard-drives"
            color: Theme.inkSecondary
        }
        T {
            role: "small"
            text: qsTr("Everything stays on this computer. No account, no server.")
            color: Theme.inkSecondary
        }
    }
    Component {
        id: protectStep

        ProtectStep {
            vm: page.vm
        }
    }
    Component {
        id: wordsStep

        WordsStep {
            vm: page.vm
        }
    }
    Component {
        id: nameStep

        NameStep {
            vm: page.vm
        }
    }
    Component {
        id: restoreStep

        RestoreStep {
            vm: page.vm
        }
    }
}
