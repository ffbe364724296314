pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The address as a QR code and in six words.
ColumnLayout {
    id: part

    property var shared: ({})

    signal copied(bool card)
    signal saveWanted

    spacing: Theme.space(2)

    SectionHead {
        Layout.fillWidth: true
        text: qsTr("Give your address to somebody")
        line: false
    }
    Rectangle {
        Layout.fillWidth: true
        implicitHeight: inside.implicitHeight + 2 * Theme.space(3)
        radius: Theme.radiusCard
        color: Theme.surface
        border.width: Theme.lineControl
        border.color: Theme.hairline

        ColumnLayout {
            id: inside

            x: Theme.space(3)
            y: Theme.space(3)
            width: parent.width - 2 * x
            spacing: Theme.space(2)

            RowLayout {
                spacing: Theme.space(2)

                QrCode {
                    Layout.preferredWidth: Theme.sizeQr
                    Layout.preferredHeight: Theme.sizeQr
                    rows: part.shared.rows ?? []
                    name: part.shared.name ?? ""
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.space(0.5)

                    T {
                        Layout.fillWidth: true
                        role: "bodyStrong"
                        text: part.shared.name ?? ""
                        elide: Text.ElideRight
                    }
                    T {
                        Layout.fillWidth: true
                        role: "small"
                        text: qsTr("They scan it, or compare these six words:")
                        color: Theme.inkSecondary
                        wrapMode: Text.Wrap
                    }
                    Repeater {
                        model: part.shared.words ?? []

                        delegate: T {
                            required property string modelData

                            role: "mono"
                            text: modelData
                        }
                    }
                }
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.space(0.5)

                CmsButton {
                    objectName: "addressCopy"
                    small: true
                    icon: "copy"
                    text: qsTr("Copy address")
                    onClicked: part.copied(false)
                }
                CmsButton {
                    objectName: "cardCopy"
                    small: true
                    kind: "quiet"
                    text: qsTr("Copy card")
                    tip: qsTr("Your name, key and the next key, signed by you")
                    onClicked: part.copied(true)
                }
                CmsButton {
                    objectName: "pictureSave"
                    small: true
                    kind: "quiet"
                    text: qsTr("Save")
                    tip: qsTr("The picture, or a vCard")
                    onClicked: part.saveWanted()
                }
            }
        }
    }
}
