pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// A question whose text is the consequence; the safe answer is first and has the focus.
CmsDialog {
    id: dialog

    required property ContractViewModel vm
    property string action
    readonly property var words: ({
            "decline": [qsTr("Decline this proposal?"), qsTr("Decline"), qsTr("Go on reading")],
            "withdraw": [qsTr("Withdraw your proposal?"), qsTr("Withdraw"), qsTr("Leave it open")],
            "terminate": [qsTr("Give notice of termination?"), qsTr("Give notice"), qsTr("Keep it in force")]
        })

    function ask(what) {
        action = what;
        reason.text = "";
        date.text = "";
        open();
    }

    title: words[action]?.[0] ?? ""
    text: action === "" ? "" : vm.consequence(action)
    dangerText: words[action]?.[1] ?? ""
    safeText: words[action]?.[2] ?? ""
    onDanger: vm.confirm(action, reason.text, date.text)

    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.space(2)

        TextInputField {
            id: reason

            objectName: "askReason"
            Layout.fillWidth: true
            label: qsTr("Your reason, for the others")
            placeholder: qsTr("May stay empty")
        }
        TextInputField {
            id: date

            objectName: "askDate"
            Layout.fillWidth: true
            visible: dialog.action === "terminate"
            label: qsTr("It ends on")
            placeholder: qsTr("2028-05-31, or empty for at once")
        }
    }
}
