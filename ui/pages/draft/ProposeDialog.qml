pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// What proposing means, until when one asks for an answer, and a word to the others.
CmsDialog {
    id: dialog

    required property DraftViewModel vm

    title: qsTr("Propose this text to the parties?")
    text: vm.proposeText
    safeText: qsTr("Go on writing")
    confirmText: qsTr("Propose")
    onConfirmed: vm.propose(until.text, note.text)

    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.space(2)

        TextInputField {
            id: until

            objectName: "proposeUntil"
            Layout.fillWidth: true
            label: qsTr("Answer until")
            placeholder: qsTr("%1, or empty for no limit").arg(Qt.formatDate(new Date(Date.now() + 12096e5), "yyyy-MM-dd"))
        }
        TextInputField {
            id: note

            objectName: "proposeNote"
            Layout.fillWidth: true
            label: qsTr("A note to the others")
            placeholder: qsTr("May stay empty")
        }
    }
}
