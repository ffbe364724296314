pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "sign"
import "paper"

// The change since it was last seen, then the whole; who signs; what the signature says; and the button that is held.
FocusScope {
    id: page

    required property SignViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar

    Keys.onEscapePressed: page.vm.back()

    PageHeader {
        id: header

        width: parent.width
        title: page.vm.head.page
        subtitle: page.vm.head.title
        back: true
        onBackClicked: page.vm.back()

        T {
            role: "small"
            text: qsTr("Nothing is sent until you have held the button")
            color: Theme.inkSecondary
        }
    }
    Rectangle {
        id: desk

        anchors {
            top: header.bottom
            bottom: parent.bottom
            left: parent.left
            right: side.left
        }
        color: Theme.ground

        ReviewBar {
            id: bar

            x: Math.round((parent.width - width) / 2)
            y: Theme.space(3)
            width: paper.sheetWidth
            atWhole: paper.atWhole
            hasChanges: paper.wholeRow > 0
            onJumped: whole => paper.jump(whole)
        }
        PaperList {
            id: paper

            readonly property int wholeRow: {
                for (let row = 0; row < count; ++row)
                    if (model.data(model.index(row, 0), Qt.UserRole + 1) === "whole")
                        return row;
                return -1;
            }
            readonly property bool atWhole: wholeRow > 0 && indexAt(width / 2, contentY + Theme.space(6)) >= wholeRow

            function jump(whole) {
                positionViewAtIndex(whole ? wholeRow : 0, ListView.Beginning);
            }

            objectName: "signPaper"
            anchors {
                top: bar.bottom
                bottom: parent.bottom
                left: parent.left
                right: parent.right
            }
            sheetWidth: Math.min(width - 2 * Theme.space(3), Theme.sizeSignPaper)
            deskMargin: Theme.space(2)
            model: page.vm.blocks
            focus: true
            Accessible.name: page.vm.head.title
            onPlaceSeen: place => page.vm.seen(place)

            Connections {
                target: page.vm
                function onTextChanged() {
                    paper.begin();
                }
            }
        }
    }
    SignSide {
        id: side

        objectName: "signSide"
        anchors {
            top: header.bottom
            bottom: parent.bottom
            right: parent.right
        }
        width: page.compact ? Theme.sizeSideCompact : Theme.sizePreviewPane
        vm: page.vm
        onDeclined: ask.open()
        onPassphraseWanted: passphrase.ask()
    }
    CmsDialog {
        id: ask

        objectName: "signDecline"
        title: qsTr("Decline this proposal?")
        text: qsTr("It is closed for everybody, and cannot be signed any more. The others see your reason.")
        safeText: qsTr("Go on reading")
        dangerText: qsTr("Decline")
        onDanger: page.vm.decline(reason.text)

        TextInputField {
            id: reason

            Layout.fillWidth: true
            label: qsTr("Your reason, for the others")
            placeholder: qsTr("May stay empty")
        }
    }
    PassphraseDialog {
        id: passphrase

        objectName: "signPassphrase"
        verb: page.vm.head.verb
        onGiven: secret => page.vm.with_passphrase(secret)
    }
}
