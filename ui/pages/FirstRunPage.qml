pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "firstrun"

// Three steps: protect, write down, name. Or restored from words or a file. Actions never move between steps.
FocusScope {
    id: page

    required property FirstRunViewModel vm
    readonly property bool restoring: vm.mode !== "new"

    Keys.onReturnPressed: page.vm.go_on()
    Keys.onEnterPressed: page.vm.go_on()

    FirstRunBar {
        x: Theme.space(4)
        width: parent.width - 2 * x
        restoring: page.restoring
        busy: page.vm.busy !== ""
        onOther: page.vm.choose(page.restoring ? "new" : "words")
    }
    StepsLine {
        x: column.x
        y: Theme.space(17)
        steps: page.restoring ? [qsTr("Restore"), qsTr("Name")] : [qsTr("Protect"), qsTr("Write down"), qsTr("Name")]
        current: page.restoring ? (page.vm.step === 0 ? 0 : 1) : page.vm.step
    }
    FollowFlick {
        id: column

        x: Math.round((parent.width - width) / 2)
        y: Theme.space(24)
        width: Theme.sizeFirstRun
        height: parent.height - y - Theme.space(18)
        body: stage

        Loader {
            id: stage

            width: parent.width
            focus: true
            sourceComponent: page.vm.step === 2 ? nameStep : page.vm.step === 1 ? wordsStep : page.vm.mode === "new" ? protectStep : restoreStep
            onLoaded: item.forceActiveFocus(Qt.OtherFocusReason) // qmllint disable missing-property
        }
    }
    FirstRunActions {
        x: column.x
        y: parent.height - Theme.space(12) - height
        width: column.width
        vm: page.vm
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
