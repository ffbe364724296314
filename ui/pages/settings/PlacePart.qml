import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Where contracts live.
Column {
    id: part

    required property SettingsViewModel vm

    spacing: Theme.space(1)

    SectionHead {
        width: parent.width
        text: qsTr("Where contracts live")
    }
    RadioField {
        width: parent.width
        checked: true
        strong: true
        text: qsTr("On this computer")
        hint: qsTr("Nothing to set up, no account. You exchange contracts as files or by mail.")
    }
    RowLayout {
        x: Theme.space(3.5)
        width: parent.width - x
        spacing: Theme.space(1.5)

        T {
            role: "small"
            text: part.vm.size !== "" ? qsTr("%1 in %2").arg(part.vm.size).arg(part.vm.folder) : part.vm.folder
            color: Theme.inkTertiary
            elide: Text.ElideMiddle
            Layout.maximumWidth: part.width - Theme.space(20)
        }
        CmsButton {
            objectName: "settingsFolder"
            kind: "quiet"
            small: true
            text: qsTr("Show folder")
            onClicked: part.vm.show_folder()
        }
    }
}
