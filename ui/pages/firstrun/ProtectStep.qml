import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// The passphrase, how strong it is, and once more.
FocusScope {
    id: step

    required property FirstRunViewModel vm

    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.space(1)

        StepHead {
            Layout.fillWidth: true
            Layout.bottomMargin: Theme.space(2.5)
            title: qsTr("Choose a passphrase for your keys.")
            text: qsTr("It locks the keys on this computer. Nobody can reset it, so choose one that you will remember. Four or five plain words are better than one hard one.")
        }
        TextInputField {
            objectName: "passphrase"
            Layout.fillWidth: true
            focus: true
            label: qsTr("Passphrase")
            strongLabel: true
            secret: true
            onEdited: text => step.vm.set_passphrase(text)
        }
        StrengthBar {
            Layout.fillWidth: true
            strength: step.vm.strength
        }
        TextInputField {
            objectName: "passphraseAgain"
            Layout.fillWidth: true
            Layout.topMargin: Theme.space(2)
            label: qsTr("Once more")
            strongLabel: true
            secret: true
            onEdited: text => step.vm.set_again(text)
        }
        CheckField {
            objectName: "keepPassphrase"
            Layout.fillWidth: true
            Layout.topMargin: Theme.space(2)
            text: qsTr("Unlock with the login of this computer")
            hint: qsTr("The passphrase goes into the system’s key ring. Signing still asks you to hold the button.")
            onToggled: step.vm.set_keep(checked)
        }
    }
}
