import QtQuick
import Cms.Components
import Cms.ViewModels

// Theme, size of text, motion.
Column {
    id: part

    required property SettingsViewModel vm

    SectionHead {
        width: parent.width
        text: qsTr("Appearance")
    }
    SettingRow {
        width: parent.width
        text: qsTr("Theme")

        Segmented {
            objectName: "settingsTheme"
            options: [qsTr("As the system"), qsTr("Light"), qsTr("Dark")]
            icons: ["monitor", "sun", "moon"]
            current: part.vm.appearance
            onChosen: index => part.vm.set_appearance(index)
        }
    }
    SettingRow {
        width: parent.width
        text: qsTr("Less motion")
        hint: qsTr("No fades, no sliding. Holding to sign shows four steps.")

        SwitchField {
            objectName: "settingsMotion"
            name: qsTr("Less motion")
            checked: part.vm.lessMotion
            onToggled: part.vm.set_less_motion(checked)
        }
    }
    SettingRow {
        width: parent.width
        text: qsTr("Text size")
        hint: qsTr("%L1 %").arg(Math.round(part.vm.scale * 100))

        IconButton {
            objectName: "settingsSmaller"
            icon: "minus"
            tip: qsTr("Smaller text")
            enabled: part.vm.scale > part.vm.smallest
            onClicked: part.vm.set_scale(part.vm.scale - 0.1)
        }
        StepSlider {
            anchors.verticalCenter: parent.verticalCenter
            name: qsTr("Text size")
            from: part.vm.smallest
            to: part.vm.largest
            stepSize: 0.1
            value: part.vm.scale
            onMoved: part.vm.set_scale(value)
        }
        IconButton {
            objectName: "settingsLarger"
            icon: "plus"
            tip: qsTr("Larger text")
            enabled: part.vm.scale < part.vm.largest
            onClicked: part.vm.set_scale(part.vm.scale + 0.1)
        }
    }
}
