import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Where anchors are looked up.
Column {
    id: part

    required property SettingsViewModel vm

    SectionHead {
        width: parent.width
        text: qsTr("Ledger")
    }
    SettingRow {
        width: parent.width
        text: qsTr("Network")
        hint: qsTr("Checkpoints are anchored on the ledger that runs with this program. Only hashes go there, never text.")

        T {
            height: Theme.sizeButton
            text: qsTr("Built in")
            color: Theme.inkSecondary
        }
    }
    RowLayout {
        width: parent.width
        spacing: Theme.space(1)

        TextInputField {
            id: node

            objectName: "settingsNode"
            Layout.fillWidth: true
            Layout.topMargin: Theme.space(1)
            label: qsTr("A further ledger node, asked when you verify a file of others")
            placeholder: qsTr("https://node.example.org")
            text: part.vm.node
            error: part.vm.nodeError
            onAccepted: part.vm.set_node(text)
        }
        CmsButton {
            objectName: "settingsNodeUse"
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: Theme.space(3.5)
            enabled: node.text.trim() !== part.vm.node
            text: node.text.trim() === "" ? qsTr("Ask none") : qsTr("Use it")
            onClicked: part.vm.set_node(node.text)
        }
    }
}
