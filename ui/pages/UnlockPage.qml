import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// The wallet is locked: one passphrase opens it.
FocusScope {
    id: page

    required property UnlockViewModel vm

    ColumnLayout {
        x: Math.round((parent.width - width) / 2)
        y: Theme.space(24)
        width: Theme.sizeFirstRun
        spacing: Theme.space(1)

        Seal {
            Layout.bottomMargin: Theme.space(2)
            size: Theme.sizeSealHeadline
        }
        T {
            Layout.fillWidth: true
            role: "display"
            text: qsTr("Your keys are locked.")
            Accessible.role: Accessible.Heading
        }
        T {
            Layout.fillWidth: true
            Layout.bottomMargin: Theme.space(2)
            text: qsTr("Nothing can be signed until you open them. Opening takes about a second, on purpose: it makes guessing slow.")
            color: Theme.inkSecondary
            wrapMode: Text.Wrap
        }
        TextInputField {
            id: field

            objectName: "unlockPassphrase"
            Layout.fillWidth: true
            focus: true
            enabled: !page.vm.busy
            label: qsTr("Passphrase")
            strongLabel: true
            secret: true
            error: page.vm.error
            onAccepted: page.vm.unlock(text)
        }
        CmsButton {
            objectName: "unlock"
            Layout.topMargin: Theme.space(3)
            kind: "primary"
            large: true
            busy: page.vm.busy
            enabled: field.text !== "" && !page.vm.busy
            text: page.vm.busy ? qsTr("Opening") : qsTr("Unlock")
            onClicked: page.vm.unlock(field.text)
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
}
