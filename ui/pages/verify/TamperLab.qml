pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Change one value, or flip one byte, in a copy; and see which check catches it. The original is never touched.
Rectangle {
    id: lab

    required property VerifyViewModel vm

    implicitHeight: column.height + Theme.space(4)
    radius: Theme.radiusCard
    color: Theme.surface
    border.width: Theme.lineControl
    border.color: Theme.hairlineStrong

    ColumnLayout {
        id: column

        x: Theme.space(2)
        y: Theme.space(2)
        width: parent.width - 2 * x
        spacing: Theme.space(1.5)

        RowLayout {
            Layout.fillWidth: true

            T {
                role: "bodyStrong"
                text: qsTr("Tamper lab")
            }
            T {
                Layout.fillWidth: true
                text: lab.vm.tampered === "" ? qsTr("Change something in a copy, and watch which check catches it.") : lab.vm.tampered + qsTr(" What you see is the copy.")
                color: lab.vm.tampered === "" ? Theme.inkSecondary : Theme.failed
                wrapMode: Text.Wrap
            }
            CmsButton {
                objectName: "labRestore"
                visible: lab.vm.tampered !== ""
                small: true
                text: qsTr("Show the original")
                onClicked: lab.vm.restore()
            }
        }
        CheckField {
            objectName: "labMended"
            text: qsTr("Recompute the file's own digest, as a forger would")
            checked: lab.vm.mended
            onToggled: lab.vm.set_mended(checked)
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.space(1)

            TextInputField {
                id: offset

                objectName: "labOffset"
                Layout.preferredWidth: Theme.space(28)
                label: qsTr("Byte, 0 to %L1").arg(Math.max(0, lab.vm.fileSize - 1))
                text: "1000"
                onAccepted: flip.clicked()
            }
            CmsButton {
                id: flip

                objectName: "labFlip"
                Layout.alignment: Qt.AlignBottom
                text: qsTr("Flip one bit of it")
                onClicked: lab.vm.flip_byte(parseInt(offset.text, 10) || 0)
            }
        }
        ListView {
            objectName: "labTargets"
            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(contentHeight, Theme.space(20))
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: lab.vm.targets
            ScrollBar.vertical: ScrollBar {}

            delegate: CmsButton {
                required property int index
                required property string label
                required property string value

                width: ListView.view.width
                kind: "row"
                small: true
                text: label
                hint: value
                onClicked: lab.vm.change_target(index)
            }
        }
    }
}
