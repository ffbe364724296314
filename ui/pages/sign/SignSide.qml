pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Who signs, the fingerprint, what the signature says, what has to be so, and at the bottom the button.
FocusScope {
    id: side

    required property SignViewModel vm

    signal declined
    signal passphraseWanted

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Hairline {
        vertical: true
        height: parent.height
    }
    Flickable {
        anchors {
            top: parent.top
            bottom: foot.top
            left: parent.left
            right: parent.right
        }
        contentHeight: column.height + Theme.space(5)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        ColumnLayout {
            id: column

            x: Theme.space(3)
            y: Theme.space(3)
            width: parent.width - 2 * x
            spacing: Theme.space(3)

            SignIdentity {
                Layout.fillWidth: true
                identity: side.vm.identity
                identities: side.vm.identities
                onChosen: did => side.vm.choose_identity(did)
            }
            ColumnLayout {
                Layout.fillWidth: true
                visible: side.vm.root !== ""
                spacing: Theme.space(1)

                T {
                    role: "bodyStrong"
                    text: qsTr("Fingerprint of this text")
                }
                T {
                    objectName: "signFingerprint"
                    Layout.fillWidth: true
                    role: "monoWords"
                    text: side.vm.fingerprint.slice(0, 3).join(" ") + "\n" + side.vm.fingerprint.slice(3).join(" ")
                }
                DigestLabel {
                    Layout.fillWidth: true
                    value: side.vm.root
                }
                T {
                    Layout.fillWidth: true
                    role: "small"
                    text: qsTr("The others see the same six words for the same text. Compare them by phone if you want to be sure.")
                    color: Theme.inkSecondary
                    wrapMode: Text.Wrap
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                visible: side.vm.head.says !== ""
                spacing: Theme.space(0.5)

                T {
                    role: "bodyStrong"
                    text: qsTr("Your signature says")
                }
                T {
                    objectName: "signIntent"
                    Layout.fillWidth: true
                    text: side.vm.head.intent
                    wrapMode: Text.Wrap
                }
                T {
                    Layout.fillWidth: true
                    text: side.vm.head.says
                    color: Theme.inkSecondary
                    wrapMode: Text.Wrap
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                visible: side.vm.head.open
                spacing: Theme.space(1.5)

                Repeater {
                    model: side.vm.checks

                    delegate: RowLayout {
                        id: check

                        required property var modelData
                        Layout.fillWidth: true
                        spacing: Theme.space(1)
                        Accessible.role: Accessible.StaticText
                        Accessible.name: modelData.text

                        Icon {
                            name: check.modelData.ok ? "check-circle" : "circle-dashed"
                            size: Theme.sizeIconSmall
                            color: check.modelData.ok ? Theme.passed : Theme.pending
                        }
                        T {
                            Layout.fillWidth: true
                            text: check.modelData.text
                            color: Theme.inkSecondary
                            wrapMode: Text.Wrap
                        }
                    }
                }
            }
        }
    }
    ColumnLayout {
        id: foot

        x: Theme.space(3)
        width: parent.width - 2 * x
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space(3)
        spacing: Theme.space(1)

        T {
            objectName: "signError"
            Layout.fillWidth: true
            visible: side.vm.error !== ""
            text: side.vm.error
            color: Theme.failed
            wrapMode: Text.Wrap
            Accessible.role: Accessible.AlertMessage
        }
        HoldButton {
            objectName: "signHold"
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.sizeButtonLarge
            text: side.vm.head.hold
            holdingText: side.vm.head.holding
            icon: "pen-nib"
            enabled: side.vm.ready && !side.vm.busy
            onHeld: side.vm.held()
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: -Theme.space(1.5)
            Layout.rightMargin: -Theme.space(1.5)

            CmsButton {
                objectName: "signUsePassphrase"
                kind: "quiet"
                text: qsTr("Use passphrase instead")
                enabled: side.vm.ready && !side.vm.busy
                onClicked: side.passphraseWanted()
            }
            Item {
                Layout.fillWidth: true
            }
            CmsButton {
                objectName: "signDeclineButton"
                kind: "quiet"
                text: qsTr("Decline")
                enabled: side.vm.head.open && !side.vm.busy
                onClicked: side.declined()
            }
        }
    }
}
