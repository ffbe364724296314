import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// From the words on paper, or from a backup file with its passphrase.
FocusScope {
    id: step

    required property FirstRunViewModel vm
    readonly property bool byFile: vm.mode === "file"

    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.space(2)

        StepHead {
            Layout.fillWidth: true
            title: qsTr("Bring your keys back.")
            text: step.byFile ? qsTr("A backup holds your identities and contacts. It opens with the passphrase that it was locked with.") : qsTr("The words bring back your keys. Contacts and names are in a backup file only.")
        }
        Segmented {
            objectName: "restoreFrom"
            options: [qsTr("Recovery words"), qsTr("Backup file")]
            current: step.byFile ? 1 : 0
            onChosen: index => step.vm.choose(index === 1 ? "file" : "words")
        }
        TextInputField {
            objectName: "restoreWords"
            Layout.fillWidth: true
            visible: !step.byFile
            focus: !step.byFile
            mono: true
            label: qsTr("The words, in their order")
            strongLabel: true
            onEdited: text => step.vm.set_words(text)
        }
        ScreenshotNote {
            Layout.fillWidth: true
            visible: !step.byFile
            guard: step.vm.guard
        }
        TextInputField {
            objectName: "restoreAddress"
            Layout.fillWidth: true
            visible: !step.byFile
            label: qsTr("The address that you used last")
            labelHint: qsTr("optional; needed if you rotated the key")
            strongLabel: true
            placeholder: qsTr("did:key:…")
            onEdited: text => step.vm.set_address(text)
        }
        RowLayout {
            visible: step.byFile
            spacing: Theme.space(1.5)

            CmsButton {
                objectName: "restoreChoose"
                focus: step.byFile
                icon: "folder-open"
                text: qsTr("Choose the file")
                onClicked: dialog.open()
            }
            T {
                Layout.fillWidth: true
                text: step.vm.file
                color: Theme.inkSecondary
                elide: Text.ElideMiddle
            }
        }
        TextInputField {
            objectName: "restorePassphrase"
            Layout.fillWidth: true
            label: step.byFile ? qsTr("Its passphrase") : qsTr("A passphrase for this computer")
            strongLabel: true
            secret: true
            onEdited: text => step.vm.set_passphrase(text)
        }
        StrengthBar {
            Layout.fillWidth: true
            visible: !step.byFile
            strength: step.vm.strength
        }
        TextInputField {
            objectName: "restoreAgain"
            Layout.fillWidth: true
            visible: !step.byFile
            label: qsTr("Once more")
            strongLabel: true
            secret: true
            onEdited: text => step.vm.set_again(text)
        }
    }
    FileDialog {
        id: dialog

        title: qsTr("Choose the backup of your wallet")
        onAccepted: step.vm.set_file(selectedFile)
    }
}
