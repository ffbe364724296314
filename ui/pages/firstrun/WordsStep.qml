pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Twelve words to write on paper, then three of them asked back.
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
            Layout.bottomMargin: Theme.space(3)
            title: qsTr("Write these twelve words on paper.")
            text: qsTr("They are the only way back to your keys if this computer is lost. Whoever has them can sign as you. Keep no photo of them, and no copy on a computer.")
        }
        WordsCard {
            Layout.fillWidth: true
            words: step.vm.words
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.space(1)
            spacing: Theme.space(1)

            ScreenshotNote {
                Layout.fillWidth: true
                guard: step.vm.guard
            }
            CardButton {
                vm: step.vm
            }
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.space(1)

            T {
                Layout.fillWidth: true
                role: "bodyStrong"
                text: qsTr("Now three of them")
            }
            T {
                role: "small"
                text: qsTr("from your paper, not from above")
                color: Theme.inkTertiary
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.space(2)

            Repeater {
                model: step.vm.asked.length

                delegate: TextInputField {
                    id: field

                    required property int index
                    readonly property var row: step.vm.asked[index] ?? ({})

                    objectName: "word-" + index
                    Layout.fillWidth: true
                    Layout.preferredWidth: Theme.sizeWordCell
                    focus: index === 0
                    mono: true
                    prefix: String(row.number ?? "")
                    checked: row.right ?? false
                    error: row.wrong ? qsTr("Another word stands there.") : ""
                    Accessible.name: qsTr("Word %1").arg(row.number ?? "")
                    onEdited: text => step.vm.answer(field.row.place, text)
                }
            }
        }
    }
}
