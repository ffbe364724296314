pragma ComponentBehavior: Bound

import QtCore
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Files that belong to the text: dropped here, or chosen; what is signed is their SHA-256.
Item {
    id: form

    required property DraftParts parts

    implicitHeight: column.height

    DropArea {
        id: drop

        objectName: "draftDrop"
        anchors.fill: parent
        keys: ["text/uri-list"]
        onDropped: event => {
            form.parts.attach(event.urls);
            event.accept();
        }
    }
    Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.space(1)
        visible: drop.containsDrag
        radius: Theme.radiusControl
        color: Theme.accentTint
        border.color: Theme.accent
        border.width: Theme.lineControl
    }
    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.space(0.5)

        RowLayout {
            Layout.fillWidth: true
            Layout.rightMargin: -Theme.space(1.5)

            T {
                Layout.fillWidth: true
                role: "bodyStrong"
                text: qsTr("Attachments")
            }
            T {
                role: "small"
                text: qsTr("drop files here, or")
                color: Theme.inkTertiary
            }
            CmsButton {
                objectName: "draftAttach"
                kind: "quiet"
                small: true
                text: qsTr("choose")
                onClicked: chooser.open()
            }
        }
        Repeater {
            model: form.parts.files

            delegate: RowLayout {
                id: file

                required property int index
                required property string name
                required property string detail
                required property string digest

                Layout.fillWidth: true
                spacing: Theme.space(1)
                Accessible.role: Accessible.ListItem
                Accessible.name: name + ", " + detail

                Icon {
                    name: "paperclip"
                    size: Theme.sizeIconSmall
                    color: Theme.inkSecondary
                }
                T {
                    Layout.fillWidth: true
                    role: "small"
                    text: file.name + ", " + file.detail
                    textFormat: Text.PlainText
                    elide: Text.ElideMiddle
                }
                T {
                    role: "mono"
                    text: file.digest.slice(0, 8)
                    color: Theme.inkTertiary
                }
                IconButton {
                    icon: "x"
                    tip: qsTr("Remove %1").arg(file.name)
                    onClicked: form.parts.detach(file.index)
                }
            }
        }
    }
    FileDialog {
        id: chooser

        currentFolder: StandardPaths.writableLocation(StandardPaths.HomeLocation)
        fileMode: FileDialog.OpenFiles
        onAccepted: form.parts.attach(selectedFiles)
    }
}
