import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// How others call this person, and the identity that they get.
FocusScope {
    id: step

    required property FirstRunViewModel vm

    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.space(2)

        StepHead {
            Layout.fillWidth: true
            Layout.bottomMargin: Theme.space(2)
            title: qsTr("What should others call you?")
            text: qsTr("This name is shown beside your signature. It goes into a contract when you sign, and nowhere else.")
        }
        TextInputField {
            objectName: "yourName"
            Layout.fillWidth: true
            focus: true
            label: qsTr("Your name")
            strongLabel: true
            text: step.vm.name
            onEdited: text => step.vm.set_name(text)
        }
        TextInputField {
            objectName: "company"
            Layout.fillWidth: true
            Layout.topMargin: Theme.space(1)
            label: qsTr("Company")
            labelHint: qsTr("optional")
            strongLabel: true
            text: step.vm.organisation
            onEdited: text => step.vm.set_organisation(text)
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.topMargin: Theme.space(2)
            implicitHeight: facts.implicitHeight + 2 * Theme.space(2)
            radius: Theme.radiusCard
            color: Theme.surface
            border.width: Theme.lineControl
            border.color: Theme.hairline

            ColumnLayout {
                id: facts

                x: Theme.space(3)
                y: Theme.space(2)
                width: parent.width - 2 * x
                spacing: Theme.space(1)

                RowLayout {
                    spacing: Theme.space(2)

                    Avatar {
                        name: step.vm.name
                        accent: true
                        size: Theme.sizeAvatarLarge
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0

                        T {
                            Layout.fillWidth: true
                            role: "bodyStrong"
                            text: step.vm.name !== "" ? step.vm.name : qsTr("Your name")
                            elide: Text.ElideRight
                        }
                        T {
                            Layout.fillWidth: true
                            visible: text !== ""
                            text: step.vm.organisation
                            color: Theme.inkSecondary
                            elide: Text.ElideRight
                        }
                    }
                    T {
                        role: "small"
                        text: qsTr("Your identity")
                        color: Theme.inkTertiary
                    }
                }
                Hairline {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.space(0.5)
                    Layout.bottomMargin: Theme.space(0.5)
                    visible: step.vm.did !== ""
                }
                FactRow {
                    visible: step.vm.did !== ""
                    label: qsTr("Key address")
                    value: step.vm.did
                }
                FactRow {
                    visible: step.vm.did !== ""
                    label: qsTr("In words")
                    value: step.vm.inWords
                }
            }
        }
    }
}
