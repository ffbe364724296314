pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// Where a file is dropped or chosen, and a digest is asked for.
FocusScope {
    id: place

    property string busy
    property string error
    property string answer

    signal dropped(var urls)
    signal asked(string text)
    signal chooseWanted

    DropArea {
        id: drop

        anchors.fill: parent
        keys: ["text/uri-list", "text/plain"]
        onDropped: event => {
            if (event.hasUrls)
                place.dropped(event.urls);
            else
                place.asked(event.text);
            event.accept();
        }
    }
    ColumnLayout {
        anchors.centerIn: parent
        width: Math.min(Theme.sizeFormWidth, parent.width - 2 * Theme.space(4))
        spacing: Theme.space(3)

        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: inside.height + 2 * Theme.space(5)
            radius: Theme.radiusCard
            color: drop.containsDrag ? Theme.accentTint : Theme.surface
            border.width: Theme.lineControl
            border.color: drop.containsDrag ? Theme.accent : Theme.hairlineStrong

            ColumnLayout {
                id: inside

                x: Theme.space(4)
                y: Theme.space(5)
                width: parent.width - 2 * x
                spacing: Theme.space(2)

                Icon {
                    name: "shield-check"
                    size: Theme.space(4)
                    color: Theme.accentText
                }
                T {
                    Layout.fillWidth: true
                    role: "title"
                    text: drop.containsDrag ? qsTr("Let go to check it") : qsTr("Drop a file to check it")
                    wrapMode: Text.Wrap
                }
                T {
                    Layout.fillWidth: true
                    text: qsTr("An evidence file (.cmsproof), or a certificate in PDF that carries one. Everything is checked on this computer: the text, every signature, the order, the log and the ledger. Nothing is sent anywhere.")
                    color: Theme.inkSecondary
                    wrapMode: Text.Wrap
                }
                CmsButton {
                    objectName: "verifyChoose"
                    kind: "primary"
                    icon: "folder-open"
                    text: qsTr("Choose a file")
                    focus: true
                    onClicked: place.chooseWanted()
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.space(1)

            TextInputField {
                id: digest

                objectName: "verifyDigest"
                Layout.fillWidth: true
                label: qsTr("Or ask for a digest: is it in the log of this installation?")
                placeholder: qsTr("64 hexadecimal digits")
                onAccepted: place.asked(text)
            }
            CmsButton {
                Layout.alignment: Qt.AlignBottom
                text: qsTr("Ask")
                enabled: digest.text.trim() !== ""
                onClicked: place.asked(digest.text)
            }
        }
        T {
            objectName: "verifyAnswer"
            Layout.fillWidth: true
            visible: text !== ""
            text: place.error !== "" ? place.error : place.busy !== "" ? place.busy : place.answer
            color: place.error !== "" ? Theme.failed : Theme.inkSecondary
            wrapMode: Text.Wrap
            Accessible.role: Accessible.AlertMessage
        }
    }
}
